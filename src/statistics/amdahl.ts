import { exactly, Z95, type Estimate } from './estimate.js';

/** Samples that share one fate: a category's functions, or one function. */
export interface Cut {
  readonly weight: number;
  /** What is left of its cost: 1 as it is, 0 removed, above 1 dearer. */
  readonly remaining: number;
}

export interface WhatIf {
  /** Share of all time that is saved; negative where it is added. */
  readonly removed: Estimate;
  /** New throughput over old; infinite where nothing is left. */
  readonly speedup: Estimate;
  /** Null where the throughput was not measured. */
  readonly throughput: Estimate | null;
}

export interface Measured {
  /** Weight of all samples. */
  readonly weight: number;
  /** Number of equally heavy samples that say as much; infinite for complete counts. */
  readonly effective: number;
  /** With its 95 % interval. */
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
    const endless = exactly(Infinity);
    return { removed: exactly(1), speedup: endless, throughput: throughput && endless };
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

/** What is wanted of a category or of a function: its cost in shares of the present time, 0.1 for ten points. */
export interface Target {
  readonly kind: 'category' | 'function';
  readonly index: number;
  readonly share: number;
}

/**
 * Cuts that do not overlap: a function with a target of its own is no part of its category's, so the category's
 * target is spread over its other functions.
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
    let present = 0;
    if (kind === 'function') present = self[index] ?? 0;
    else self.forEach((value, func) => (present += category[func] === index && !own.has(func) ? value : 0));
    // What costs nothing now cannot be scaled.
    return present > 0 && weight > 0 ? [{ weight: present, remaining: (share * weight) / present }] : [];
  });
}
