import { differenceOfEstimates, exactly, productOf, wilsonInterval, Z95, type Estimate } from './estimate.js';
import { adjustedPValues, rateDifferenceP, twoSidedP } from './significance.js';

/** What one of the two runs weighs as a whole. */
export interface Whole {
  /** Weight of all shown samples: 100%. */
  readonly weight: number;
  /** Number of samples, and of equally heavy samples with the same information. */
  readonly samples: number;
  readonly effective: number;
  /** The weights are complete counts: nothing was sampled, so every difference is real. */
  readonly exact: boolean;
  /** The cost of 100%: 1 for shares; for costs per operation, the cost of one operation with its interval. */
  readonly cost: Estimate;
}

/** Parts of two wholes, by index: weights, and numbers of samples. */
export interface Parts {
  readonly weightA: Float64Array;
  readonly weightB: Float64Array;
  readonly samplesA: Int32Array;
  readonly samplesB: Int32Array;
}

/** Differences by index. `a` and `b` are in the unit of the wholes' `cost`. */
export interface Differences extends Parts {
  readonly length: number;
  readonly a: Float64Array;
  readonly b: Float64Array;
  /** b - a. */
  readonly delta: Float64Array;
  /** The p value adjusted for many tests: the smallest false discovery rate at which the difference is significant. */
  readonly q: Float64Array;
  /** 1 where b is more, -1 where it is less, 0 within noise. */
  readonly verdict: Int8Array;
}

/** Of the differences called significant, 5% are expected to be false. */
const FALSE_DISCOVERY_RATE = 0.05;

/** Below this expected number of samples the normal approximation is poor. */
const FEW = 10;

/** Relative difference up to which weights are equal. */
const EPSILON = 1e-9;

/** Tests each part, adjusted for the number of tests. O(n log n). */
export function compareParts(parts: Parts, wholeA: Whole, wholeB: Whole): Differences {
  const { weightA, weightB, samplesA, samplesB } = parts;
  const length = weightA.length;
  const a = weightA.map((weight) => share(weight, wholeA) * wholeA.cost.value);
  const b = weightB.map((weight) => share(weight, wholeB) * wholeB.cost.value);
  const delta = b.map((value, i) => value - (a[i] as number));
  // Parts of few samples are many and alike: each pair of counts is tested once.
  const known = new Map<number, number>();
  const p = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    p[i] = pairP(
      { weight: weightA[i] as number, samples: samplesA[i] as number },
      wholeA,
      { weight: weightB[i] as number, samples: samplesB[i] as number },
      wholeB,
      known,
    );
  }
  const q = adjustedPValues(p);
  const verdict = Int8Array.from(delta, (value, i) =>
    (q[i] as number) <= FALSE_DISCOVERY_RATE ? Math.sign(value) : 0,
  );
  return { length, ...parts, a, b, delta, q, verdict };
}

/** The difference of one part with its 95% interval, in the unit of the wholes' `cost`. */
export function differenceOf({ weightA, weightB }: Parts, wholeA: Whole, wholeB: Whole, i: number): Estimate {
  return differenceOfEstimates(
    costOf(share(weightA[i] as number, wholeA), wholeA),
    costOf(share(weightB[i] as number, wholeB), wholeB),
  );
}

function costOf(part: number, { effective, exact, cost }: Whole): Estimate {
  return productOf(exact ? exactly(part) : wilsonInterval(part, effective), cost);
}

function share(weight: number, { weight: all }: Whole): number {
  return all > 0 ? weight / all : 0;
}

interface Part {
  readonly weight: number;
  readonly samples: number;
}

/** p value of "this part costs the same in A and B". */
function pairP(partA: Part, wholeA: Whole, partB: Part, wholeB: Whole, known: Map<number, number>): number {
  const [shareA, shareB] = [share(partA.weight, wholeA), share(partB.weight, wholeB)];
  const [a, b] = [shareA * wholeA.cost.value, shareB * wholeB.cost.value];
  if (Math.abs(a - b) <= EPSILON * Math.max(a, b)) return 1;
  // Nothing is known about a run without samples.
  if (wholeA.weight <= 0 || wholeB.weight <= 0) return 1;
  const [nA, nB] = [wholeA.samples, wholeB.samples];
  if (!wholeA.exact && !wholeB.exact) {
    const few = (x: number, y: number, exposureA: number, exposureB: number): number | undefined => {
      if (((x + y) * Math.min(exposureA, exposureB)) / (exposureA + exposureB) >= FEW) return undefined;
      const key = x * 2 ** 26 + y;
      let p = known.get(key);
      if (p === undefined) known.set(key, (p = rateDifferenceP(x, exposureA, y, exposureB)));
      return p;
    };
    // Exposure: samples for shares, operations for costs per operation.
    const seen = few(partA.samples, partB.samples, nA / wholeA.cost.value, nB / wholeB.cost.value);
    if (seen !== undefined) return seen;
    const isShare =
      isCertain(wholeA.cost) && isCertain(wholeB.cost) && wholeA.cost.value === wholeB.cost.value;
    const [restA, restB] = [nA - partA.samples, nB - partB.samples];
    if (isShare && ((restA + restB) * Math.min(nA, nB)) / (nA + nB) < FEW)
      return rateDifferenceP(restA, nA, restB, nB);
    if (isShare) {
      // Two proportions with a pooled variance (Fleiss, Statistical Methods for Rates and Proportions, 3.1).
      const [eA, eB] = [wholeA.effective, wholeB.effective];
      const pooled = (shareA * eA + shareB * eB) / (eA + eB);
      return twoSidedP((shareB - shareA) / Math.sqrt(pooled * (1 - pooled) * (1 / eA + 1 / eB)));
    }
  }
  const variance = costVariance(shareA, wholeA) + costVariance(shareB, wholeB);
  return variance === 0 ? 0 : twoSidedP((b - a) / Math.sqrt(variance));
}

/** Of share x cost, to first order: both are independent. */
function costVariance(part: number, { effective, exact, cost }: Whole): number {
  const sampling = exact || effective === 0 ? 0 : (part * (1 - part)) / effective;
  const error = (cost.high - cost.low) / (2 * Z95);
  return cost.value * cost.value * sampling + part * part * error * error;
}

function isCertain({ low, high }: Estimate): boolean {
  return low === high;
}
