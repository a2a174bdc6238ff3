import * as vscode from 'vscode';
import type { SourcePlace } from '../../wire/protocol.js';
import type { ShownRun } from '../runs/shown/shownRun.js';

/** Where a function of the shown profile is defined; undefined when it is not known, or another run is shown by now. */
export function definitionOf(
  shown: ShownRun | undefined,
  runId: string,
  func: number,
): SourcePlace | undefined {
  if (shown?.run.id !== runId) return undefined;
  const { functions, strings } = shown.recorded;
  const file = strings[functions.file[func] ?? -1];
  return file === undefined ? undefined : { file, line: functions.line[func] ?? 0 };
}

/**
 * Shows and selects the function's line in editors that have its file open. No file is opened and the focus stays
 * where it is: selecting in the panel does not navigate.
 */
export async function revealFunction(shown: ShownRun, func: number): Promise<void> {
  const place = definitionOf(shown, shown.run.id, func);
  if (!place || place.line === 0) return;
  const file = await shown.findSource(place.file);
  if (file === undefined) return;
  const uri = vscode.Uri.file(file).toString();
  for (const editor of vscode.window.visibleTextEditors) {
    if (editor.document.uri.toString() !== uri) continue;
    const line = editor.document.lineAt(Math.min(place.line, editor.document.lineCount) - 1);
    const position = line.range.start.translate(0, line.firstNonWhitespaceCharacterIndex);
    editor.selection = new vscode.Selection(position, position);
    editor.revealRange(line.range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }
}
