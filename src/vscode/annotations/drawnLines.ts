import * as vscode from 'vscode';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { asPercent, figureOf, type Figure } from './figure.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';
import type { AnnotatedDocument } from './annotatedDocument.js';
import { annotationText, editNotes, shownCost, visiblePart, type Shown } from './annotationText.js';
import type { DrawnLine, HeatedLine } from './decorations.js';
import type { DocumentDifferences } from './differences.js';
import { differenceColor, differenceHeat, differencesOn, differenceText } from './differenceText.js';

/** What is drawn of a document: costs, or differences to another run where they are given. */
export interface Drawable {
  readonly shown: ShownRun;
  readonly lines: AnnotatedDocument;
  readonly differences: DocumentDifferences | undefined;
}

/** All lines with their heat, for the marks of the whole file. */
export function* heatedLines({ lines, differences }: Drawable, show: Shown): Generator<HeatedLine> {
  for (const { line, annotation } of lines.placed()) {
    const drawn = drawnPart(annotation, differences, show, [], asPercent);
    if (drawn?.heat !== undefined) yield { line, heat: drawn.heat };
  }
}

export function* drawnLines(
  { shown, lines, differences }: Drawable,
  group: number,
  show: Shown,
): Generator<DrawnLine> {
  const figure = figureOf(shown, show.unit);
  let explain = group === 0 && lines.difference === 'other-version';
  for (const { line, annotation, edited } of lines.placed(group)) {
    const notes = annotation.functions.length > 0 ? editNotes(edited) : [];
    if (explain) notes.push(vscode.l10n.t('another version of this file was profiled'));
    const drawn = drawnPart(annotation, differences, show, notes, figure);
    if (!drawn) continue;
    explain = false;
    yield { line, ...drawn };
  }
}

function drawnPart(
  annotation: AnnotatedLine,
  differences: DocumentDifferences | undefined,
  show: Shown,
  notes: readonly string[],
  figure: Figure,
): Omit<DrawnLine, 'line'> | undefined {
  if (differences) {
    const found = differencesOn(annotation, differences, show);
    return (
      found && {
        text: differenceText(found, { ...show, notes }),
        heat: differenceHeat(found, show.kind),
        color: differenceColor(found, show.kind),
      }
    );
  }
  const part = visiblePart(annotation, show);
  if (!part) return undefined;
  const shownNotes = part.functions.length > 0 || annotation.functions.length === 0 ? notes : [];
  return {
    text: annotationText(part, { ...show, notes: shownNotes, figure }),
    heat: part.cost && shownCost(part.cost, show.kind).heat,
  };
}
