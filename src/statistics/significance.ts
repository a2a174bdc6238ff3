/**
 * Significance tests of sampled shares, and the correction for many tests at once. Each sample counts as one independent
 * observation.
 */
import { gammaln } from 'simple-statistics';

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
 * Do two rates differ? `x` events were seen in an exposure of `exposureX`, `y` in `exposureY`. Exact, also for few
 * events: given x + y, x is binomial under equal rates (Przyborowski & Wilenski 1940, Biometrika 31:313).
 * @returns the two-sided p value, twice the smaller tail
 */
export function rateDifferenceP(x: number, exposureX: number, y: number, exposureY: number): number {
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

function logFactorial(n: number): number {
  return gammaln(n + 1);
}

/**
 * Adjusts the p values of many tests: among the tests with an adjusted value up to q, the expected share of false ones is q (Benjamini & Hochberg 1995, J. R. Statist. Soc. B 57:289; Benjamini & Yekutieli 2001 for tests that
 * depend positively on one another, as those of a frame and its callers do). O(n log n).
 */
export function adjustedPValues(p: Float64Array): Float64Array {
  const order = Uint32Array.from(p, (_, i) => i).sort((a, b) => (p[b] as number) - (p[a] as number));
  const q = new Float64Array(p.length);
  let least = 1;
  order.forEach((test, i) => {
    least = Math.min(least, (p[test] as number) * (p.length / (p.length - i)));
    q[test] = least;
  });
  return q;
}
