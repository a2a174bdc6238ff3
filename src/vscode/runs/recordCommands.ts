import path from 'node:path';
import * as vscode from 'vscode';
import { LabError } from '../../core/labError.js';
import { listProcesses, type ProcessInfo } from '../../core/process/processes.js';
import { shellWord } from '../../text/shellWord.js';
import { shellWords } from '../../core/process/shellWords.js';
import { registerCommand } from '../commands.js';
import { commandIds } from '../contributions.js';
import { cpuTime } from '../format.js';
import type { Services } from '../services.js';
import { requireTrust } from '../trust.js';
import { recordingsFolder } from './recordingsFolder.js';

/** The command line that was recorded last in this workspace. */
const lastCommandKey = 'recordProgram.last';

/** Recordings of what is no preset: any program, or a process that runs already. */
export function registerRecordCommands(context: vscode.ExtensionContext, services: Services): void {
  const { runner, reporter } = services;
  const guarded = (action: Promise<unknown>) => action.catch((error: unknown) => reporter.show(error));
  context.subscriptions.push(
    registerCommand(commandIds.recordProgram, () => guarded(recordProgram(context.workspaceState, services))),
    registerCommand(commandIds.attachProcess, () => guarded(attachProcess(services))),
    registerCommand(commandIds.stopRecording, () => runner.stopRecording()),
  );
}

async function recordProgram(state: vscode.Memento, { runner }: Services): Promise<void> {
  if (!requireTrust('Recording a program')) return;
  const folder = await recordingsFolder('Record a Program');
  if (!folder) return;
  const line = await vscode.window.showInputBox({
    title: 'Record a Program',
    prompt: `Runs in ${folder}, without a shell. Quotes and backslashes work as in one.`,
    placeHolder: './program argument…',
    value: state.get<string>(lastCommandKey) ?? '',
    ignoreFocusOut: true,
    validateInput: commandProblem,
  });
  const [program, ...args] = line === undefined ? [] : shellWords(line);
  if (!program) return;
  await state.update(lastCommandKey, line);
  await runner.record({
    folder,
    name: path.basename(program),
    target: { kind: 'program', program, args, cwd: folder },
  });
}

/** Said below the input while it is typed; nothing can be entered that has a problem. */
function commandProblem(line: string): string | undefined {
  try {
    const [program = ''] = shellWords(line);
    return program === '' ? 'A program is needed.' : undefined;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return `${error.message} ${error.remedy?.text ?? ''}`.trim();
  }
}

interface ProcessItem extends vscode.QuickPickItem {
  readonly process: ProcessInfo;
}

async function attachProcess({ runner }: Services): Promise<void> {
  if (!requireTrust('Attaching to a process')) return;
  const folder = await recordingsFolder('Attach to Process');
  if (!folder) return;
  const chosen = await pickProcess();
  if (!chosen) return;
  const time = await vscode.window.showInputBox({
    title: `Attach to ${chosen.name} (${chosen.pid})`,
    prompt: 'For how many seconds? When empty, until you stop it. The process lives on.',
    value: '10',
    ignoreFocusOut: true,
    validateInput: (text) =>
      text.trim() === '' || (Number(text) > 0 && Number(text) <= 86_400)
        ? undefined
        : 'A number up to 86400.',
  });
  if (time === undefined) return;
  await runner.record({
    folder,
    name: chosen.name,
    target: { kind: 'process', pid: chosen.pid },
    ...(time.trim() === '' ? {} : { seconds: Number(time) }),
  });
}

/**
 * The list can be refreshed: the process may have been started after it was opened. It stays when a panel that is
 * still opening takes the focus, or when the user looks a process up elsewhere.
 */
function pickProcess(): Promise<ProcessInfo | undefined> {
  const pick = vscode.window.createQuickPick<ProcessItem>();
  pick.title = 'Attach to Process';
  pick.placeholder = 'Choose one of your processes, busiest first';
  pick.ignoreFocusOut = true;
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.buttons = [{ iconPath: new vscode.ThemeIcon('refresh'), tooltip: 'Refresh' }];
  const fill = async () => {
    pick.busy = true;
    pick.items = (await listProcesses()).map(processItem);
    pick.busy = false;
  };
  return new Promise((resolve, reject) => {
    pick.onDidTriggerButton(() => void fill().catch(reject));
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.process);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
    fill().catch(reject);
  });
}

function processItem(process: ProcessInfo): ProcessItem {
  return {
    label: process.name,
    description: `${process.pid} · ${cpuTime(process.cpuSeconds)} CPU`,
    detail: process.args.map(shellWord).join(' '),
    process,
  };
}
