import * as vscode from 'vscode';
import { colorIds } from '../shared/contributions.js';
import { annotationText, heatStep } from './annotationText.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';

/**
 * Draws annotations. Nothing here moves code: texts stand behind the end of a line, heat is a background of the
 * whole line, and neither has a height of its own.
 */
export class Decorations implements vscode.Disposable {
  private readonly text = vscode.window.createTextEditorDecorationType({
    after: { color: new vscode.ThemeColor(colorIds.annotation), margin: '0 0 0 3ch', fontStyle: 'normal' },
  });
  private readonly heat = colorIds.heat.map((background, step) =>
    vscode.window.createTextEditorDecorationType({
      isWholeLine: true,
      backgroundColor: new vscode.ThemeColor(background),
      overviewRulerColor: new vscode.ThemeColor(colorIds.ruler[step] as string),
      overviewRulerLane: vscode.OverviewRulerLane.Center,
    }),
  );

  draw(editor: vscode.TextEditor, lines: Iterable<{ line: number; annotation: AnnotatedLine }>): void {
    const texts: vscode.DecorationOptions[] = [];
    const heated: vscode.Range[][] = this.heat.map(() => []);
    for (const { line, annotation } of lines) {
      if (line >= editor.document.lineCount) continue;
      const end = editor.document.lineAt(line).range.end;
      const contentText = annotationText(annotation);
      texts.push({ range: new vscode.Range(end, end), renderOptions: { after: { contentText } } });
      if (annotation.cost) heated[heatStep(annotation.cost.heat)]?.push(new vscode.Range(line, 0, line, 0));
    }
    editor.setDecorations(this.text, texts);
    this.heat.forEach((type, step) => editor.setDecorations(type, heated[step] as vscode.Range[]));
  }

  clear(editor: vscode.TextEditor): void {
    for (const type of [this.text, ...this.heat]) editor.setDecorations(type, []);
  }

  dispose(): void {
    vscode.Disposable.from(this.text, ...this.heat).dispose();
  }
}
