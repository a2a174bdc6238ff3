import * as vscode from 'vscode';
import { command } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';
import type { DocumentDifferences } from './differences.js';
import { differenceLens, differencesOn } from './differenceText.js';
import type { Drawable } from './drawnLines.js';
import { figureOf, type Figure } from './figure.js';
import { editNotes, lensText, visiblePart, type Shown } from './annotationText.js';

/** The figures of functions above them; a click shows the function in the flame graph. */
export function functionLenses(
  { shown, lines, differences }: Drawable,
  runId: string,
  show: Shown,
): vscode.CodeLens[] {
  const lenses: vscode.CodeLens[] = [];
  const figure = figureOf(shown, show.unit);
  for (const { line, annotation, edited } of lines.placed()) {
    const [hottest] = annotation.functions;
    const title = titleOf(annotation, differences, show, editNotes(edited), figure);
    if (!hottest || title === '') continue;
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

/** Empty where nothing is worth showing. */
function titleOf(
  annotation: AnnotatedLine,
  differences: DocumentDifferences | undefined,
  show: Shown,
  notes: readonly string[],
  figure: Figure,
): string {
  if (differences) {
    const func = differencesOn(annotation, differences, show)?.func;
    return func ? differenceLens(func, notes) : '';
  }
  const part = visiblePart(annotation, show);
  return part && part.functions.length > 0 ? lensText(part, notes, figure) : '';
}
