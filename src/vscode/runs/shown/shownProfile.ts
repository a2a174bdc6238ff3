import * as vscode from 'vscode';
import type { Laboratory } from '../../../core/laboratory.js';
import type { SavedRuns } from '../../../core/store/savedRuns.js';
import type { Profile } from '../../../model/profile.js';
import type { RunDocument } from '../../../model/run.js';
import type { LabService } from '../../labs/labService.js';
import type { SampleChoice } from '../../../wire/protocol.js';
import { setContext } from '../../shared/commands.js';
import { contextKeys, type FunctionRef } from '../../shared/contributions.js';
import { sameChoice, wholeProfile } from './selection.js';
import { ShownRun } from './shownRun.js';

/** The one profile that annotations, hotspots, and status bar show at a time. */
export class ShownProfile implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ShownRun | undefined>();
  readonly onDidChange = this.changed.event;
  private readonly chosen = new vscode.EventEmitter<ShownRun>();
  /** Other samples of the shown run were chosen. */
  readonly onDidChoose = this.chosen.event;
  /** What was dragged last out of the list of hotspots: a webview learns only that something is dropped. */
  dragged: FunctionRef | undefined;
  private readonly subscription: vscode.Disposable;
  private shown: ShownRun | undefined;
  private reading: Promise<unknown> | undefined;

  constructor(labs: LabService) {
    this.subscription = labs.onDidChange(() => this.reclassify(labs));
  }

  get current(): ShownRun | undefined {
    return this.shown;
  }

  /** Set while a saved run is read. It rejects if that fails. */
  get opening(): Promise<unknown> | undefined {
    return this.reading;
  }

  show(laboratory: Laboratory, run: RunDocument, profile: Profile, title?: string): ShownRun {
    const shown = new ShownRun(laboratory, run, profile, undefined, title);
    this.set(shown);
    return shown;
  }

  /** Shows what is in the editor that was activated. */
  activate(run: ShownRun): void {
    if (run !== this.shown) this.set(run);
  }

  /** Shows a saved run. @throws LabError as `SavedRuns.load` and `loadProfile` */
  async open(laboratory: Laboratory, runId: string): Promise<ShownRun> {
    if (this.shown?.run.id === runId && this.shown.laboratory === laboratory) return this.shown;
    const reading = readRun(laboratory.store, runId);
    this.reading = reading;
    const { run, profile, title } = await reading.finally(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    return this.show(await laboratory.forRun(run), run, profile, title);
  }

  /** A saved run as it would be shown, which it isn't. @throws LabError as `open` */
  async read(laboratory: Laboratory, runId: string): Promise<ShownRun> {
    if (this.shown?.run.id === runId && this.shown.laboratory === laboratory) return this.shown;
    const { run, profile, title } = await readRun(laboratory.store, runId);
    return new ShownRun(await laboratory.forRun(run), run, profile, undefined, title);
  }

  /** Chooses samples of a run, which need not be the shown one. */
  choose(run: ShownRun, choice: SampleChoice): void {
    if (sameChoice(run.choice, choice)) return;
    run.choice = choice;
    if (run === this.shown) this.chosen.fire(run);
  }

  /** Takes back what was chosen. */
  chooseAll(): void {
    if (this.shown) this.choose(this.shown, wholeProfile);
  }

  clear(): void {
    if (this.shown) this.set(undefined);
  }

  dispose(): void {
    this.subscription.dispose();
    vscode.Disposable.from(this.changed, this.chosen).dispose();
  }

  /** Categories may have been edited: shown again where that changes anything. */
  private reclassify(labs: LabService): void {
    if (!this.shown) return;
    const { laboratory, recorded } = this.shown;
    const now = labs.entry(laboratory.lab.file)?.laboratory;
    if (!now) return;
    const categories = ({ classifier }: Laboratory) =>
      [...classifier.classifyAll(recorded), ...classifier.names, ...classifier.colors].join('\n');
    if (categories(now) !== categories(laboratory))
      this.replace(this.shown, now.withPacked(laboratory.lab.packed), this.shown.title);
  }

  /** The shown run may have been renamed. */
  async readTitle(): Promise<void> {
    const { shown } = this;
    if (!shown || shown.editor) return;
    const { title } = await shown.laboratory.store.description(shown.run.id);
    if (shown === this.shown && title !== shown.title) this.replace(shown, shown.laboratory, title);
  }

  /** With what was chosen. */
  private replace(before: ShownRun, laboratory: Laboratory, title: string | undefined): void {
    const shown = new ShownRun(laboratory, before.run, before.recorded, before.editor, title);
    shown.choice = before.choice;
    shown.selectedFunction = before.selectedFunction;
    this.set(shown);
  }

  private set(shown: ShownRun | undefined): void {
    this.shown = shown;
    setContext(contextKeys.hasProfile, shown !== undefined);
    this.changed.fire(shown);
  }
}

async function readRun(
  store: SavedRuns,
  id: string,
): Promise<{ readonly run: RunDocument; readonly profile: Profile; readonly title: string | undefined }> {
  const run = await store.load(id);
  const [profile, { title }] = await Promise.all([store.loadProfile(id), store.description(id)]);
  return { run, profile, title };
}
