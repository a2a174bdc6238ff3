import * as vscode from 'vscode';
import { LabError } from '../../core/labError.js';
import { comparedRun } from '../../core/page/comparedRun.js';
import type { ComparedRun } from '../../wire/protocol.js';
import type { RunRef } from '../shared/contributions.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import type { Services } from '../services.js';

const baselinesKey = 'hakmemLab.baselines';

/** Which runs the shown one is compared with: each lab's baseline, kept with the workspace, and one chosen for now. */
export class Comparisons implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private other: RunRef | undefined;

  constructor(
    private readonly memento: vscode.Memento,
    private readonly services: Pick<Services, 'labs' | 'log' | 'reporter'>,
  ) {}

  /** Ids of baselines by lab file. */
  private get baselines(): Readonly<Record<string, string>> {
    return this.memento.get<Record<string, string>>(baselinesKey, {});
  }

  isBaseline({ labFile, runId }: RunRef): boolean {
    return this.baselines[labFile] === runId;
  }

  async setBaseline({ labFile, runId }: RunRef): Promise<void> {
    await this.memento.update(baselinesKey, { ...this.baselines, [labFile]: runId });
    this.changed.fire();
  }

  compareWith(other: RunRef): void {
    this.other = other;
    this.changed.fire();
  }

  /** Nothing is compared any more: the baseline of this lab goes too. */
  async clear(labFile: string | undefined): Promise<void> {
    this.other = undefined;
    if (labFile !== undefined) {
      const { [labFile]: _, ...rest } = this.baselines;
      await this.memento.update(baselinesKey, rest);
    }
    this.changed.fire();
  }

  /** A run that is gone is passed over, and said; one that is the shown run itself shows nothing. */
  async of(shown: ShownRun): Promise<ComparedRun[]> {
    const labFile = shown.laboratory.lab.file;
    const baseline = this.baselines[labFile];
    const wanted = [
      ...(baseline === undefined ? [] : [{ slot: 'baseline' as const, labFile, runId: baseline }]),
      ...(this.other === undefined ? [] : [{ slot: 'other' as const, ...this.other }]),
    ];
    const runs: ComparedRun[] = [];
    for (const { slot, labFile: file, runId } of wanted) {
      const laboratory = this.services.labs.entry(file)?.laboratory;
      if (!laboratory || runId === shown.run.id) continue;
      try {
        const { classifier } = shown.laboratory;
        runs.push(await comparedRun(slot, laboratory.store, runId, { run: shown.run, classifier }));
      } catch (error) {
        if (slot === 'other') {
          this.other = undefined;
          void this.services.reporter.show(error);
        } else if (error instanceof LabError) this.services.log.warn(error.toText());
        else throw error;
      }
    }
    return runs;
  }

  dispose(): void {
    this.changed.dispose();
  }
}
