import path from 'node:path';
import * as vscode from 'vscode';
import type { RunDocument } from '../../../model/run.js';
import type { RunDescription } from '../../../core/store/runDescription.js';
import type { SavedRuns } from '../../../core/store/savedRuns.js';

/** Of each lab, where nothing says how many: a bound on what a long history costs. */
export const recentRuns = 200;
const settleMs = 200;

/** A run with what the user says about it. */
export interface DescribedRun {
  readonly run: RunDocument;
  readonly description: RunDescription;
}

/** The saved runs of the window's labs. Saved runs never change, so each is read once. */
export class RunHistory implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Runs came or went, also by the command line or another window. */
  readonly onDidChange = this.changed.event;
  private readonly read = new Map<string, Promise<RunDocument | undefined>>();
  private readonly watchers = new Map<string, vscode.Disposable>();
  private timer: NodeJS.Timeout | undefined;

  /**
   * Newest first; unreadable runs are left out.
   * @param limit number of runs
   */
  async list(store: SavedRuns, limit = recentRuns): Promise<RunDocument[]> {
    this.watch(store);
    const ids = (await store.list()).slice(0, limit);
    const runs = await Promise.all(ids.map((id) => this.load(store, id)));
    return runs.filter((run) => run !== undefined);
  }

  async ofPreset(store: SavedRuns, preset: string): Promise<RunDocument[]> {
    return (await this.list(store)).filter((run) => run.preset.name === preset);
  }

  /** @param limit number of runs */
  async described(store: SavedRuns, limit: number): Promise<DescribedRun[]> {
    const runs = await this.list(store, limit);
    return Promise.all(runs.map(async (run) => ({ run, description: await store.description(run.id) })));
  }

  refresh(): void {
    this.changed.fire();
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.watchers.values(), this.changed).dispose();
  }

  private load(store: SavedRuns, id: string): Promise<RunDocument | undefined> {
    const key = path.join(store.folder, id);
    let run = this.read.get(key);
    if (!run) {
      run = store.load(id).catch(() => {
        // It may be half deleted, or repaired later: the next look tries again.
        this.read.delete(key);
        return undefined;
      });
      this.read.set(key, run);
    }
    return run;
  }

  private watch(store: SavedRuns): void {
    if (this.watchers.has(store.folder)) return;
    const pattern = new vscode.RelativePattern(vscode.Uri.file(store.folder), store.watchPattern);
    const watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
    const soon = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), settleMs);
    };
    this.watchers.set(
      store.folder,
      vscode.Disposable.from(watcher, watcher.onDidCreate(soon), watcher.onDidDelete(soon)),
    );
  }
}
