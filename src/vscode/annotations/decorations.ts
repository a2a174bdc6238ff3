import * as vscode from 'vscode';
import { colorIds, heatSteps, type AnnotationStyle } from '../shared/contributions.js';
import { heatStep } from './annotationText.js';

export interface HeatedLine {
  readonly line: number;
  /** 0..1; undefined for a line without a cost of its own. */
  readonly heat: number | undefined;
}

/** What stands behind a line, and how hot it is. */
export interface DrawnLine extends HeatedLine {
  /** Empty for none. */
  readonly text: string;
  /** Id of the text's color; that of all annotations if omitted. */
  readonly color?: string | undefined;
}

/**
 * Draws annotations. Nothing here moves code: texts stand behind the end of a line, heat is a background of the whole
 * line, and neither has a height of its own. Between drawings the editor moves them with the text, as it does with any
 * decoration; so they are drawn in groups, and an edit sends only the group that it changed. Marks on the overview ruler
 * are decorations of their own: they are of the whole file, whichever groups are drawn.
 */
export class Decorations implements vscode.Disposable {
  private readonly groups: Group[] = [];
  private readonly ruler = new Ruler();

  constructor(private readonly style: AnnotationStyle) {}

  /** @param moved whether lines came or went since, with which the editor may have lost what was drawn on them */
  draw(editor: vscode.TextEditor, group: number, lines: Iterable<DrawnLine>, moved = true): void {
    while (this.groups.length <= group) this.groups.push(new Group(this.style));
    this.groups[group]?.draw(editor, lines, moved);
  }

  drawRuler(editor: vscode.TextEditor, lines: Iterable<HeatedLine>): void {
    this.ruler.draw(editor, lines);
  }

  isDrawn(editor: vscode.TextEditor, group: number): boolean {
    return this.groups[group]?.isDrawn(editor) ?? false;
  }

  /** Clears all groups but these. */
  keep(editor: vscode.TextEditor, kept: ReadonlySet<number>): void {
    for (const [at, group] of this.groups.entries()) if (!kept.has(at)) group.clear(editor);
  }

  clear(editor: vscode.TextEditor): void {
    this.keep(editor, new Set());
    this.ruler.draw(editor, []);
  }

  dispose(): void {
    vscode.Disposable.from(this.ruler, ...this.groups).dispose();
  }
}

/** Has types of its own, since VS Code replaces all decorations of a type at once. */
class Group implements vscode.Disposable {
  /** What was drawn last. */
  private readonly drawn = new WeakMap<vscode.TextEditor, string>();
  private readonly text = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor(colorIds.annotation), margin: '0 0 0 3ch', fontStyle: 'normal' },
    rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
  });
  private readonly heat: readonly vscode.TextEditorDecorationType[];

  constructor(style: AnnotationStyle) {
    const hasBackground = style === 'endOfLine' || style === 'codeLens';
    this.heat = colorIds.heat.map((background, step) =>
      vscode.window.createTextEditorDecorationType({
        isWholeLine: true,
        ...(hasBackground && { backgroundColor: new vscode.ThemeColor(background) }),
        ...(style === 'gutter' && { gutterIconPath: gutterBar(step), gutterIconSize: 'contain' }),
        rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
      }),
    );
  }

  isDrawn(editor: vscode.TextEditor): boolean {
    return this.drawn.has(editor);
  }

  draw(editor: vscode.TextEditor, lines: Iterable<DrawnLine>, moved: boolean): void {
    let look = '';
    const texts: vscode.DecorationOptions[] = [];
    const heated: vscode.Range[][] = this.heat.map(() => []);
    for (const { line, text, heat, color } of lines) {
      if (line >= editor.document.lineCount) continue;
      const { range } = editor.document.lineAt(line);
      look += `${line} ${range.end.character} ${heat ?? ''} ${color ?? ''} ${text}\n`;
      const after = { contentText: text, ...(color && { color: new vscode.ThemeColor(color) }) };
      if (text !== '') texts.push({ range, renderOptions: { after } });
      if (heat !== undefined) heated[heatStep(heat)]?.push(range);
    }
    // Typing within a line mostly changes nothing, and every text that is drawn is a rule of the window's style sheet.
    if (!moved && look === this.drawn.get(editor)) return;
    this.drawn.set(editor, look);
    editor.setDecorations(this.text, texts);
    this.heat.forEach((type, step) => editor.setDecorations(type, heated[step] as vscode.Range[]));
  }

  clear(editor: vscode.TextEditor): void {
    if (!this.drawn.delete(editor)) return;
    for (const type of [this.text, ...this.heat]) editor.setDecorations(type, []);
  }

  dispose(): void {
    vscode.Disposable.from(this.text, ...this.heat).dispose();
  }
}

/** More marks than a ruler has pixels only cost time, with each key. */
const rulerMarks = 500;

/** The marks of a file on the overview ruler: of neighboring lines the hottest, where they would share a pixel. */
class Ruler implements vscode.Disposable {
  private readonly drawn = new WeakMap<vscode.TextEditor, string>();
  private readonly heat = colorIds.ruler.map((color) =>
    vscode.window.createTextEditorDecorationType({
      overviewRulerColor: new vscode.ThemeColor(color),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
      rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed,
    }),
  );

  draw(editor: vscode.TextEditor, lines: Iterable<HeatedLine>): void {
    const { lineCount } = editor.document;
    const linesPerMark = Math.max(1, Math.ceil(lineCount / rulerMarks));
    const hottest = new Map<number, { line: number; step: number }>();
    for (const { line, heat } of lines) {
      if (heat === undefined || line >= lineCount) continue;
      const mark = Math.floor(line / linesPerMark);
      const step = heatStep(heat);
      if (step > (hottest.get(mark)?.step ?? -1)) hottest.set(mark, { line, step });
    }
    const marks: vscode.Range[][] = this.heat.map(() => []);
    let look = '';
    for (const { line, step } of hottest.values()) {
      look += `${line} ${step}\n`;
      marks[step]?.push(new vscode.Range(line, 0, line, 0));
    }
    if (look === (this.drawn.get(editor) ?? '')) return;
    this.drawn.set(editor, look);
    this.heat.forEach((type, step) => editor.setDecorations(type, marks[step] as vscode.Range[]));
  }

  dispose(): void {
    vscode.Disposable.from(...this.heat).dispose();
  }
}

/** Icons of the gutter can't have colors of the theme; these stand out on light and dark. The steps of `heatRuler`. */
const barColors = ['#ffb300', '#ff9800', '#ff7a00', '#ff5a1f', '#ff3b30'];

/** The longer, the hotter, so that it also says something without its color. */
function gutterBar(step: number): vscode.Uri {
  const width = (16 * (step + 1)) / heatSteps;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect y="1" width="${width}" height="14" fill="${barColors[step] ?? ''}"/></svg>`;
  return vscode.Uri.parse(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
}
