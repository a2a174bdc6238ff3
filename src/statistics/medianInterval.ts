import { medianSorted } from 'simple-statistics';
import type { BenchStatistics } from '../model/benchResult.js';

/**
 * Median and its distribution-free 95% confidence interval.
 *
 * The interval is bounded by order statistics x(k) and x(n+1-k), k the largest rank whose coverage
 * 1 - 2 P(Binomial(n, 1/2) < k) is at least 95% (Conover, Practical Nonparametric Statistics, 3.2). Below six
 * samples no pair of ranks covers 95%: then the interval is the whole range.
 */
export function medianInterval(samples: readonly number[]): BenchStatistics {
  if (samples.length === 0) throw new RangeError('medianInterval needs at least one sample');
  const sorted = [...samples].sort((a, b) => a - b);
  const k = lowerRank(sorted.length);
  return {
    median: medianSorted(sorted),
    ci95: [sorted[k - 1] as number, sorted[sorted.length - k] as number],
    samples: [...samples],
  };
}

/** False if there are too few samples for a 95% interval, and `ci95` is their range. */
export function reaches95({ samples }: BenchStatistics): boolean {
  return samples.length >= 6;
}

/** 1-based rank of the interval's lower bound; 1 (the minimum) if 95% can't be reached. */
function lowerRank(n: number): number {
  let tail = 0;
  let probability = 0.5 ** n;
  let rank = 1;
  for (let k = 1; k <= n / 2; k++) {
    tail += probability;
    if (2 * tail > 0.05) break;
    rank = k;
    probability *= (n - k + 1) / k;
  }
  return rank;
}
