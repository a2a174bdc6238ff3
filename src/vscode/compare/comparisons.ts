import * as vscode from 'vscode';
import type { Laboratory } from '../../core/laboratory.js';
import { LabError } from '../../core/labError.js';
import { comparedRun } from '../../core/page/comparedRun.js';
import type { ComparedRun } from '../../wire/protocol.js';
import type { RunRef } from '../shared/contributions.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import type { LabService } from '../labs/labService.js';
import type { Reporter } from '../shared/reporter.js';
import { InSource } from './inSource.js';

const baselinesKey = 'hakmemLab.baselines';

/** A run that another one is compared with. */
export interface Wanted {
  readonly slot: ComparedRun['slot'];
  readonly laboratory: Laboratory;
  readonly runId: string;
}

/**
 * Which runs the shown one is compared with: each lab's baseline, kept with the workspace, and one chosen for now. Several
 * runs may be open, each beside its own; one that is opened later is compared with the run that was chosen last.
 */
export class Comparisons implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly sourceChanged = new vscode.EventEmitter<void>();
  /** Whether the source shows differences changed. */
  readonly onDidChangeSource = this.sourceChanged.event;
  private lastOther: RunRef | undefined;
  /** By the id of the run that was shown when it was chosen. */
  private readonly others = new Map<string, RunRef>();
  private readonly inSource = new InSource();

  constructor(
    private readonly memento: vscode.Memento,
    private readonly parts: {
      readonly labs: LabService;
      readonly log: vscode.LogOutputChannel;
      readonly reporter: Reporter;
    },
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

  /** Whether the source shows differences, where there is a run to compare with. */
  get areInSource(): boolean {
    return this.inSource.shown;
  }

  showInSource(shown: boolean): void {
    this.inSource.choose(shown);
    this.sourceChanged.fire();
  }

  /** @param comparing whether the panel has a comparison in front */
  followPanel(comparing: boolean): void {
    if (this.inSource.follow(comparing)) this.sourceChanged.fire();
  }

  /** @param runId the run that is compared with it; undefined if none is shown yet */
  compareWith(other: RunRef, runId: string | undefined): void {
    this.lastOther = other;
    if (runId !== undefined) this.others.set(runId, other);
    this.changed.fire();
  }

  /** Ends every comparison: the baseline of this lab goes too. */
  async clear(labFile: string | undefined): Promise<void> {
    this.lastOther = undefined;
    this.others.clear();
    this.inSource.forget();
    if (labFile !== undefined) {
      const { [labFile]: _, ...rest } = this.baselines;
      await this.memento.update(baselinesKey, rest);
    }
    this.changed.fire();
  }

  /** A run that is gone is reported and left out; the shown run itself is never compared with itself. */
  async of(shown: ShownRun): Promise<ComparedRun[]> {
    const runs: ComparedRun[] = [];
    for (const { slot, laboratory, runId } of this.wanted(shown)) {
      try {
        const { classifier } = shown.laboratory;
        runs.push(await comparedRun(slot, laboratory, runId, { run: shown.run, classifier }));
      } catch (error) {
        if (slot === 'other') {
          this.forget(runId);
          void this.parts.reporter.show(error);
        } else if (error instanceof LabError) this.parts.log.warn(error.toText());
        else throw error;
      }
    }
    return runs;
  }

  /** The run that the source is compared with: the one chosen for now, else the baseline. */
  forSource(shown: ShownRun): Wanted | undefined {
    return this.wanted(shown).at(-1);
  }

  /** A run that can't be read. */
  private forget(runId: string): void {
    if (this.lastOther?.runId === runId) this.lastOther = undefined;
    for (const [of, other] of this.others) if (other.runId === runId) this.others.delete(of);
  }

  private wanted(shown: ShownRun): Wanted[] {
    const labFile = shown.laboratory.lab.file;
    const baseline = this.baselines[labFile];
    const other = this.others.get(shown.run.id) ?? this.lastOther;
    const refs = [
      ...(baseline === undefined ? [] : [{ slot: 'baseline' as const, labFile, runId: baseline }]),
      ...(other === undefined ? [] : [{ slot: 'other' as const, ...other }]),
    ];
    return refs.flatMap(({ slot, labFile: file, runId }) => {
      const laboratory = this.parts.labs.entry(file)?.laboratory;
      return laboratory && runId !== shown.run.id ? [{ slot, laboratory, runId }] : [];
    });
  }

  dispose(): void {
    vscode.Disposable.from(this.changed, this.sourceChanged).dispose();
  }
}
