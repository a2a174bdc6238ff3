import { bytes, digits3, opsPerSec, percent, ratio } from '../../text/numbers.js';
import type { CriterionResult } from './criteria.js';

const units: Record<string, (value: number) => string> = {
  share: (value) => percent(value / 100),
  throughput: opsPerSec,
  memory: (value) => bytes(value * 2 ** 20),
};

function valueText({ criterion }: CriterionResult, value: number): string {
  if (criterion.relativeTo !== undefined) return `${ratio(value)} ${criterion.relativeTo}`;
  return units[criterion.measure]?.(value) ?? digits3(value);
}

/** `at most 25.0%`. */
export function requiredText(result: CriterionResult): string {
  const { atLeast, atMost } = result.criterion;
  return `${atLeast === undefined ? 'at most' : 'at least'} ${valueText(result, atLeast ?? atMost ?? 0)}`;
}

/** `12.3% (95% CI 11.9% to 12.7%)`; undefined if it wasn't measured. */
export function measuredText(result: CriterionResult): string | undefined {
  const { measured } = result;
  if (!measured) return undefined;
  const { value, low, high } = measured;
  const interval = low === high ? '' : ` (95% CI ${valueText(result, low)} to ${valueText(result, high)})`;
  return valueText(result, value) + interval;
}
