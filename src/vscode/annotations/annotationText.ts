import * as vscode from 'vscode';
import { count, percent } from '../../text/numbers.js';
import type { AnnotatedLine, FunctionCost, LineCost } from '../runs/shown/sourceCosts.js';
import { heatSteps, type AnnotationStyle, type LineCostKind } from '../shared/contributions.js';

/** From which share of the hottest line each step of heat starts; roughly halving, so that few lines glow. */
const heatFrom = [0, 0.05, 0.12, 0.25, 0.5];

/** What of the annotations is shown. */
export interface Shown {
  readonly minimumPercent: number;
  readonly kind: LineCostKind;
  readonly style: AnnotationStyle;
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
): { readonly percent: number; readonly heat: number } {
  return kind === 'total'
    ? { percent: cost.totalPercent, heat: cost.totalPercent / 100 }
    : { percent: cost.selfPercent, heat: cost.heat };
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
  { kind, style, notes = [] }: Omit<Shown, 'minimumPercent'> & { readonly notes?: readonly string[] },
): string {
  if (style === 'gutter' || style === 'ruler') return '';
  const parts = style === 'codeLens' ? [] : functionParts(functions);
  if (cost) {
    const share = percent(shownCost(cost, kind).percent / 100);
    const text = kind === 'total' ? vscode.l10n.t('total {0}', share) : share;
    parts.push(functions.length > 0 ? vscode.l10n.t('line {0}', text) : text);
  }
  return [...parts, ...(style === 'codeLens' && functions.length > 0 ? [] : notes)].join(' · ');
}

/** The same of functions alone, above them. */
export function lensText({ functions }: AnnotatedLine, notes: readonly string[]): string {
  return [...functionParts(functions), ...notes].join(' · ');
}

function functionParts(functions: readonly FunctionCost[]): string[] {
  const [hottest] = functions;
  if (!hottest) return [];
  // Totals of several functions overlap where they call one another: only the self shares add up.
  const self = functions.reduce((sum, f) => sum + f.selfPercent, 0);
  return [
    vscode.l10n.t('self {0}', percent(self / 100)),
    functions.length === 1
      ? vscode.l10n.t('total {0}', percent(hottest.totalPercent / 100))
      : vscode.l10n.t('{0} functions', count(functions.length)),
    hottest.category,
  ];
}

/** Of a function. */
export function editNotes(edited: boolean): string[] {
  return edited ? [vscode.l10n.t('edited since')] : [];
}
