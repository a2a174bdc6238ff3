import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../../core/files.js';
import { isProfileName } from '../../core/import/fileNames.js';
import { folderContents, type FolderContents } from '../../core/lab/folderContents.js';
import { findProjects } from '../../core/programs/projects.js';
import type { LabService } from '../labs/labService.js';
import { setContext } from '../shared/commands.js';
import { contextKeys, type FolderKind } from '../shared/contributions.js';

/** Several files are written at once, as by a checkout. */
const settleMs = 500;

/**
 * Keeps what the welcome of an empty view depends on. The offers themselves are `viewsWelcome` in package.json, one entry
 * each: a feature adds its own there, with the condition under which it fits.
 */
export function registerWelcome(
  context: vscode.ExtensionContext,
  { labs, log }: { readonly labs: LabService; readonly log: vscode.LogOutputChannel },
): void {
  setContext(contextKeys.viewerOnly, process.platform !== 'linux');
  const update = async () => {
    const folders = vscode.workspace.workspaceFolders ?? [];
    const local = folders.filter(({ uri }) => uri.scheme === 'file');
    const contents = await Promise.all(local.map(({ uri }) => folderContents(uri.fsPath, isProfileName)));
    const projects = await Promise.all(local.map(({ uri }) => findProjects(uri.fsPath)));
    setContext(
      contextKeys.buildable,
      projects.some((found) => found.length > 0),
    );
    const launch = await Promise.all(
      local.map(({ uri }) => exists(path.join(uri.fsPath, '.vscode/launch.json'))),
    );
    setContext(contextKeys.launchable, launch.includes(true));
    setContext(contextKeys.folder, folderKind(folders.length, contents));
    setContext(
      contextKeys.hasProfileFiles,
      contents.some(({ found }) => found.length > 0),
    );
  };
  const refresh = () => void update().catch((error: unknown) => log.error(String(error)));
  let timer: NodeJS.Timeout | undefined;
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(refresh, settleMs);
  };
  let watching = watchFolders(soon);
  context.subscriptions.push(
    labs.onDidChange(refresh),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      watching.dispose();
      watching = watchFolders(soon);
    }),
    {
      dispose: () => {
        clearTimeout(timer);
        watching.dispose();
      },
    },
  );
}

/** What makes a folder a project is at its top. Which files there are matters, not what is in them. */
function watchFolders(changed: () => void): vscode.Disposable {
  const local = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const watchers = local.flatMap((folder) =>
    ['*', '.vscode/launch.json'].map((pattern) =>
      vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, pattern), false, true),
    ),
  );
  return vscode.Disposable.from(
    ...watchers.flatMap((watcher) => [watcher, watcher.onDidCreate(changed), watcher.onDidDelete(changed)]),
  );
}

/** @param contents of the folders on this machine, of `all` of the window */
function folderKind(all: number, contents: readonly FolderContents[]): FolderKind {
  if (all === 0) return 'none';
  if (contents.length === 0) return 'virtual';
  if (contents.every(({ empty }) => empty)) return 'empty';
  return contents.some(({ native }) => native) ? 'native' : 'other';
}
