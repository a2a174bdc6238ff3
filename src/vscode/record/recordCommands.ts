import path from 'node:path';
import * as vscode from 'vscode';
import { resolveCommand } from '../../core/bench/subject.js';
import { commandTarget } from '../../core/perf/target.js';
import { parseCommandLine } from '../../core/process/commandLine.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { Runner } from '../runs/execution/runner.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { Reporter } from '../shared/reporter.js';
import { requireTrust } from '../shared/trust.js';
import { pickCommand, rememberCommand } from './pickCommand.js';
import { pickProcess } from './processPicker.js';
import { recordingsFolder } from './recordingsFolder.js';
import { chooseUnwinding } from './unwinding.js';

/** For gcc and clang: lines, and callers that perf finds cheaply. */
const advice = '-O2 -g -fno-omit-frame-pointer';

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
  if (!requireTrust(vscode.l10n.t('Profiling a command'))) return;
  const title = vscode.l10n.t('Profile a Command');
  const folder = await recordingsFolder(title);
  if (!folder) return;
  const line = await pickCommand(title, folder, state);
  if (line === undefined) return;
  await rememberCommand(line, state);
  const command = parseCommandLine(line);
  const unwinding = await chooseUnwinding(await resolveCommand(command.program, folder), advice, state);
  if (unwinding === 'canceled') return;
  await measurements.record({
    folder,
    name: path.basename(command.program),
    target: commandTarget(command, folder),
    ...unwinding,
  });
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
