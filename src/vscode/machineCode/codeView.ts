import * as vscode from 'vscode';
import type { TaskContext } from '../../core/context.js';
import { listing } from '../../core/machineCode/listing.js';
import { machineCode } from '../../core/machineCode/machineCode.js';
import { withSymbolFolder } from '../../core/symbols/symbolFolders.js';
import { isCanceled } from '../../core/labError.js';
import { heatStep } from '../annotations/annotationText.js';
import { profiledText } from '../annotations/profiledText.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { refOf } from '../shared/codeRef.js';
import { colorIds, machineCodeScheme, settings } from '../shared/contributions.js';
import { readSetting } from '../shared/settings.js';
import { headline } from '../shared/reporter.js';
import { codeDocument, placesAt, type CodeDocument } from './codeDocument.js';
import { codeHover } from './codeHover.js';

/** Documents that are kept for when they are shown again; more are rarely open. */
const mostKept = 10;

/** Machine code as read-only documents: made from a run when they are opened, and again when other samples are chosen. */
export class CodeView
  implements vscode.TextDocumentContentProvider, vscode.DocumentLinkProvider, vscode.HoverProvider
{
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changed.event;
  private readonly documents = new Map<string, Promise<CodeDocument>>();
  private readonly made = new Map<string, CodeDocument>();
  private readonly heat = colorIds.heat.map((background, step) =>
    vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor(background),
      overviewRulerColor: new vscode.ThemeColor(colorIds.ruler[step] as string),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
    }),
  );
  private readonly subscriptions: vscode.Disposable;

  constructor(private readonly shown: ShownProfile) {
    this.subscriptions = vscode.Disposable.from(
      this.changed,
      ...this.heat,
      shown.onDidChoose(() => this.refresh()),
      vscode.window.onDidChangeVisibleTextEditors((editors) =>
        editors.forEach((editor) => this.draw(editor)),
      ),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        for (const editor of vscode.window.visibleTextEditors)
          if (editor.document === document) this.draw(editor);
      }),
      vscode.workspace.registerTextDocumentContentProvider(machineCodeScheme, this),
      vscode.languages.registerDocumentLinkProvider({ scheme: machineCodeScheme }, this),
      vscode.languages.registerHoverProvider({ scheme: machineCodeScheme }, this),
    );
  }

  /** The document, made now. @throws LabError as `machineCode` */
  make(
    uri: vscode.Uri,
    run: ShownRun,
    context: Pick<TaskContext, 'signal' | 'progress'>,
  ): Promise<CodeDocument> {
    const key = uri.toString();
    const { func, copy } = refOf(uri);
    const making = (async () => {
      const { profile } = run.samples;
      const syntax = readSetting(settings.machineCodeSyntax);
      const code = await withSymbolFolder(run.laboratory.lab.packed?.symbols, () =>
        machineCode(profile, func, { syntax, copy }, context),
      );
      // Each file is asked for with every line of it.
      const files = new Map<string, Promise<readonly string[] | undefined>>();
      const lines = (file: string) => {
        const read = files.get(file) ?? this.sourceLines(file, run);
        files.set(file, read);
        return read;
      };
      const rows = await listing(code, { lines }, true);
      const made = codeDocument(code, rows, { event: profile.event, samples: profile.samples.length });
      this.made.set(key, made);
      return made;
    })();
    this.documents.delete(key);
    this.documents.set(key, making);
    for (const oldest of [...this.documents.keys()].slice(0, -mostKept)) {
      this.documents.delete(oldest);
      this.made.delete(oldest);
    }
    making.catch(() => this.documents.delete(key));
    return making;
  }

  /** What an open document shows. */
  of(document: vscode.TextDocument): CodeDocument | undefined {
    return this.made.get(document.uri.toString());
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const run = this.shown.current;
    const known = this.documents.get(uri.toString());
    if (known) return (await known).text;
    // After a reload of the window, as soon as the run is shown again.
    if (run?.run.id !== refOf(uri).runId)
      return vscode.l10n.t(
        'The profile of this machine code isn’t shown. Show its run, then open the machine code again.',
      );
    try {
      return (await this.make(uri, run, { progress: () => undefined })).text;
    } catch (error) {
      return isCanceled(error) ? '' : headline(error);
    }
  }

  /** Branches lead to their targets. */
  provideDocumentLinks(document: vscode.TextDocument): vscode.DocumentLink[] {
    const made = this.of(document);
    if (!made) return [];
    const links: vscode.DocumentLink[] = [];
    made.code.targets.forEach((target, i) => {
      const line = made.lineOf[i] as number;
      if (target < 0 || line >= document.lineCount) return;
      const place = made.written[line - made.heading]?.target;
      if (!place) return;
      const range = new vscode.Range(line, place.from, line, place.to);
      const fragment = `L${(made.lineOf[target] as number) + 1}`;
      links.push(new vscode.DocumentLink(range, document.uri.with({ fragment })));
    });
    return links;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const made = this.of(document);
    const run = this.shown.current;
    if (!made || run?.run.id !== refOf(document.uri).runId) return undefined;
    const files = new Map<string, string | undefined>();
    for (const { file } of placesAt(made, position.line)) files.set(file, await run.findSource(file));
    const { profile } = run.samples;
    const about = { event: profile.event, samples: profile.samples.length };
    const text = codeHover(made, position.line, about, ({ file, line }) => {
      const found = files.get(file);
      return (
        found &&
        vscode.Uri.file(found)
          .with({ fragment: `L${line}` })
          .toString()
      );
    });
    return text === '' ? undefined : new vscode.Hover(new vscode.MarkdownString(text));
  }

  /** Makes open documents again: other samples, or another syntax. */
  refresh(): void {
    for (const key of this.documents.keys()) {
      this.documents.delete(key);
      this.changed.fire(vscode.Uri.parse(key, true));
    }
  }

  dispose(): void {
    this.subscriptions.dispose();
  }

  private draw(editor: vscode.TextEditor): void {
    const made = this.of(editor.document);
    // Of a document that is made again, the new text comes a moment later.
    if (!made || editor.document.lineCount < made.rows.length) return;
    const { weight } = made.code;
    const most = weight.reduce((a, b) => Math.max(a, b), 0);
    const heated: vscode.Range[][] = this.heat.map(() => []);
    weight.forEach((cost, i) => {
      const line = made.lineOf[i] as number;
      if (cost > 0) heated[heatStep(cost / most)]?.push(new vscode.Range(line, 0, line, 0));
    });
    this.heat.forEach((type, step) => editor.setDecorations(type, heated[step] as vscode.Range[]));
  }

  /** As they were profiled, if that version can be had. */
  private async sourceLines(name: string, run: ShownRun): Promise<readonly string[] | undefined> {
    const file = await run.findSource(name);
    if (file === undefined) return undefined;
    return (await profiledText(vscode.Uri.file(file), [name], run)).lines;
  }
}
