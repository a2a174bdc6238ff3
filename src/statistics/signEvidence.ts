import { gammaln } from 'simple-statistics';

/**
 * Evidence against "this is the median of the differences": an e-process on signs. Under the hypothesis each sign is a
 * fair coin, given all before it. The mixture of all biased coins under Jeffreys' prior has the likelihood ratio
 *
 *     2^n B(k + 1/2, n - k + 1/2) / B(1/2, 1/2),   k of n signs positive,
 *
 * a martingale with mean 1. By Ville's inequality it ever reaches 1/alpha with a probability of at most alpha, so it may
 * be examined after every pair (Robbins 1970, Ann. Math. Statist. 41:1397; Howard & Ramdas 2022, Bernoulli 28:1704).
 *
 * @returns the natural logarithm, which doesn't overflow
 */
export function logSignEvidence(positive: number, n: number): number {
  return n * Math.LN2 + logBeta(positive + 0.5, n - positive + 0.5) - Math.log(Math.PI);
}

function logBeta(a: number, b: number): number {
  return gammaln(a) + gammaln(b) - gammaln(a + b);
}

/**
 * The evidence that the differences don't have the median `center`. A difference equal to it may count for either side:
 * the assignment with the least evidence is taken.
 */
export function logEvidenceAgainst(center: number, differences: readonly number[]): number {
  const above = differences.filter((d) => d > center).length;
  const ties = differences.filter((d) => d === center).length;
  const n = differences.length;
  return logSignEvidence(Math.min(Math.max(above, Math.floor(n / 2)), above + ties), n);
}

/**
 * Which of several hypotheses to reject, by index, so that at most `rate` of the rejected are expected to be true (e-BH:
 * Wang & Ramdas 2022, J. R. Statist. Soc. B 84:822). Holds whatever the dependence between them.
 * @param logEvidence natural logarithms of e-values
 */
export function rejectedByEvidence(logEvidence: readonly number[], rate = 0.05): Set<number> {
  const order = [...logEvidence.keys()].sort((a, b) => (logEvidence[b] ?? 0) - (logEvidence[a] ?? 0));
  let rejected = 0;
  order.forEach((hypothesis, i) => {
    if ((logEvidence[hypothesis] ?? 0) >= Math.log(logEvidence.length / (rate * (i + 1)))) rejected = i + 1;
  });
  return new Set(order.slice(0, rejected));
}
