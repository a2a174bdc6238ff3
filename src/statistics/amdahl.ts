import { exactly, Z95, type Estimate } from './estimate.js';

/** Samples whose cost changes together: of a category's functions, or of one function. */
interface Cut {
  readonly weight: number;
  /** The remaining part of the cost: 1 unchanged, 0 removed, above 1 more expensive. */
  readonly remaining: number;
}

export interface WhatIf {
  /** Share of the total time that is saved; negative if time is added. */
  readonly removed: Estimate;
  /** New throughput over old; infinite if nothing is left. */
  readonly speedup: Estimate;
  /** Null if the throughput wasn't measured. */
  readonly throughput: Estimate | null;
}

export interface Measured {
  /** Weight of all samples. */
  readonly weight: number;
  /** Number of equally heavy samples with the same information; infinite for complete counts. */
  readonly effective: number;
  /** With its 95% interval. */
  readonly throughput: Estimate | null;
}

/**
 * Throughput after some of the time is saved, by Amdahl's law (1967, AFIPS 30:483): T' = T / (1 - r), where r is the
 * saved share of all time. The cuts must not overlap.
 *
 * r is a mean over samples, each of which saves 1 - remaining of its part: its variance is that of a multinomial
 * mean, (sum p (1 - remaining)^2 - r^2) / n. It is carried through log(1 - r) by the delta method, so that the
 * interval never leaves the positive, and joined with that of T in squares (Zou & Donner 2008).
 */
export function predict(cuts: readonly Cut[], { weight, effective, throughput }: Measured): WhatIf {
  let removed = 0;
  let squares = 0;
  for (const cut of cuts) {
    const part = weight > 0 ? cut.weight / weight : 0;
    removed += part * (1 - cut.remaining);
    squares += part * (1 - cut.remaining) ** 2;
  }
  const left = 1 - removed;
  const error = effective > 0 ? Z95 * Math.sqrt(Math.max(0, squares - removed * removed) / effective) : 0;
  if (left <= 1e-12) {
    const infinite = exactly(Infinity);
    return { removed: exactly(1), speedup: infinite, throughput: throughput && infinite };
  }
  const logError = error / left;
  return {
    removed: { value: removed, low: removed - error, high: removed + error },
    speedup: { value: 1 / left, low: Math.exp(-logError) / left, high: Math.exp(logError) / left },
    throughput: throughput && scaleThroughput(throughput, left, logError),
  };
}

function scaleThroughput({ value, low, high }: Estimate, left: number, logError: number): Estimate {
  const scaled = value / left;
  return {
    value: scaled,
    low: low > 0 ? scaled * Math.exp(-Math.hypot(Math.log(value / low), logError)) : 0,
    high: value > 0 ? scaled * Math.exp(Math.hypot(Math.log(high / value), logError)) : 0,
  };
}

/** The target of a category or function: its cost as share of the current total, 0.1 for 10%. */
export interface Target {
  readonly kind: 'category' | 'function';
  readonly index: number;
  readonly share: number;
}

/**
 * Cuts that don't overlap: a function with its own target doesn't belong to its category's cut, so the category's target
 * applies to its other functions.
 * @param self weight of every function
 * @param category of every function
 */
export function cutsOf(
  targets: readonly Target[],
  self: Float64Array,
  category: Int32Array,
  weight: number,
): Cut[] {
  const own = new Set(targets.filter(({ kind }) => kind === 'function').map(({ index }) => index));
  return targets.flatMap(({ kind, index, share }) => {
    let current = 0;
    if (kind === 'function') current = self[index] ?? 0;
    else self.forEach((value, func) => (current += category[func] === index && !own.has(func) ? value : 0));
    // What costs nothing can't be scaled.
    return current > 0 && weight > 0 ? [{ weight: current, remaining: (share * weight) / current }] : [];
  });
}
