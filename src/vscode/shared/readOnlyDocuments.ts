import * as vscode from 'vscode';

const scheme = 'hakmem-lab';
const stateKey = 'documents';
/** More previews than this are rarely open. */
const mostKept = 10;
/** Characters. VS Code reads what is kept with every window of the workspace. */
const longestKept = 100_000;

/**
 * Markdown that the lab makes, as a rendered preview: the Doctor's answer, the result of a run. A read-only file
 * system rather than a content provider, since the preview watches what it shows.
 */
export class ReadOnlyDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly files = new Map<string, File>();
  private readonly making = new Map<string, Promise<File>>();
  private readonly sources = new Map<string, () => Promise<string>>();
  private readonly registration = vscode.workspace.registerFileSystemProvider(scheme, this, {
    isReadonly: true,
    isCaseSensitive: true,
  });

  /** @param state keeps the documents of the window across a reload */
  constructor(private readonly state: vscode.Memento) {}

  async preview(title: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: pathOf(title) });
    this.files.set(uri.path, fileOf(markdown));
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    if (!this.sources.has(uri.path) && markdown.length <= longestKept) await this.keep(uri.path, markdown);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  /** A document that is made again after a reload, rather than shown as it was. */
  provide(title: string, make: () => Promise<string>): void {
    this.sources.set(pathOf(title), make);
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (uri.path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { content, mtime } = await this.file(uri);
    return { type: vscode.FileType.File, ctime: mtime, mtime, size: content.length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await this.file(uri)).content;
  }

  /** `preview` reports every change itself. */
  watch(): vscode.Disposable {
    return new vscode.Disposable(() => undefined);
  }

  readDirectory(): [string, vscode.FileType][] {
    return [...this.files.keys()].map((path) => [path.slice(1), vscode.FileType.File]);
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    vscode.Disposable.from(this.registration, this.changed).dispose();
  }

  private async file(uri: vscode.Uri): Promise<File> {
    const present = this.files.get(uri.path) ?? (await this.madeAgain(uri.path));
    if (present) return present;
    // The preview also asks for settings files and the like beside the document.
    if (!uri.path.endsWith('.md')) throw vscode.FileSystemError.FileNotFound(uri);
    return fileOf(`${vscode.l10n.t('Run the command again to see this document.')}\n`);
  }

  /** What a window shows again that was reloaded. Asked for several times at once, it's made once. */
  private async madeAgain(path: string): Promise<File | undefined> {
    const make = this.sources.get(path);
    if (make) {
      const making = this.making.get(path) ?? make().then(fileOf);
      this.making.set(path, making);
      this.files.set(path, await making.finally(() => this.making.delete(path)));
    } else {
      const text = this.state.get<Kept>(stateKey)?.[path];
      if (text !== undefined) this.files.set(path, fileOf(text));
    }
    return this.files.get(path);
  }

  private async keep(path: string, markdown: string): Promise<void> {
    const others = Object.entries(this.state.get<Kept>(stateKey) ?? {}).filter(([other]) => other !== path);
    const kept = [...others, [path, markdown] as const].slice(-mostKept);
    await this.state.update(stateKey, Object.fromEntries(kept));
  }
}

/** Texts by path, the oldest first. */
type Kept = Readonly<Record<string, string>>;

interface File {
  readonly content: Uint8Array;
  readonly mtime: number;
}

function fileOf(markdown: string): File {
  return { content: new TextEncoder().encode(markdown), mtime: Date.now() };
}

function pathOf(title: string): string {
  return `/${title.replaceAll('/', '-')}.md`;
}
