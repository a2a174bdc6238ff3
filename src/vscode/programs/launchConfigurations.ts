import path from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../../core/files.js';
import { LabError } from '../../core/labError.js';
import { resolveCommand } from '../../core/bench/subject.js';
import {
  readLaunchConfigurations,
  resolveLaunch,
  type LaunchConfiguration,
} from '../../core/programs/launch.js';
import { commandTarget } from '../../core/perf/target.js';
import type { Measurements } from '../runs/execution/measurements.js';
import { chooseUnwinding } from '../record/unwinding.js';

const advice = '-O2 -g -fno-omit-frame-pointer';

/** The command: profiles what a configuration of launch.json would debug. */
export async function profileLaunchConfiguration(
  folder: vscode.WorkspaceFolder,
  state: vscode.Memento,
  measurements: Measurements,
): Promise<boolean> {
  const configuration = await pickConfiguration(folder);
  if (!configuration) return false;
  const launched = await resolveLaunch(configuration, folder.uri.fsPath, (name, argument) =>
    editorVariable(folder, name, argument),
  );
  if (launched.preLaunchTask !== undefined) await runTask(launched.preLaunchTask, folder);
  const file = await resolveCommand(launched.program, launched.cwd);
  const unwinding = await chooseUnwinding(file, advice, state);
  if (unwinding === 'canceled') return false;
  const { preLaunchTask, name, cwd, ...line } = launched;
  const target = commandTarget({ ...line, program: file }, cwd, name);
  let built = true;
  const result = await measurements.record({
    folder: folder.uri.fsPath,
    name,
    // Built just now; another profile builds it again.
    target: async () => {
      if (!built && preLaunchTask !== undefined) await runTask(preLaunchTask, folder);
      built = false;
      return target;
    },
    ...unwinding,
  });
  return result !== undefined;
}

async function pickConfiguration(folder: vscode.WorkspaceFolder): Promise<LaunchConfiguration | undefined> {
  const file = path.join(folder.uri.fsPath, '.vscode/launch.json');
  const all = (await exists(file)) ? await readLaunchConfigurations(file) : [];
  if (all.length === 0) {
    throw new LabError(
      'program-missing',
      vscode.l10n.t('{0} has no launch configuration of a native program.', folder.name),
      {
        detail: vscode.l10n.t('Looked in {0} for the types cppdbg, lldb-dap, lldb, and gdb.', file),
        remedy: { text: vscode.l10n.t('Add one, or profile a build target or a command.') },
      },
    );
  }
  if (all.length === 1) return all[0];
  const items = all.map((configuration) => ({
    label: configuration.name,
    description: configuration.type,
    detail: configuration.program ?? configuration.target ?? '',
    configuration,
  }));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Profile a Launch Configuration'),
    placeHolder: vscode.l10n.t('Choose what to profile'),
  });
  return chosen?.configuration;
}

/** Variables of launch.json that only the editor knows (Variables Reference). */
async function editorVariable(
  folder: vscode.WorkspaceFolder,
  name: string,
  argument: string,
): Promise<string | undefined> {
  if (name === 'config') {
    const value = vscode.workspace.getConfiguration(undefined, folder).get<unknown>(argument);
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
  }
  if (name === 'command') {
    const value = await vscode.commands.executeCommand<unknown>(argument);
    return typeof value === 'string' ? value : undefined;
  }
  if (name === 'input')
    return vscode.window.showInputBox({
      title: vscode.l10n.t('Value of {0}', argument),
      ignoreFocusOut: true,
    });
  if (name === 'workspaceFolder')
    return vscode.workspace.workspaceFolders?.find((one) => one.name === argument)?.uri.fsPath;
  const file = vscode.window.activeTextEditor?.document.uri.fsPath;
  if (file === undefined) return undefined;
  const { dir, base, ext, name: stem } = path.parse(file);
  const known: Readonly<Record<string, string>> = {
    file,
    fileBasename: base,
    fileBasenameNoExtension: stem,
    fileExtname: ext,
    fileDirname: dir,
    fileWorkspaceFolder: folder.uri.fsPath,
    relativeFile: path.relative(folder.uri.fsPath, file),
    relativeFileDirname: path.relative(folder.uri.fsPath, dir) || '.',
  };
  return known[name];
}

/** Runs a task as debugging would before its start. @throws LabError if it is unknown or fails */
async function runTask(wanted: string, folder: vscode.WorkspaceFolder): Promise<void> {
  const tasks = await vscode.tasks.fetchTasks();
  const inFolder = (task: vscode.Task) => typeof task.scope !== 'object' || task.scope.uri === folder.uri;
  const named = (task: vscode.Task) =>
    wanted === '${defaultBuildTask}'
      ? task.group?.id === vscode.TaskGroup.Build.id && task.group.isDefault
      : task.name === wanted || `${task.source}: ${task.name}` === wanted;
  const task = tasks.find((one) => named(one) && inFolder(one)) ?? tasks.find((one) => named(one));
  if (!task) {
    throw new LabError('build-failed', vscode.l10n.t('There is no task named {0}.', wanted), {
      remedy: { text: vscode.l10n.t('Check "preLaunchTask" in launch.json, and tasks.json.') },
    });
  }
  const status = await ended(task);
  if (status === 0) return;
  throw new LabError('build-failed', vscode.l10n.t('The task {0} failed.', wanted), {
    detail: status === undefined ? '' : vscode.l10n.t('It exited with status {0}.', status),
    remedy: { text: vscode.l10n.t('Its terminal says why.') },
  });
}

/** @returns the exit status; undefined for a task that was ended */
async function ended(task: vscode.Task): Promise<number | undefined> {
  let started: vscode.TaskExecution | undefined;
  return new Promise<number | undefined>((resolve, reject) => {
    const subscriptions = [
      vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution === started) finish(exitCode);
      }),
      // Tasks without a process of their own, such as compound ones.
      vscode.tasks.onDidEndTask(({ execution }) => {
        if (execution === started) setTimeout(() => finish(0), 0);
      }),
    ];
    const finish = (status: number | undefined) => {
      vscode.Disposable.from(...subscriptions).dispose();
      resolve(status);
    };
    vscode.tasks.executeTask(task).then(
      (execution) => (started = execution),
      (error: unknown) => {
        vscode.Disposable.from(...subscriptions).dispose();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
