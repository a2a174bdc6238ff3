import * as vscode from 'vscode';
import type { Laboratory } from '../../core/laboratory.js';
import type { Profile } from '../../core/profile/profile.js';
import type { RunDocument } from '../../core/store/runDocument.js';
import { setContext } from '../commands.js';
import { contextKeys } from '../contributions.js';
import { ShownRun } from './shownRun.js';

/** The one profile that annotations, panel and status bar show at a time. */
export class ShownProfile implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<ShownRun | undefined>();
  readonly onDidChange = this.changed.event;
  private shown: ShownRun | undefined;

  get current(): ShownRun | undefined {
    return this.shown;
  }

  show(laboratory: Laboratory, run: RunDocument, profile: Profile): ShownRun {
    const shown = new ShownRun(laboratory, run, profile);
    this.set(shown);
    return shown;
  }

  /** Shows a saved run. @throws LabError `run-unknown` or `profile-corrupt` */
  async open(laboratory: Laboratory, runId: string): Promise<ShownRun> {
    if (this.shown?.run.id === runId && this.shown.laboratory === laboratory) return this.shown;
    const run = await laboratory.store.load(runId);
    return this.show(laboratory, run, await laboratory.store.loadProfile(runId));
  }

  clear(): void {
    if (this.shown) this.set(undefined);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private set(shown: ShownRun | undefined): void {
    this.shown = shown;
    setContext(contextKeys.hasProfile, shown !== undefined);
    this.changed.fire(shown);
  }
}
