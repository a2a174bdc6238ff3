import * as vscode from 'vscode';
import { count, percent } from '../../text/numbers.js';
import type { AnnotatedLine, FunctionCost } from '../runs/shown/sourceCosts.js';
import { heatSteps } from '../shared/contributions.js';

/** From which share of the hottest line each step of heat starts; roughly halving, so that few lines glow. */
const heatFrom = [0, 0.05, 0.12, 0.25, 0.5];

/** 0 (barely warm) to `heatSteps - 1`; the color's index. */
export function heatStep(heat: number): number {
  const step = heatFrom.findLastIndex((from) => heat >= from);
  return Math.min(Math.max(step, 0), heatSteps - 1);
}

/** What of a line is worth showing under a threshold; undefined when nothing is. */
export function visiblePart(line: AnnotatedLine, minimumPercent: number): AnnotatedLine | undefined {
  const functions = line.functions.filter(
    (f) => Math.max(f.selfPercent, f.totalPercent) >= minimumPercent && f.totalPercent > 0,
  );
  const cost = line.cost && line.cost.selfPercent >= minimumPercent ? line.cost : undefined;
  return functions.length > 0 || cost ? { line: line.line, functions, cost } : undefined;
}

/** The text behind a line: the shares and category of its function, the share of the line, or both. */
export function annotationText({ functions, cost }: AnnotatedLine): string {
  const parts = functionParts(functions);
  if (cost) {
    const share = percent(cost.selfPercent / 100);
    parts.push(parts.length > 0 ? vscode.l10n.t('line {0}', share) : share);
  }
  return parts.join(' · ');
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
