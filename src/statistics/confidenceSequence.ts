import { logSignEvidence } from './signEvidence.js';

/** Bounds of an unknown value; infinite before anything is known. */
export interface Bounds {
  readonly low: number;
  readonly high: number;
}

/**
 * An interval of the median of paired differences that holds at every moment at once: its error probability is at most
 * alpha however often it is read, and whenever measuring ends because of it.
 *
 * After each pair it consists of the values that the signs have too little evidence against (`logSignEvidence` below
 * 1/alpha), intersected with all intervals before. It needs no distribution: only that each difference is as likely above
 * as below the median, whatever happened before, which the random order within each pair provides.
 */
export class ConfidenceSequence {
  private readonly sorted: number[] = [];
  private readonly logLimit: number;
  /** How many of the smallest differences lie below the present interval, and of the largest above it. */
  private outside = 0;
  private bounds: Bounds = { low: -Infinity, high: Infinity };

  constructor(alpha = 0.05) {
    this.logLimit = -Math.log(alpha);
  }

  /** O(log n) comparisons. @returns the interval with this difference */
  add(difference: number): Bounds {
    const { sorted } = this;
    sorted.splice(insertionIndex(sorted, difference), 0, difference);
    const n = sorted.length;
    while (this.outside < n / 2 && logSignEvidence(this.outside, n) >= this.logLimit) this.outside++;
    while (this.outside > 0 && logSignEvidence(this.outside - 1, n) < this.logLimit) this.outside--;
    if (this.outside > 0) {
      this.bounds = {
        low: Math.max(this.bounds.low, sorted[this.outside - 1] as number),
        high: Math.min(this.bounds.high, sorted[n - this.outside] as number),
      };
    }
    return this.bounds;
  }

  /** Empty (`low` above `high`) if no one median fits all pairs: the difference changed while it was measured. */
  get interval(): Bounds {
    return this.bounds;
  }
}

/** The sequence after all of the differences, in the order in which they were measured. */
export function boundsOf(differences: readonly number[], alpha?: number): Bounds {
  const sequence = new ConfidenceSequence(alpha);
  for (const difference of differences) sequence.add(difference);
  return sequence.interval;
}

function insertionIndex(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
