import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import { exists, readRegularText } from '../../core/files.js';
import { LAB_FILE_NAME, findLabFile } from '../../core/lab/findLabFile.js';
import { folderLab } from '../../core/lab/folderLab.js';
import { labFolder, loadLab, type LoadedLab } from '../../core/lab/loadLab.js';
import { Laboratory } from '../../core/laboratory.js';
import { errorText, LabError } from '../../core/labError.js';
import { setContext } from '../shared/commands.js';
import { onSettingChanged, readSetting } from '../shared/settings.js';
import { contextKeys, settings, type PresetRef } from '../shared/contributions.js';
import { SampleAllocator } from './sampleAllocator.js';
import { UserCategories } from './userCategories.js';

/** A lab of this window: read and valid, or with the reason why not. */
export interface LabEntry {
  readonly file: string;
  /**
   * `sample`: the user's copy of the sample allocator, where its folder is open.
   * `recordings`: a workspace folder without a lab file, in which recordings of any program are kept.
   */
  readonly origin: 'workspace' | 'sample' | 'recordings';
  readonly laboratory: Laboratory | undefined;
  readonly error: LabError | undefined;
}

/** Changes of files come in bursts; one reload serves them all. */
const settleMs = 150;

/** Finds the labs of the window and keeps them up to date. The search starts with the first `ready`. */
export class LabService implements vscode.Disposable {
  readonly sample: SampleAllocator;
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;
  private readonly disposables: vscode.Disposable[] = [];
  private readonly userCategories: UserCategories;
  private fileWatchers: vscode.Disposable[] = [];
  private entries: readonly LabEntry[] = [];
  private search: Promise<void> | undefined;
  private generation = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    context: vscode.ExtensionContext,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.userCategories = new UserCategories(log);
    this.sample = new SampleAllocator(
      context.extensionUri.fsPath,
      context.globalStorageUri.fsPath,
      String((context.extension.packageJSON as { version: unknown }).version),
    );
  }

  get all(): readonly LabEntry[] {
    return this.entries;
  }

  /** Searches on the first call; resolves when the labs are known. */
  ready(): Promise<void> {
    if (!this.search) {
      this.watchWorkspace();
      this.search = this.reload();
    }
    return this.search;
  }

  /** Looks for labs again and reads them. */
  async reload(): Promise<void> {
    const generation = ++this.generation;
    const files = await this.findFiles();
    const found = await Promise.all(files.map((file) => this.read(file)));
    found.unshift(...(await this.recordings(found)));
    // A later reload has seen a later state of the disk: its answer counts.
    if (generation !== this.generation) return;
    this.entries = found;
    this.watchFiles(found);
    setContext(
      contextKeys.hasLab,
      found.some((entry) => entry.laboratory && entry.origin !== 'recordings'),
    );
    setContext(contextKeys.searched, true);
    this.changed.fire();
  }

  entry(labFile: string): LabEntry | undefined {
    return this.entries.find((entry) => entry.file === labFile);
  }

  /** The lab in which recordings of a workspace folder are kept: its own, or the folder as it is. */
  ofFolder(folder: string): Laboratory {
    const inside = (entry: LabEntry) => entry.file.startsWith(folder + path.sep) && entry.laboratory;
    const own = this.entries.find(inside)?.laboratory;
    return own ?? this.laboratory(folderLab(folder));
  }

  /**
   * The lab of a preset as its file says now.
   * @throws LabError when the lab file cannot be read or is invalid
   */
  async prepare({ labFile }: Pick<PresetRef, 'labFile'>): Promise<Laboratory> {
    return this.laboratory(await loadLab(labFile));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.generation++;
    vscode.Disposable.from(...this.disposables, ...this.fileWatchers, this.changed).dispose();
  }

  private async findFiles(): Promise<string[]> {
    const files = new Set<string>();
    const folders = vscode.workspace.workspaceFolders ?? [];
    for (const folder of folders) {
      if (folder.uri.scheme !== 'file') continue;
      const named = readSetting(settings.labFile, folder);
      if (named) files.add(path.resolve(folder.uri.fsPath, expandHome(named)));
      else {
        const file = await findLabFile(folder.uri.fsPath, exists, true).catch((error: unknown) => {
          this.log.warn(errorText(error));
          return undefined;
        });
        if (file) files.add(file);
      }
    }
    const named = readSetting(settings.labFile);
    if (folders.length === 0 && named) files.add(path.resolve(os.homedir(), expandHome(named)));
    return [...files];
  }

  /** Folders with recordings and without a lab file. */
  private async recordings(labs: readonly LabEntry[]): Promise<LabEntry[]> {
    const entries: LabEntry[] = [];
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
      if (uri.scheme !== 'file') continue;
      const laboratory = this.laboratory(folderLab(uri.fsPath));
      const { file, folder } = laboratory.lab;
      if (labs.some((lab) => labFolder(lab.file) === folder) || (await laboratory.store.list()).length === 0)
        continue;
      entries.push({ file, origin: 'recordings', laboratory, error: undefined });
    }
    return entries;
  }

  private laboratory(lab: LoadedLab): Laboratory {
    return new Laboratory(lab, this.userCategories.read(), readSetting(settings.keepRuns));
  }

  private async read(file: string): Promise<LabEntry> {
    const inSample = path.dirname(file) === this.sample.folder;
    const entry = { file, origin: inSample ? ('sample' as const) : ('workspace' as const) };
    try {
      const laboratory = this.laboratory(await loadLab(file));
      return { ...entry, laboratory, error: undefined };
    } catch (error) {
      if (!(error instanceof LabError)) throw error;
      this.log.warn(error.toText());
      return { ...entry, laboratory: undefined, error };
    }
  }

  private watchWorkspace(): void {
    const soon = () => this.reloadSoon();
    const anywhere = vscode.workspace.createFileSystemWatcher(`**/${LAB_FILE_NAME}`);
    this.disposables.push(
      anywhere,
      anywhere.onDidCreate(soon),
      anywhere.onDidDelete(soon),
      anywhere.onDidChange(soon),
      vscode.workspace.onDidChangeWorkspaceFolders(soon),
      // Sooner than the watcher, and also where watching is switched off.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (this.entry(uri.fsPath)) soon();
      }),
      onSettingChanged([settings.labFile, settings.categories, settings.keepRuns], soon),
    );
  }

  /** Lab files outside the workspace (a parent folder's, one that a setting names) need watchers of their own. */
  private watchFiles(entries: readonly LabEntry[]): void {
    vscode.Disposable.from(...this.fileWatchers).dispose();
    this.fileWatchers = entries
      .filter(({ file }) => !vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file)))
      .flatMap(({ file }) => {
        const base = vscode.Uri.file(path.dirname(file));
        const watcher = vscode.workspace.createFileSystemWatcher(
          new vscode.RelativePattern(base, path.basename(file)),
        );
        const soon = () => this.reloadSoon();
        return [watcher, watcher.onDidChange(soon), watcher.onDidCreate(soon), watcher.onDidDelete(soon)];
      });
  }

  private reloadSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.reload(), settleMs);
  }
}

/** The text of a lab file as the editor has it, saved or not. */
export async function labText(file: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.fsPath === file);
  return open ? open.getText() : readRegularText(file);
}

function expandHome(file: string): string {
  return file.startsWith('~/') ? path.join(os.homedir(), file.slice(2)) : file;
}
