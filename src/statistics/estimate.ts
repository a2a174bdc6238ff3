/**
 * What can be said of shares that were sampled: intervals, tests, and how many of many tests to believe. A sample
 * is taken as one independent observation; differences between one run of a program and the next are no part of it.
 */

/** The two-sided 95 % point of the normal distribution. */
export const Z95 = 1.959963984540054;

/** An estimate and its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export function exactly(value: number): Estimate {
  return { value, low: value, high: value };
}

/** P(|Z| >= z) of a standard normal Z, to machine precision in the tails too. */
export function twoSidedP(z: number): number {
  return complementaryError(Math.abs(z) / Math.SQRT2);
}

/** erfc(x), x >= 0: the power series (Abramowitz & Stegun 7.1.6) below 2, else the continued fraction (7.1.14). */
function complementaryError(x: number): number {
  const outer = Math.exp(-x * x) / Math.sqrt(Math.PI);
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; term > sum * 1e-17; n++) {
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return Math.max(0, 1 - 2 * outer * sum);
  }
  let fraction = x;
  for (let n = 60; n > 0; n--) fraction = x + n / 2 / fraction;
  return outer / fraction;
}

/**
 * Wilson's score interval of a proportion (Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857, method 3).
 * @param n effective number of observations; with none, nothing is known
 */
export function proportion(value: number, n: number): Estimate {
  if (n <= 0) return { value, low: 0, high: 1 };
  const z2 = Z95 * Z95;
  const centre = value + z2 / (2 * n);
  const spread = Z95 * Math.sqrt(Math.max(0, (value * (1 - value)) / n + z2 / (4 * n * n)));
  const scale = 1 + z2 / n;
  // Rounding must not push the bounds past the estimate, nor past what a proportion can be.
  return {
    value,
    low: Math.max(0, Math.min(value, (centre - spread) / scale)),
    high: Math.min(1, Math.max(value, (centre + spread) / scale)),
  };
}

/**
 * The product of two independent non-negative estimates; their relative errors add up in squares (delta method,
 * on each side of the estimates by itself).
 */
export function product(a: Estimate, b: Estimate): Estimate {
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
export function difference(a: Estimate, b: Estimate): Estimate {
  const value = b.value - a.value;
  return {
    value,
    low: value - Math.hypot(b.value - b.low, a.high - a.value),
    high: value + Math.hypot(b.high - b.value, a.value - a.low),
  };
}

/**
 * How many equally heavy samples say as much as these (Kish 1965, Survey Sampling, 8.2): fewer than there are
 * where their periods differ.
 */
export function effectiveSamples(sum: number, sumOfSquares: number): number {
  return sumOfSquares > 0 ? (sum * sum) / sumOfSquares : 0;
}

/**
 * Do two rates differ? `x` events were seen in an exposure of `exposureX`, `y` in `exposureY`. Exact, also for few
 * events: given x + y, x is binomial under equal rates (Przyborowski & Wilenski 1940, Biometrika 31:313).
 * @returns the two-sided p value, twice the smaller tail
 */
export function ratesP(x: number, exposureX: number, y: number, exposureY: number): number {
  const n = x + y;
  const all = exposureX + exposureY;
  if (n === 0 || exposureX <= 0 || exposureY <= 0) return 1;
  const share = exposureX / all;
  return Math.min(1, 2 * (x <= n * share ? lowerTail(x, n, share) : lowerTail(y, n, 1 - share)));
}

/** P(X <= k) of a binomial X with k at or below its mean: terms fall from k downwards, so few of them count. */
function lowerTail(k: number, n: number, p: number): number {
  const log =
    logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p);
  let term = Math.exp(log);
  let sum = 0;
  for (let i = k; i >= 0 && term > sum * 1e-16; i--) {
    sum += term;
    term *= (i / (n - i + 1)) * ((1 - p) / p);
  }
  return sum;
}

const factorials: number[] = [0];

/** Stirling's series beyond the table (Abramowitz & Stegun 6.1.41); its error there is below 1e-16. */
function logFactorial(n: number): number {
  if (n > 256) {
    const m = n + 1;
    return (m - 0.5) * Math.log(m) - m + Math.log(2 * Math.PI) / 2 + 1 / (12 * m) - 1 / (360 * m * m * m);
  }
  for (let i = factorials.length; i <= n; i++) factorials.push((factorials[i - 1] as number) + Math.log(i));
  return factorials[n] as number;
}

/**
 * Adjusts p values of many tests so that accepting those up to q makes q the expected share of false ones among
 * the accepted (Benjamini & Hochberg 1995, J. R. Statist. Soc. B 57:289; Benjamini & Yekutieli 2001 for tests that
 * depend positively on one another, as those of a frame and its callers do). O(n log n).
 */
export function falseDiscoveryRates(p: Float64Array): Float64Array {
  const order = Uint32Array.from(p, (_, i) => i).sort((a, b) => (p[b] as number) - (p[a] as number));
  const q = new Float64Array(p.length);
  let least = 1;
  order.forEach((test, i) => {
    least = Math.min(least, (p[test] as number) * (p.length / (p.length - i)));
    q[test] = least;
  });
  return q;
}
