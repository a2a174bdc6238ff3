/** A saved run in a few words, the same in tree, status bar, pickers and messages. */
import * as vscode from 'vscode';
import type { BenchResult } from '../../model/benchResult.js';
import type { RunDocument } from '../../model/run.js';
import { figureOf, resultText } from '../../text/benchTexts.js';
import { amountText } from '../../text/eventTexts.js';
import { count, digits3, percent } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import { argumentLine, runLabel } from '../../text/runLabel.js';

/** In a picker, which is 600 pixels wide. */
const shownInPicker = 40;

/** The preset's own result; the others are those of competitors. */
export function ownResult(run: RunDocument): BenchResult | undefined {
  return run.results[0];
}

/** The result of a run in one line: throughput where it was measured, else what else was counted. */
export function runSummary(run: RunDocument): string {
  const own = ownResult(run);
  if (own) return resultText(own);
  const { instructionsPerOp } = run.stat?.derived ?? {};
  if (instructionsPerOp !== undefined)
    return vscode.l10n.t('{0} instructions/op', digits3(instructionsPerOp));
  return runAmount(run) || vscode.l10n.t('no result');
}

/**
 * What a profile is made of: `10,313 samples`, of all its events, or `108M instructions` of an exact count; empty without a
 * profile.
 */
export function runAmount({
  samples,
  counted,
  events = [],
}: Pick<RunDocument, 'samples' | 'counted' | 'events'>): string {
  if (counted) return printable(amountText({ samples, counted }));
  if (samples === null) return '';
  return events.length > 1
    ? vscode.l10n.t('{0} samples of {1} events', count(samples), count(events.length))
    : sampleCount(samples);
}

/** The figure of a measured run without what surrounds it, and its unit where the figure has none: `9.84M` and `ops/s`. */
export function runFigure(run: RunDocument): { readonly figure: string; readonly unit: string } | undefined {
  const own = ownResult(run);
  if (!own) return undefined;
  const { statistics, short } = figureOf(own);
  return { figure: short(statistics.median), unit: own.operation === 'execution' ? '' : 'ops/s' };
}

/** Fewer characters are not worth an ellipsis. */
const leastAlike = 6;

/** How many characters the argument lines of a program's runs begin with alike, up to a word or a part of one; 0 for equal ones. */
export function alikeStart(lines: readonly string[]): number {
  const [first = '', ...others] = new Set(lines.filter(Boolean));
  if (others.length === 0) return 0;
  let end = 0;
  while (end < first.length && others.every((line) => line[end] === first[end])) end++;
  const start = /^.*[\s=/_.:,'"-]/s.exec(first.slice(0, end))?.[0].length ?? 0;
  return start < leastAlike ? 0 : start;
}

/** The same in a picker: what is cut off stands on a second line, with the user's note. */
export function runPick(
  run: RunDocument,
  { title, note }: { readonly title?: string | undefined; readonly note?: string | undefined },
  recording: boolean,
): Pick<vscode.QuickPickItem, 'label' | 'detail'> {
  const label = runLabel(run, title, recording, { longest: shownInPicker });
  const line = recording ? argumentLine(run.preset.args) : '';
  const detail = [label.endsWith(line) ? '' : line, note?.replace(/\s+/g, ' ') ?? '']
    .filter(Boolean)
    .join(' · ');
  return detail ? { label, detail } : { label };
}

/** `1 sample`, `10,313 samples`. */
export function sampleCount(samples: number): string {
  return samples === 1 ? vscode.l10n.t('1 sample') : vscode.l10n.t('{0} samples', count(samples));
}

/**
 * How throughput or time moved from the run before: `▲ 3.2%`, or `≈` where the intervals of the two overlap. Empty where
 * either run has none.
 */
export function trend(now: RunDocument | undefined, before: RunDocument | undefined): string {
  const [x, y] = [before && ownResult(before), now && ownResult(now)];
  if (!x || !y || x.operation !== y.operation) return '';
  const [a, b] = [figureOf(x).statistics, figureOf(y).statistics];
  if (a.median === 0) return '';
  if (a.ci95[0] <= b.ci95[1] && b.ci95[0] <= a.ci95[1]) return '≈';
  const change = b.median / a.median - 1;
  return `${change > 0 ? '▲' : '▼'} ${percent(Math.abs(change))}`;
}
