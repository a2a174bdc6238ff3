import * as vscode from 'vscode';
import { errorText, LabError } from '../../../core/labError.js';
import type { PresetRef } from '../../shared/contributions.js';

/** Why a preset has no newer result. */
export interface Failure {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly message: string;
}

const key = 'failures';

/** Presets whose last attempt failed: nothing is saved of it, and "not run yet" would be wrong. */
export class Failures implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly memento: vscode.Memento) {}

  of(preset: PresetRef): Failure | undefined {
    return this.all[nameOf(preset)];
  }

  remember(preset: PresetRef, error: unknown): void {
    const message = error instanceof LabError ? error.message : errorText(error);
    this.set({ ...this.all, [nameOf(preset)]: { at: new Date().toISOString(), message } });
  }

  forget(preset: PresetRef): void {
    const { [nameOf(preset)]: failure, ...rest } = this.all;
    if (failure) this.set(rest);
  }

  dispose(): void {
    this.changed.dispose();
  }

  private get all(): Readonly<Record<string, Failure>> {
    return this.memento.get<Record<string, Failure>>(key, {});
  }

  private set(all: Readonly<Record<string, Failure>>): void {
    void this.memento.update(key, all);
    this.changed.fire();
  }
}

function nameOf({ labFile, preset }: PresetRef): string {
  return JSON.stringify([labFile, preset]);
}
