/**
 * Estimates of sampled shares with their 95% intervals. Each sample counts as one independent observation; variation
 * between repeats of a program is not included.
 */

/** The two-sided 95% point of the normal distribution. */
export const Z95 = 1.959963984540054;

/** An estimate and its 95% interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}

/**
 * Wilson's score interval of a proportion (Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857, method 3).
 * @param n effective number of observations; 0 if nothing is known
 */
export function wilsonInterval(value: number, n: number): Estimate {
  if (n <= 0) return { value, low: 0, high: 1 };
  const z2 = Z95 * Z95;
  const center = value + z2 / (2 * n);
  const halfWidth = Z95 * Math.sqrt(Math.max(0, (value * (1 - value)) / n + z2 / (4 * n * n)));
  const scale = 1 + z2 / n;
  // Rounding must not push the bounds past the estimate, nor past what a proportion can be.
  return {
    value,
    low: Math.max(0, Math.min(value, (center - halfWidth) / scale)),
    high: Math.min(1, Math.max(value, (center + halfWidth) / scale)),
  };
}

/**
 * The product of two independent non-negative estimates; their relative errors add up in squares (delta method,
 * on each side of the estimates by itself).
 */
export function productOf(a: Estimate, b: Estimate): Estimate {
  const value = a.value * b.value;
  return {
    value,
    low: Math.max(0, value - Math.hypot(b.value * (a.value - a.low), a.value * (b.value - b.low))),
    high: value + Math.hypot(b.value * (a.high - a.value), a.value * (b.high - b.value)),
  };
}

/**
 * b - a with the interval recovered from the intervals of both (MOVER: Zou & Donner 2008, Statistics in Medicine
 * 27:1693); of two Wilson intervals that is Newcombe's hybrid score interval (1998, ibid. 17:873, method 10).
 */
export function differenceOfEstimates(a: Estimate, b: Estimate): Estimate {
  const value = b.value - a.value;
  return {
    value,
    low: value - Math.hypot(b.value - b.low, a.high - a.value),
    high: value + Math.hypot(b.high - b.value, a.value - a.low),
  };
}

/**
 * The number of equally heavy samples with the same information (Kish 1965, Survey Sampling, 8.2): fewer than there are if
 * their periods differ.
 */
export function effectiveSamples(sum: number, sumOfSquares: number): number {
  return sumOfSquares > 0 ? (sum * sum) / sumOfSquares : 0;
}
