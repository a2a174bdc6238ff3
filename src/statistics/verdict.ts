import { median } from 'simple-statistics';
import type { Bounds } from './confidenceSequence.js';

/** What a comparison says about B against A. */
export type Verdict = 'slower' | 'faster' | 'equivalent' | 'unclear';

/** The default margin: relative differences up to it don't matter. */
export const defaultMargin = 0.02;

/** Differences are logarithms of ratios of speed, B over A: -0.02 is about 2% slower. */
export function verdictOf({ low, high }: Bounds, margin = defaultMargin): Verdict {
  // An empty interval: no one difference fits all pairs.
  if (low > high) return 'unclear';
  const { lowest, highest } = logMargin(margin);
  if (low >= lowest && high <= highest) return 'equivalent';
  if (high < 0) return 'slower';
  return low > 0 ? 'faster' : 'unclear';
}

/**
 * Whether measuring more pairs is pointless: the verdict stands and the difference is known to the margin, or lies beyond
 * it. The interval is valid at every moment, so ending by its width is as honest as ending by the clock.
 */
export function isSettled({ low, high }: Bounds, margin = defaultMargin): boolean {
  const { lowest, highest } = logMargin(margin);
  switch (verdictOf({ low, high }, margin)) {
    case 'equivalent':
      return true;
    case 'unclear':
      return low > high;
    default:
      return high < lowest || low > highest || high - low <= highest;
  }
}

function logMargin(margin: number): { lowest: number; highest: number } {
  return { lowest: Math.log1p(-margin), highest: Math.log1p(margin) };
}

/**
 * The median of the means of all pairs of differences (Hodges & Lehmann 1963, Ann. Math. Statist. 34:598): steadier than
 * the median where the differences are symmetric. O(n^2), so only for some thousand differences.
 */
export function hodgesLehmann(differences: readonly number[]): number {
  const means: number[] = [];
  differences.forEach((a, i) => {
    for (const b of differences.slice(i)) means.push((a + b) / 2);
  });
  return median(means);
}
