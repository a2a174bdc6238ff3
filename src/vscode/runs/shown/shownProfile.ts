import * as vscode from 'vscode';
import type { Laboratory } from '../../../core/laboratory.js';
import type { Profile } from '../../../model/profile.js';
import type { RunDocument } from '../../../model/run.js';
import type { LabService } from '../../labs/labService.js';
import { setContext } from '../../shared/commands.js';
import { contextKeys } from '../../shared/contributions.js';
import { ShownRun } from './shownRun.js';

/** The one profile that annotations, panel and status bar show at a time. */
export class ShownProfile implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ShownRun | undefined>();
  readonly onDidChange = this.changed.event;
  private readonly subscription: vscode.Disposable;
  private shown: ShownRun | undefined;

  constructor(labs: LabService) {
    this.subscription = labs.onDidChange(() => this.reclassify(labs));
  }

  get current(): ShownRun | undefined {
    return this.shown;
  }

  show(laboratory: Laboratory, run: RunDocument, profile: Profile): ShownRun {
    const shown = new ShownRun(laboratory, run, profile);
    this.set(shown);
    return shown;
  }

  /** Shows a saved run. @throws LabError as `SavedRuns.load` and `loadProfile` */
  async open(laboratory: Laboratory, runId: string): Promise<ShownRun> {
    if (this.shown?.run.id === runId && this.shown.laboratory === laboratory) return this.shown;
    const run = await laboratory.store.load(runId);
    return this.show(laboratory, run, await laboratory.store.loadProfile(runId));
  }

  clear(): void {
    if (this.shown) this.set(undefined);
  }

  dispose(): void {
    this.subscription.dispose();
    this.changed.dispose();
  }

  /** Categories may have been edited: shown again where that changes anything. */
  private reclassify(labs: LabService): void {
    if (!this.shown) return;
    const { laboratory, run, recorded } = this.shown;
    const now = labs.entry(laboratory.lab.file)?.laboratory;
    if (!now) return;
    const categories = ({ classifier }: Laboratory) =>
      [...classifier.names, ...classifier.colors, ...classifier.classifyAll(recorded)].join('\n');
    if (categories(now) !== categories(laboratory)) this.show(now, run, recorded);
  }

  private set(shown: ShownRun | undefined): void {
    this.shown = shown;
    setContext(contextKeys.hasProfile, shown !== undefined);
    this.changed.fire(shown);
  }
}
