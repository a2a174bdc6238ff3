import { median } from 'simple-statistics';
import type { Estimate } from '../../statistics/estimate.js';
import { boundsOf } from '../../statistics/confidenceSequence.js';
import { medianInterval } from '../../statistics/medianInterval.js';
import type { BenchStatistics } from '../../model/benchResult.js';
import { logEvidenceAgainst } from '../../statistics/signEvidence.js';
import { hodgesLehmann, verdictOf, type Verdict } from '../../statistics/verdict.js';
import type { RunDifference } from '../../views/runDifferences.js';
import { runDifferences } from '../../views/runDifferences.js';
import { speedOf, type Metric } from './measure.js';
import { differenceOf, type Ending, type Pair } from './pairs.js';
import type { SideDocument } from './side.js';

/** The contract of `compare --json`, and what is saved of a finished comparison. */
export interface Comparison {
  readonly kind: 'comparison';
  readonly formatVersion: 1;
  /** Absent if nothing was saved. */
  readonly experiment: string;
  readonly createdAt: string;
  readonly a: ComparedSide;
  readonly b: ComparedSide;
  readonly metric: Metric;
  readonly verdict: Verdict;
  readonly margin: number;
  /** Speed of B over that of A: below 1 if B is slower. The interval holds whenever measuring ended. Null without pairs. */
  readonly ratio: Estimate | null;
  readonly hodgesLehmann: number | null;
  /** Natural logarithm of the e-value against "no difference". */
  readonly logEvidence: number;
  readonly pairs: readonly Pair[];
  readonly seed: number;
  readonly ending: Ending;
  /** What differs besides what was asked for. */
  readonly differences: readonly RunDifference[];
  readonly noise: Noise | null;
  readonly notes: readonly string[];
}

export interface ComparedSide extends SideDocument {
  /** Operations or executions per second. Null without pairs. */
  readonly speed: BenchStatistics | null;
  /** The largest of all processes; null if they don't report it. */
  readonly peakRssBytes: number | null;
}

export interface Noise {
  /** Half the distance between the quartiles of the pairs' differences, as a ratio. */
  readonly spread: number;
  /** Means over the pairs. */
  readonly steal: number;
  readonly pressure: number | null;
  readonly load: number;
  readonly throttled: number;
}

interface Measured {
  readonly experiment: string;
  readonly createdAt: string;
  readonly a: SideDocument;
  readonly b: SideDocument;
  readonly metric: Metric;
  readonly margin: number;
  readonly pairs: readonly Pair[];
  readonly seed: number;
  readonly ending: Ending;
  readonly alpha?: number | undefined;
  readonly notes: readonly string[];
}

/** What pairs say about two sides. A pure function of what was measured. */
export function concludeComparison({ a, b, pairs, metric, margin, alpha, ...rest }: Measured): Comparison {
  const differences = pairs.map((pair) => differenceOf(pair, metric));
  const bounds = boundsOf(differences, alpha);
  const known = pairs.length > 0;
  const side = (document: SideDocument, which: 'a' | 'b'): ComparedSide => ({
    ...document,
    speed: known ? medianInterval(pairs.map((pair) => speedOf(pair[which], metric))) : null,
    peakRssBytes: peakOf(pairs, which),
  });
  return {
    kind: 'comparison',
    formatVersion: 1,
    ...rest,
    a: side(a, 'a'),
    b: side(b, 'b'),
    metric,
    margin,
    verdict: verdictOf(bounds, margin),
    ratio: known
      ? {
          value: Math.exp(median(differences)),
          low: Math.exp(bounds.low),
          high: finite(Math.exp(bounds.high)),
        }
      : null,
    hodgesLehmann: known ? Math.exp(hodgesLehmann(differences)) : null,
    logEvidence: logEvidenceAgainst(0, differences),
    pairs,
    differences: runDifferences(a, b),
    noise: noiseOf(pairs, differences),
  };
}

/** JSON has no infinity. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}

function peakOf(pairs: readonly Pair[], which: 'a' | 'b'): number | null {
  const peaks = pairs.flatMap((pair) => pair[which].bench?.peakRssBytes ?? []);
  return peaks.length > 0 ? Math.max(...peaks) : null;
}

function noiseOf(pairs: readonly Pair[], differences: readonly number[]): Noise | null {
  if (pairs.length === 0) return null;
  const mean = (of: (pair: Pair) => number) => pairs.reduce((sum, pair) => sum + of(pair), 0) / pairs.length;
  const sorted = [...differences].sort((x, y) => x - y);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] as number;
  return {
    spread: (at(0.75) - at(0.25)) / 2,
    steal: mean(({ disturbance }) => disturbance.steal),
    pressure: pairs.every(({ disturbance }) => disturbance.pressure !== undefined)
      ? mean(({ disturbance }) => disturbance.pressure ?? 0)
      : null,
    load: mean(({ disturbance }) => disturbance.load),
    throttled: pairs.reduce((sum, { disturbance }) => sum + (disturbance.throttled ?? 0), 0),
  };
}
