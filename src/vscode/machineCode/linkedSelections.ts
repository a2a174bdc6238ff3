import * as vscode from 'vscode';
import type { Annotations } from '../annotations/annotations.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { machineCodeScheme } from '../shared/contributions.js';
import { linesFrom, placesAt, type CodeDocument } from './codeDocument.js';
import type { CodeView } from './codeView.js';

/** Lines that belong to the selection in the other editor are outlined there, and brought into view. */
export function linkSelections(
  view: CodeView,
  shown: ShownProfile,
  annotations: Annotations,
): vscode.Disposable {
  const outline = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    borderWidth: '1px',
    borderStyle: 'dashed',
    borderColor: new vscode.ThemeColor('focusBorder'),
  });
  /** Counts the selections: of one that was overtaken, nothing is drawn. */
  let newest = 0;

  async function fromCode(editor: vscode.TextEditor, made: CodeDocument, turn: number): Promise<void> {
    const run = shown.current;
    if (!run) return;
    const places = placesAt(made, editor.selection.active.line);
    for (const other of sourceEditors()) {
      // The innermost function that is in this file: its own line, or where another was inlined.
      let line: number | undefined;
      for (const place of places) {
        if ((await run.findSource(place.file)) !== other.document.uri.fsPath) continue;
        line = (await annotations.placeNow(place, run)).line - 1;
        break;
      }
      if (turn !== newest) return;
      outlineLines(other, line === undefined || line >= other.document.lineCount ? [] : [line]);
    }
  }

  async function fromSource(editor: vscode.TextEditor, turn: number): Promise<void> {
    const run = shown.current;
    const profiled = annotations.of(editor.document)?.profiledLine(editor.selection.active.line + 1);
    for (const other of codeEditors()) {
      const made = view.of(other.document);
      if (!run || !made) continue;
      const here = new Set<string>();
      for (const file of new Set(made.code.frames.flatMap((frames) => frames.map((frame) => frame.file))))
        if (file !== undefined && (await run.findSource(file)) === editor.document.uri.fsPath) here.add(file);
      if (turn !== newest) return;
      const lines = linesFrom(made, ({ file, line }) => line === profiled && here.has(file));
      const cost = (line: number) => made.code.weight[made.instructionAt[line] ?? -1] ?? 0;
      outlineLines(
        other,
        lines.sort((a, b) => cost(b) - cost(a)),
      );
    }
  }

  /** @param lines the first is brought into view, if none of them is */
  function outlineLines(editor: vscode.TextEditor, lines: readonly number[]): void {
    const ranges = lines.map((line) => new vscode.Range(line, 0, line, 0));
    editor.setDecorations(outline, ranges);
    const isSeen = ranges.some((range) => editor.visibleRanges.some((part) => part.contains(range)));
    if (ranges[0] && !isSeen)
      editor.revealRange(ranges[0], vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  const follow = vscode.window.onDidChangeTextEditorSelection(({ textEditor: editor }) => {
    if (editor !== vscode.window.activeTextEditor) return;
    const turn = ++newest;
    const made = view.of(editor.document);
    if (made) {
      editor.setDecorations(outline, []);
      void fromCode(editor, made, turn);
    } else if (editor.document.uri.scheme === 'file' && codeEditors().length > 0) {
      editor.setDecorations(outline, []);
      void fromSource(editor, turn);
    }
  });
  // Without machine code beside it, an outline in the source means nothing.
  const forget = vscode.window.onDidChangeVisibleTextEditors(() => {
    if (codeEditors().length > 0) return;
    newest++;
    for (const editor of sourceEditors()) editor.setDecorations(outline, []);
  });
  return vscode.Disposable.from(outline, follow, forget);
}

function sourceEditors(): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.scheme === 'file');
}

function codeEditors(): vscode.TextEditor[] {
  return vscode.window.visibleTextEditors.filter(({ document }) => document.uri.scheme === machineCodeScheme);
}
