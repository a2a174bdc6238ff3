import path from 'node:path';
import * as vscode from 'vscode';
import { LabError } from '../../core/labError.js';
import { shellWords } from '../../core/process/shellWords.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { Runner } from '../runs/execution/runner.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { Reporter } from '../shared/reporter.js';
import { requireTrust } from '../shared/trust.js';
import { pickProcess } from './processPicker.js';
import { recordingsFolder } from './recordingsFolder.js';

/** The command line that was recorded last in this workspace. */
const lastCommandKey = 'recordProgram.last';

/** Seconds in a day: the longest recording that a time can be set for. */
const longest = 86_400;

interface Parts {
  readonly runner: Runner;
  readonly measurements: Measurements;
  readonly reporter: Reporter;
}

/** Recordings that need no preset: of any program, or of a process that runs already. */
export function registerRecordCommands(context: vscode.ExtensionContext, parts: Parts): void {
  const { runner, measurements, reporter } = parts;
  context.subscriptions.push(
    registerCommand(
      commandIds.recordProgram,
      reporter.guard(() => recordProgram(context.workspaceState, measurements)),
    ),
    registerCommand(
      commandIds.attachProcess,
      reporter.guard(() => attachProcess(measurements)),
    ),
    registerCommand(commandIds.stopRecording, () => runner.stopRecording()),
  );
}

async function recordProgram(state: vscode.Memento, measurements: Measurements): Promise<void> {
  if (!requireTrust(vscode.l10n.t('Recording a program'))) return;
  const title = vscode.l10n.t('Record Program');
  const folder = await recordingsFolder(title);
  if (!folder) return;
  const line = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Runs in {0}, without a shell. Quotes and backslashes work as in a shell.', folder),
    placeHolder: vscode.l10n.t('./program argument...'),
    value: state.get<string>(lastCommandKey) ?? '',
    ignoreFocusOut: true,
    validateInput: commandProblem,
  });
  const [program, ...args] = line === undefined ? [] : shellWords(line);
  if (!program) return;
  await state.update(lastCommandKey, line);
  await measurements.record({
    folder,
    name: path.basename(program),
    target: { kind: 'program', program, args, cwd: folder },
  });
}

/** Shown below the input while it is typed; nothing can be entered that has a problem. */
function commandProblem(line: string): string | undefined {
  try {
    const [program = ''] = shellWords(line);
    return program === '' ? vscode.l10n.t('Enter a program.') : undefined;
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    return `${error.message} ${error.remedy?.text ?? ''}`.trim();
  }
}

async function attachProcess(measurements: Measurements): Promise<void> {
  if (!requireTrust(vscode.l10n.t('Attaching to a process'))) return;
  const folder = await recordingsFolder(vscode.l10n.t('Attach to Process'));
  if (!folder) return;
  const chosen = await pickProcess();
  if (!chosen) return;
  const time = await vscode.window.showInputBox({
    title: vscode.l10n.t('Attach to {0} ({1})', chosen.name, chosen.pid),
    prompt: vscode.l10n.t(
      'Seconds to record. Leave empty to record until you stop. The process is left running.',
    ),
    value: '10',
    ignoreFocusOut: true,
    validateInput: timeProblem,
  });
  if (time === undefined) return;
  await measurements.record({
    folder,
    name: chosen.name,
    target: { kind: 'process', pid: chosen.pid },
    ...(time.trim() === '' ? {} : { seconds: Number(time) }),
  });
}

function timeProblem(text: string): string | undefined {
  if (text.trim() === '' || (Number(text) > 0 && Number(text) <= longest)) return undefined;
  return vscode.l10n.t('Enter a number of seconds up to {0}.', longest);
}
