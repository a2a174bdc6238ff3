import * as vscode from 'vscode';

const scheme = 'hakmem-lab';

/**
 * Markdown that the lab makes, as a rendered preview: the Doctor's answer, the result of a run. A read-only file
 * system rather than a content provider, since the preview watches what it shows.
 */
export class ReadOnlyDocuments implements vscode.FileSystemProvider, vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly onDidChangeFile = this.changed.event;
  private readonly files = new Map<string, { readonly content: Uint8Array; readonly mtime: number }>();
  private readonly registration = vscode.workspace.registerFileSystemProvider(scheme, this, {
    isReadonly: true,
    isCaseSensitive: true,
  });

  async preview(title: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${title.replaceAll('/', '-')}.md` });
    this.files.set(uri.path, { content: new TextEncoder().encode(markdown), mtime: Date.now() });
    this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    await vscode.commands.executeCommand('markdown.showPreview', uri);
  }

  stat(uri: vscode.Uri): vscode.FileStat {
    if (uri.path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    const { content, mtime } = this.file(uri);
    return { type: vscode.FileType.File, ctime: mtime, mtime, size: content.length };
  }

  readFile(uri: vscode.Uri): Uint8Array {
    return this.file(uri).content;
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

  private file(uri: vscode.Uri): { readonly content: Uint8Array; readonly mtime: number } {
    const file = this.files.get(uri.path);
    if (file) return file;
    // The preview also asks for settings files and the like beside the document.
    if (!uri.path.endsWith('.md')) throw vscode.FileSystemError.FileNotFound(uri);
    // A window that was reloaded asks for documents whose text is gone.
    const gone = vscode.l10n.t('Run the command again to see this document.');
    return { content: new TextEncoder().encode(`${gone}\n`), mtime: 0 };
  }
}
