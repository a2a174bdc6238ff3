import path from 'node:path';
import * as vscode from 'vscode';
import type { RunDocument } from '../../../model/run.js';
import type { SavedRuns } from '../../../core/store/savedRuns.js';
import type { LabService } from '../../labs/labService.js';

/** Runs read per lab: enough for the tree, and a bound on what a long history costs. */
const maxRuns = 200;
const settleMs = 200;

/** The saved runs of the window's labs. Saved runs never change, so each is read once. */
export class RunHistory implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  /** Runs came or went, also by the command line or another window. */
  readonly onDidChange = this.changed.event;
  private readonly read = new Map<string, Promise<RunDocument | undefined>>();
  private readonly watchers = new Map<string, vscode.Disposable>();
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly labs: LabService) {}

  /** Newest first; unreadable runs are left out. */
  async list(store: SavedRuns): Promise<RunDocument[]> {
    this.watch(store);
    const ids = (await store.list()).slice(0, maxRuns);
    const runs = await Promise.all(ids.map((id) => this.load(store, id)));
    return runs.filter((run) => run !== undefined);
  }

  async ofPreset(store: SavedRuns, preset: string): Promise<RunDocument[]> {
    return (await this.list(store)).filter((run) => run.preset.name === preset);
  }

  async delete(store: SavedRuns, id: string): Promise<void> {
    await store.delete(id);
    this.refresh();
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
    // Nothing is ever saved beside the packaged sample allocator.
    if (
      this.watchers.has(store.folder) ||
      store.folder.startsWith(path.dirname(this.labs.sample.packagedFile))
    ) {
      return;
    }
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
