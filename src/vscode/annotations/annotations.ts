import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { SourcePlace } from '../../wire/protocol.js';
import { registerCommand, setContext } from '../shared/commands.js';
import { changeSetting, onSettingChanged, readSetting } from '../shared/settings.js';
import { commandIds, contextKeys, settings } from '../shared/contributions.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { offerProfiling } from '../shared/messages.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { AnnotatedDocument, indexByRealPath, realPath } from './annotatedDocument.js';
import { visiblePart, type Shown } from './annotationText.js';
import type { Comparisons } from '../compare/comparisons.js';
import type { Reporter } from '../shared/reporter.js';
import { Decorations } from './decorations.js';
import { Differences, type DocumentDifferences } from './differences.js';
import { differencesOn } from './differenceText.js';
import { drawnLines, heatedLines } from './drawnLines.js';
import { functionLenses } from './functionLenses.js';
import { hoverOf } from './hover.js';
import { profiledText, splitLines, type ProfiledText } from './profiledText.js';

/** How long lines wait, so that the panel is sent what it shows at first before they are summed. In milliseconds. */
const afterPanel = 20;

/** How long the marks on the ruler wait for further keys, in milliseconds. */
const rulerPause = 300;

/** Shares behind functions and lines of the source, with a hover; see `Decorations` for how they look. */
export function registerAnnotations(
  context: vscode.ExtensionContext,
  { shown, reporter }: { readonly shown: ShownProfile; readonly reporter: Reporter },
  comparisons: Comparisons,
): Annotations {
  const differences = new Differences(shown, comparisons, reporter);
  const annotations = new Annotations(shown, differences);
  context.subscriptions.push(differences, annotations);
  return annotations;
}

/** A document that the shown profile knows. */
interface Known {
  readonly text: ProfiledText;
  readonly annotations: readonly AnnotatedLine[];
  readonly differences: DocumentDifferences | undefined;
}

/** An annotated document, of the run that it was annotated for. */
interface Annotated {
  readonly shown: ShownRun;
  readonly lines: AnnotatedDocument;
  /** Of the profiled text, where the run says; see `profiledText`. */
  readonly sourceId: string | undefined;
  /** Undefined where shares are shown. */
  readonly differences: DocumentDifferences | undefined;
}

export class Annotations implements vscode.Disposable, vscode.HoverProvider, vscode.CodeLensProvider {
  private readonly changed = new vscode.EventEmitter<void>();
  /** What is annotated in visible editors changed, or whether it is up to date. */
  readonly onDidChange = this.changed.event;
  readonly onDidChangeCodeLenses = this.changed.event;
  /** By document; read when a document is first needed under the shown profile. */
  private known = new Map<vscode.TextDocument, Promise<Known | undefined>>();
  private readonly annotated = new Map<vscode.TextDocument, Annotated>();
  private index: Promise<Map<string, string[]>> = Promise.resolve(new Map());
  /** Follow the settings; held here so that toggling need not wait until a setting is written. */
  private enabled = readSetting(settings.annotationsEnabled);
  private show = readShown();
  private decorations = new Decorations(this.show.style);
  private readonly disposables: vscode.Disposable[];
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly shown: ShownProfile,
    readonly differences: Differences,
  ) {
    this.disposables = [
      { dispose: () => this.decorations.dispose() },
      this.changed,
      shown.onDidChange((run) => this.setRun(run)),
      // Other samples may be in other files.
      shown.onDidChoose((run) => this.setRun(run)),
      differences.onDidChange(() => this.setRun(shown.current)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.update()),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.onScroll(textEditor)),
      vscode.workspace.onDidChangeTextDocument((event) => this.onEdit(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.forget(document)),
      onSettingChanged(
        [
          settings.annotationsEnabled,
          settings.annotationsMinimumPercent,
          settings.annotationsLineCost,
          settings.annotationsStyle,
          settings.annotationsUnit,
        ],
        () => this.followSettings(),
      ),
      // Files may be found elsewhere now.
      onSettingChanged([settings.sourceMap], () => this.setRun(shown.current)),
      vscode.languages.registerHoverProvider({ scheme: 'file' }, this),
      vscode.languages.registerCodeLensProvider({ scheme: 'file' }, this),
      registerCommand(commandIds.toggleAnnotations, () => this.toggle()),
      registerCommand(commandIds.clearAnnotations, () => shown.clear()),
      registerCommand(commandIds.toggleLineCost, () => this.toggleLineCost()),
    ];
  }

  /** Which cost of lines is shown, and from which share. */
  get view(): Shown {
    return this.show;
  }

  /** The annotations of a document that has been visible, when it has any. */
  of(document: vscode.TextDocument): AnnotatedDocument | undefined {
    return this.annotated.get(document)?.lines;
  }

  /** The annotated document that is being read: the active one, else one in view, as while the panel has the focus. */
  get inView(): vscode.TextDocument | undefined {
    const { activeTextEditor: active, visibleTextEditors } = vscode.window;
    const editors = active ? [active, ...visibleTextEditors] : visibleTextEditors;
    return editors.map(({ document }) => document).find((document) => this.annotated.has(document));
  }

  /** By which the profiled version of a document is found; undefined if its run doesn't say. */
  sourceIdOf(document: vscode.TextDocument): string | undefined {
    return this.annotated.get(document)?.sourceId;
  }

  /** Where a line of the profiled source is now: it moves with edits, and is as it was in a file that isn't known. */
  async placeNow(place: SourcePlace, run: ShownRun): Promise<SourcePlace> {
    if (place.line === 0) return place;
    const lines = await this.annotationsOf(place.file, run);
    return { file: place.file, line: lines?.lineNow(place.line) ?? place.line };
  }

  private async annotationsOf(name: string, run: ShownRun): Promise<AnnotatedDocument | undefined> {
    if (run !== this.shown.current) return undefined;
    const file = await run.findSource(name);
    if (file === undefined) return undefined;
    return (await this.resolve(await vscode.workspace.openTextDocument(file)))?.lines;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.Hover | undefined> {
    const annotated = this.annotated.get(document);
    const placed = this.enabled ? annotated?.lines.at(position.line) : undefined;
    const part = placed && visiblePart(placed.annotation, this.show);
    if (!annotated || !part) return undefined;
    const { shown, lines, sourceId, differences } = annotated;
    const hover = await hoverOf(part, shown, {
      differences: differences && { of: differences, here: differencesOn(part, differences, this.show) },
      edited: placed.edited,
      difference: lines.difference,
      canCompare: sourceId !== undefined,
    });
    return new vscode.Hover(hover, document.lineAt(position.line).range);
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const annotated = this.annotated.get(document);
    if (!annotated || !this.enabled || this.show.style !== 'codeLens') return [];
    return functionLenses(annotated, annotated.shown.run.id, this.show);
  }

  dispose(): void {
    clearTimeout(this.timer);
    vscode.Disposable.from(...this.disposables).dispose();
  }

  private followSettings(): void {
    this.enabled = readSetting(settings.annotationsEnabled);
    const { style } = this.show;
    this.show = readShown();
    if (style !== this.show.style) {
      this.decorations.dispose();
      this.decorations = new Decorations(this.show.style);
    }
    this.update();
  }

  private setRun(run: ShownRun | undefined): void {
    this.known = new Map();
    this.annotated.clear();
    this.index = run
      ? delay(afterPanel).then(() => indexByRealPath(run.costs.fileNames(), run.findSource))
      : Promise.resolve(new Map());
    this.update();
  }

  /** Draws what visible editors should show now; cheap for documents that are known. */
  private update(): void {
    for (const editor of vscode.window.visibleTextEditors) void this.updateEditor(editor);
    this.changed.fire();
  }

  private async updateEditor(editor: vscode.TextEditor): Promise<void> {
    const { known } = this;
    const annotated = this.annotated.get(editor.document) ?? (await this.resolve(editor.document));
    // Meanwhile other figures may be shown, whose own update draws, or has drawn.
    if (known !== this.known) return;
    if (annotated && this.enabled) {
      const { lines } = annotated;
      const near = nearGroups(editor, lines);
      for (const group of near) this.draw(editor, annotated, group);
      this.decorations.keep(editor, near);
      this.decorations.drawRuler(editor, heatedLines(annotated, this.show));
    } else this.decorations.clear(editor);
  }

  /** What comes near is drawn, and what is far away no more. */
  private onScroll(editor: vscode.TextEditor): void {
    const annotated = this.annotated.get(editor.document);
    if (!annotated || !this.enabled) return;
    const near = nearGroups(editor, annotated.lines);
    for (const group of near)
      if (!this.decorations.isDrawn(editor, group)) this.draw(editor, annotated, group);
    this.decorations.keep(editor, near);
  }

  private draw(editor: vscode.TextEditor, annotated: Annotated, group: number, moved = true): void {
    this.decorations.draw(editor, group, drawnLines(annotated, group, this.show), moved);
  }

  /** Marks of lines that lost or got their figures; the editor moves the others. */
  private rulersLater(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      for (const editor of vscode.window.visibleTextEditors) {
        const annotated = this.annotated.get(editor.document);
        if (annotated && this.enabled) this.decorations.drawRuler(editor, heatedLines(annotated, this.show));
      }
    }, rulerPause);
  }

  private async resolve(document: vscode.TextDocument): Promise<Annotated | undefined> {
    const shown = this.shown.current;
    if (!shown || document.uri.scheme !== 'file') return undefined;
    const { known } = this;
    let pending = known.get(document);
    if (!pending) {
      pending = this.read(document, shown);
      known.set(document, pending);
    }
    const found = await pending;
    // Meanwhile another profile may be shown, or the document closed.
    if (known !== this.known || !known.has(document)) return undefined;
    const present = this.annotated.get(document);
    if (present || !found) return present;
    const { text, annotations, differences } = found;
    const now = splitLines(document.getText());
    const lines = new AnnotatedDocument(document.uri.fsPath, annotations, text.lines, now);
    const annotated = { shown, lines, sourceId: text.id, differences };
    this.annotated.set(document, annotated);
    setContext(
      contextKeys.annotatedFiles,
      [...this.annotated.keys()].map(({ uri }) => uri.fsPath),
    );
    this.changed.fire();
    return annotated;
  }

  private async read(document: vscode.TextDocument, shown: ShownRun): Promise<Known | undefined> {
    const names = (await this.index).get(await realPath(document.uri.fsPath));
    if (!names) return undefined;
    const text = await profiledText(document.uri, names, shown);
    const annotations = shown.costs.ofFiles(names);
    return {
      text,
      annotations,
      differences: await this.differences.of(document.uri, annotations, text.lines),
    };
  }

  private onEdit({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const annotated = this.annotated.get(document);
    if (!annotated || contentChanges.length === 0) return;
    const { lines } = annotated;
    const before = lines.difference;
    const changes = contentChanges.map(({ range, text }) => ({
      startLine: range.start.line,
      endLine: range.end.line,
      text,
    }));
    const groups = lines.apply(changes, {
      count: document.lineCount,
      at: (line) => document.lineAt(line).text,
    });
    const moved = changes.some(
      ({ startLine, endLine, text }) => startLine !== endLine || /[\r\n]/.test(text),
    );
    if (this.enabled)
      for (const editor of vscode.window.visibleTextEditors)
        if (editor.document === document) {
          for (const group of groups)
            if (this.decorations.isDrawn(editor, group)) this.draw(editor, annotated, group, moved);
          if (groups.size > 0) this.rulersLater();
        }
    if (before !== lines.difference) this.changed.fire();
  }

  private forget(document: vscode.TextDocument): void {
    this.known.delete(document);
    this.annotated.delete(document);
  }

  private async toggle(): Promise<void> {
    this.enabled = !this.enabled;
    this.update();
    if (this.enabled && !this.shown.current) {
      void offerProfiling(vscode.l10n.t('There is no profile to show yet. Profile a preset first.'));
    }
    await changeSetting(settings.annotationsEnabled, this.enabled);
  }

  private async toggleLineCost(): Promise<void> {
    const kind = this.show.kind === 'self' ? 'total' : 'self';
    this.show = { ...this.show, kind };
    this.update();
    await changeSetting(settings.annotationsLineCost, kind);
  }
}

function nearGroups({ visibleRanges }: vscode.TextEditor, lines: AnnotatedDocument): ReadonlySet<number> {
  return lines.groupsNear(visibleRanges.map(({ start, end }) => ({ from: start.line, to: end.line })));
}

function readShown(): Shown {
  return {
    minimumPercent: readSetting(settings.annotationsMinimumPercent),
    kind: readSetting(settings.annotationsLineCost),
    style: readSetting(settings.annotationsStyle),
    unit: readSetting(settings.annotationsUnit),
  };
}
