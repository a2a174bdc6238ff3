import { shortName } from '../../text/names.js';
import { digits3, percent, seconds, signed } from '../../text/numbers.js';
import type { PartDifference } from '../../views/profileDifferences.js';
import { rangeText, speedText, verdictWord } from './comparisonText.js';
import type { CheckResult } from './gate.js';
import type { Metric } from './measure.js';
import { change } from './progressText.js';
import type { ProfileComparison } from './whereDifferent.js';

/** Rows of text that the terminal and the editor show alike. */

export const checkColumns = [
  'Check',
  'Verdict',
  'Baseline',
  'Now',
  'Change',
  '95% CI',
  'Pairs',
  'Instructions/op',
] as const;

export function checkRow({ name, verdict, comparison, instructions }: CheckResult): string[] {
  const { a, b, metric, ratio, pairs } = comparison;
  return [
    name,
    verdictWord(verdict),
    speedText(a, metric),
    speedText(b, metric),
    ratio ? change(ratio.value) : '—',
    ratio ? rangeText(ratio) : '—',
    String(pairs.length),
    instructions ? `${digits3(instructions.recorded)} → ${digits3(instructions.counted)}` : '—',
  ];
}

/** The columns after the name of a category or function. */
export const partColumns = ['A', 'B', 'Difference', 'Significant'] as const;

/** @param written how names are written, as `distinctNames` of all rows does */
export function partRow(
  { name, a, b, delta, significant }: PartDifference,
  unit: ProfileComparison['unit'],
  written = shortName,
): string[] {
  const number = (value: number) => (unit === 'share' ? percent(value) : seconds(value / 1e9));
  return [written(name), number(a), number(b), signed(delta.value, number), significant ? 'yes' : 'no'];
}

/** What the figures of parts are. @param metric by which the sides were compared */
export function partUnit({ unit, event }: Pick<ProfileComparison, 'unit' | 'event'>, metric: Metric): string {
  if (unit === 'share') return `shares of ${event}`;
  return `time of one ${metric === 'time' ? 'process' : 'operation'}, sampled by ${event}`;
}
