import path from 'node:path';
import * as vscode from 'vscode';
import { findLabFile } from '../../core/lab/findLabFile.js';
import { LabError } from '../../core/labError.js';
import type { FunctionShare } from '../../model/profileDocument.js';
import type { RunDocument } from '../../model/run.js';
import { resultDetails } from '../../text/benchTexts.js';
import { percent } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { ownResult } from '../shared/runTexts.js';
import { taskProgram, type TaskProperties } from './taskProgram.js';

/** How many functions a task prints, and the smallest share in percent that is worth a line. */
const top = 10;
const smallest = 1;

type Definition = vscode.TaskDefinition & TaskProperties;

/** Profiling as a task: bound to a key, or before and after others. What it prints suits the problem matcher. */
export class LabTasks implements vscode.TaskProvider {
  static readonly type = 'hakmem-lab';

  constructor(private readonly measurements: Measurements) {}

  /** Presets are offered by their view: no task is made up. */
  provideTasks(): vscode.Task[] {
    return [];
  }

  resolveTask(task: vscode.Task): vscode.Task {
    const definition = task.definition as Definition;
    const scope = task.scope ?? vscode.TaskScope.Workspace;
    const folder = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
    return new vscode.Task(
      definition,
      scope,
      task.name,
      'HAKMEM Lab',
      new vscode.CustomExecution(() =>
        Promise.resolve(new LabTerminal(() => this.run(definition, folder?.uri.fsPath))),
      ),
      '$hakmem-lab',
    );
  }

  /** @returns what to print; undefined after an error, which was shown */
  private async run(definition: Definition, folder: string | undefined): Promise<string[] | undefined> {
    if (folder === undefined) return undefined;
    const { action, preset } = definition;
    if (preset !== undefined) {
      const labFile = await findLabFile(folder, undefined, true);
      if (labFile === undefined) throw noLabFile(folder, preset);
      const ref = { labFile, preset };
      if (action === 'bench') return benchLines(await this.measurements.run(ref));
      return lines(
        await (action === 'count' ? this.measurements.count(ref) : this.measurements.profile(ref)),
      );
    }
    const target = taskProgram(definition, folder);
    const request = { folder, name: path.basename(target.program), target };
    if (action === 'bench') return benchLines(await this.measurements.benchProgram(request));
    return lines(
      await (action === 'count'
        ? this.measurements.countProgram(request)
        : this.measurements.record(request)),
    );
  }
}

function noLabFile(folder: string, preset: string): LabError {
  return new LabError(
    'lab-file-missing',
    vscode.l10n.t('The task runs the preset {0}, and {1} has no lab file.', preset, folder),
    { remedy: { text: vscode.l10n.t('Give the task a "command" instead, or save a run as a preset.') } },
  );
}

function benchLines(run: RunDocument | undefined): string[] | undefined {
  const own = run && ownResult(run);
  return own && [`${printable(run.preset.name)}: ${resultDetails(own)}`];
}

/** The hottest functions, in the notation of compilers: `FILE:LINE:1: info: 12.3% self in NAME`. */
function lines(shown: ShownRun | undefined): string[] | undefined {
  const hot = shown?.functions.filter(({ selfPercent }) => selfPercent >= smallest);
  return hot?.slice(0, top).map(({ file, line, name, selfPercent }: FunctionShare) => {
    const found = `${percent(selfPercent / 100)} self in ${printable(name)}`;
    return file === null || line === null ? found : `${printable(file)}:${line}:1: info: ${found}`;
  });
}

/** The task's terminal: it prints the result and ends with a status. */
class LabTerminal implements vscode.Pseudoterminal {
  private readonly written = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.written.event;
  private readonly closed = new vscode.EventEmitter<number>();
  readonly onDidClose = this.closed.event;

  constructor(private readonly work: () => Promise<string[] | undefined>) {}

  open(): void {
    void this.work().then(
      (result) => {
        for (const line of result ?? []) this.written.fire(`${line}\r\n`);
        this.closed.fire(result ? 0 : 1);
      },
      (error: unknown) => {
        const text = error instanceof LabError ? error.toText() : String(error);
        this.written.fire(`${text.replaceAll('\n', '\r\n')}\r\n`);
        this.closed.fire(1);
      },
    );
  }

  close(): void {
    vscode.Disposable.from(this.written, this.closed).dispose();
  }
}
