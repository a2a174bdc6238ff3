import * as vscode from 'vscode';
import { count } from '../../text/numbers.js';
import type { AnnotatedLine, FunctionCost, LineCost } from '../runs/shown/sourceCosts.js';
import {
  heatSteps,
  type AnnotationStyle,
  type AnnotationUnit,
  type LineCostKind,
} from '../shared/contributions.js';
import { asPercent, type Figure } from './figure.js';

/** From which share of the hottest line each step of heat starts; roughly halving, so that few lines glow. */
const heatFrom = [0, 0.05, 0.12, 0.25, 0.5];

/** What of the annotations is shown. */
export interface Shown {
  readonly minimumPercent: number;
  readonly kind: LineCostKind;
  readonly style: AnnotationStyle;
  readonly unit: AnnotationUnit;
}

/** How a text is written. */
interface TextOptions extends Omit<Shown, 'minimumPercent' | 'unit'> {
  readonly notes?: readonly string[];
  readonly figure?: Figure;
}

/** 0 (barely warm) to `heatSteps - 1`; the color's index. */
export function heatStep(heat: number): number {
  const step = heatFrom.findLastIndex((from) => heat >= from);
  return Math.min(Math.max(step, 0), heatSteps - 1);
}

/** The cost of a line as it is shown: its own, or with what it calls. */
export function shownCost(
  cost: LineCost,
  kind: LineCostKind,
): { readonly percent: number; readonly samples: number; readonly heat: number } {
  return kind === 'total'
    ? { percent: cost.totalPercent, samples: cost.totalSamples, heat: cost.totalPercent / 100 }
    : { percent: cost.selfPercent, samples: cost.samples, heat: cost.heat };
}

/** What of a line is worth showing; undefined when nothing is. */
export function visiblePart(
  line: AnnotatedLine,
  { minimumPercent, kind }: Pick<Shown, 'minimumPercent' | 'kind'>,
): AnnotatedLine | undefined {
  const functions = line.functions.filter(
    (f) => Math.max(f.selfPercent, f.totalPercent) >= minimumPercent && f.totalPercent > 0,
  );
  const share = line.cost ? shownCost(line.cost, kind).percent : 0;
  const cost = share > 0 && share >= minimumPercent ? line.cost : undefined;
  return functions.length > 0 || cost ? { line: line.line, functions, cost } : undefined;
}

/** The text behind a line: the shares and category of its function, the share of the line, or both; empty for none. */
export function annotationText(
  { functions, cost }: AnnotatedLine,
  { kind, style, notes = [], figure = asPercent }: TextOptions,
): string {
  if (style === 'gutter' || style === 'ruler') return '';
  const parts = style === 'codeLens' ? [] : functionParts(functions, figure);
  if (cost) {
    const share = figure(shownCost(cost, kind));
    const text = kind === 'total' ? vscode.l10n.t('total {0}', share) : share;
    parts.push(functions.length > 0 ? vscode.l10n.t('line {0}', text) : text);
  }
  return [...(style === 'codeLens' && functions.length > 0 ? [] : notes), ...parts].join(' · ');
}

/** The same of functions alone, above them. */
export function lensText(
  { functions }: AnnotatedLine,
  notes: readonly string[],
  figure: Figure = asPercent,
): string {
  return [...notes, ...functionParts(functions, figure)].join(' · ');
}

function functionParts(functions: readonly FunctionCost[], figure: Figure): string[] {
  const [hottest] = functions;
  if (!hottest) return [];
  // Totals of several functions overlap where they call one another: only the self shares add up.
  const sum = (of: (f: FunctionCost) => number) => functions.reduce((all, f) => all + of(f), 0);
  const self = { percent: sum((f) => f.selfPercent), samples: sum((f) => f.selfSamples) };
  return [
    vscode.l10n.t('self {0}', figure(self)),
    functions.length === 1
      ? vscode.l10n.t('total {0}', figure({ percent: hottest.totalPercent, samples: hottest.totalSamples }))
      : vscode.l10n.t('{0} functions', count(functions.length)),
    hottest.category,
  ];
}

/** Of a function. */
export function editNotes(edited: boolean): string[] {
  return edited ? [vscode.l10n.t('edited since')] : [];
}
