import * as vscode from 'vscode';
import { command } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { AnnotatedDocument } from './annotatedDocument.js';
import { editNotes, lensText, visiblePart, type Shown } from './annotationText.js';

/** The figures of functions above them; a click shows the function in the flame graph. */
export function functionLenses(lines: AnnotatedDocument, runId: string, show: Shown): vscode.CodeLens[] {
  const lenses: vscode.CodeLens[] = [];
  for (const { line, annotation, edited } of lines.placed()) {
    const part = visiblePart(annotation, show);
    const [hottest] = part?.functions ?? [];
    if (!part || !hottest) continue;
    const title = lensText(part, editNotes(edited));
    const ref = { runId, func: hottest.func };
    lenses.push(
      new vscode.CodeLens(
        new vscode.Range(line, 0, line, 0),
        command(commandIds.revealInFlameGraph, title, ref),
      ),
    );
  }
  return lenses;
}
