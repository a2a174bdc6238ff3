import * as vscode from 'vscode';
import { escapeMarkdown, markdownTable } from '../../text/markdown.js';
import { percent, signed } from '../../text/numbers.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';
import { colorIds } from '../shared/contributions.js';
import type { Shown } from './annotationText.js';
import type { DocumentDifferences } from './differences.js';
import type { CostDifference, ShareDifference } from './sourceDifference.js';

/** The differences of what stands on a line. */
export interface LineDifferences {
  /** Of the hottest function that is defined here. */
  readonly func: CostDifference | undefined;
  readonly line: CostDifference | undefined;
}

/** @param shown what is worth showing: shares of either run count */
export function differencesOn(
  { line, functions: [hottest], cost }: AnnotatedLine,
  differences: DocumentDifferences,
  { minimumPercent, kind }: Pick<Shown, 'minimumPercent' | 'kind'>,
): LineDifferences | undefined {
  const worth = (...shares: readonly ShareDifference[]) =>
    shares.some(({ a, b }) => Math.max(a, b) > 0 && Math.max(a, b) * 100 >= minimumPercent);
  const ofFunction = hottest && differences.ofFunction(hottest);
  const ofLine = cost && differences.ofLine(line);
  const func = ofFunction && worth(ofFunction.self, ofFunction.total) ? ofFunction : undefined;
  const own = ofLine && worth(ofLine[kind]) ? ofLine : undefined;
  return func || own ? { func, line: own } : undefined;
}

/** The text behind a line, as `annotationText`, of differences. */
export function differenceText(
  { func, line }: LineDifferences,
  { kind, style, notes }: Pick<Shown, 'kind' | 'style'> & { readonly notes: readonly string[] },
): string {
  if (style === 'gutter' || style === 'ruler') return '';
  const parts = style === 'codeLens' || !func ? [] : functionParts(func);
  if (line) {
    const text = signed(line[kind].delta.value, percent);
    const named = kind === 'total' ? vscode.l10n.t('total {0}', text) : text;
    parts.push(func ? vscode.l10n.t('line {0}', named) : named);
  }
  return [...(style === 'codeLens' && func ? [] : notes), ...parts].join(' · ');
}

export function differenceLens(func: CostDifference, notes: readonly string[]): string {
  return [...notes, ...functionParts(func)].join(' · ');
}

function functionParts({ self, total, isNew }: CostDifference): string[] {
  return [
    vscode.l10n.t('self {0}', signed(self.delta.value, percent)),
    vscode.l10n.t('total {0}', signed(total.delta.value, percent)),
    ...(isNew ? [vscode.l10n.t('new')] : []),
  ];
}

/** By the largest of the significant differences on a line; undefined for none. */
export function differenceColor({ func, line }: LineDifferences, kind: Shown['kind']): string | undefined {
  const shares = [...(func ? [func.self, func.total] : []), ...(line ? [line[kind]] : [])];
  const [largest] = shares
    .filter(({ verdict }) => verdict !== 0)
    .sort((x, y) => Math.abs(y.delta.value) - Math.abs(x.delta.value));
  return largest && (largest.verdict > 0 ? colorIds.more : colorIds.less);
}

/** How much more a line costs, where that is significant: 0..1 of all samples, as heat of total shares. */
export function differenceHeat({ line }: LineDifferences, kind: Shown['kind']): number | undefined {
  const share = line?.[kind];
  return share && share.verdict > 0 ? share.delta.value : undefined;
}

/** For the hover: both shares, the difference, and its interval. */
export function differenceTable(
  found: LineDifferences | undefined,
  hasLine: boolean,
  { title, withoutLines }: DocumentDifferences,
): string {
  const rows = [
    ...costRows(found?.func, vscode.l10n.t('Function, self'), vscode.l10n.t('Function, total')),
    ...costRows(found?.line, vscode.l10n.t('Line, self'), vscode.l10n.t('Line, total')),
  ];
  const missing = hasLine && !found?.line ? [withoutLines || changedLine()] : [];
  const heading = vscode.l10n.t('Compared with {0}', escapeMarkdown(title));
  const head = [
    '',
    vscode.l10n.t('Before'),
    vscode.l10n.t('Now'),
    vscode.l10n.t('Difference'),
    vscode.l10n.t('95% CI'),
    '',
  ];
  const cells = [head, ...rows].map((row) => row.map((cell) => `${cell}&nbsp;&nbsp;`));
  const [first = [], ...others] = cells;
  return [
    `$(diff) ${heading}`,
    ...(rows.length > 0 ? [markdownTable(first, [':--', '--:', '--:', '--:', ':--', ':--'], others)] : []),
    ...(found?.func?.isNew ? [vscode.l10n.t('The other run has no samples of this function.')] : []),
    ...missing,
  ].join('\n\n');
}

function changedLine(): string {
  return vscode.l10n.t('This line was changed between the two runs, or isn’t in the other one.');
}

function costRows(difference: CostDifference | undefined, self: string, total: string): string[][] {
  if (!difference) return [];
  const row = (name: string, { a, b, delta, verdict }: ShareDifference) => [
    name,
    percent(a),
    percent(b),
    `**${signed(delta.value, percent)}**`,
    delta.low === delta.high
      ? '–'
      : vscode.l10n.t('{0} to {1}', signed(delta.low, percent), signed(delta.high, percent)),
    verdict === 0 ? vscode.l10n.t('within noise') : vscode.l10n.t('significant (FDR 5%)'),
  ];
  const isThere = ({ a, b }: ShareDifference) => Math.max(a, b) > 0;
  return [
    ...(isThere(difference.self) ? [row(self, difference.self)] : []),
    ...(isThere(difference.total) ? [row(total, difference.total)] : []),
  ];
}
