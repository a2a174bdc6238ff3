import * as vscode from 'vscode';
import type { CMakeToolsExtensionExports, Version } from 'vscode-cmake-tools';

const extensionId = 'ms-vscode.cmake-tools';
/** The oldest version has all that is asked here. */
const version = 1 as Version.v1;
/** What launch.json uses for it; unlike others, it neither builds nor asks. */
const launchTargetCommand = 'cmake.launchTargetNameForSubstitution';

/** What the CMake Tools extension knows of a project. */
export interface CMakeToolsProject {
  /** Configured by the kit or preset that the user chose. */
  readonly buildFolder?: string;
  /** The target that the user chose to launch. */
  readonly launchTarget?: string;
}

/** Empty where the extension isn't installed, doesn't start, or doesn't know the folder: it is a help, never needed. */
export async function cmakeToolsProject(
  folder: string,
  log: (message: string) => void,
): Promise<CMakeToolsProject> {
  const extension = vscode.extensions.getExtension<CMakeToolsExtensionExports | undefined>(extensionId);
  if (!extension) return {};
  try {
    const project = await (await extension.activate())?.getApi(version).getProject(vscode.Uri.file(folder));
    const buildFolder = await project?.getBuildDirectory();
    return {
      ...(buildFolder === undefined ? {} : { buildFolder }),
      ...(project ? await launchTarget() : {}),
    };
  } catch (error) {
    log(`${extensionId}: ${String(error)}`);
    return {};
  }
}

async function launchTarget(): Promise<CMakeToolsProject> {
  if (!(await vscode.commands.getCommands(true)).includes(launchTargetCommand)) return {};
  const name = await vscode.commands.executeCommand<unknown>(launchTargetCommand);
  return typeof name === 'string' && name !== '' ? { launchTarget: name } : {};
}
