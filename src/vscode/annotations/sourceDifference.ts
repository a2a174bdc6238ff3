import type { EventProfile } from '../../model/profile.js';
import { exactly, type Estimate } from '../../statistics/estimate.js';
import { compareParts, differenceOf, type Whole } from '../../statistics/shareDifferences.js';
import { alignmentKey, wholeOf } from '../../views/diffTree.js';
import { countsSamples } from '../../views/sampleCount.js';
import type { AnnotatedLine, FunctionCost, SourceCosts } from '../runs/shown/sourceCosts.js';
import type { LineMap } from './lineMap.js';

/** One of the two runs: A is the one compared with, B the shown one. */
export interface DifferenceSide {
  readonly profile: EventProfile;
  readonly costs: SourceCosts;
  /** File name of its program. */
  readonly program: string;
}

/** A share of both runs, 0..1. */
export interface ShareDifference {
  readonly a: number;
  readonly b: number;
  /** B - A, with its 95% interval. */
  readonly delta: Estimate;
  /** 1 where B is significantly more, -1 where it is less, 0 within noise. */
  readonly verdict: number;
}

/** Of a function or line: with self costs alone, and with what it calls. */
export interface CostDifference {
  readonly self: ShareDifference;
  readonly total: ShareDifference;
  /** A has none of it. */
  readonly isNew: boolean;
}

/** What is added up of a function or line, in percent of all samples. */
type Cost = Pick<FunctionCost, 'selfPercent' | 'selfSamples' | 'totalPercent' | 'totalSamples'>;

type CostsByKey<K> = ReadonlyMap<K, Cost>;

/** Functions and lines of a source in two runs: each kind of share is tested together, as in the panel. Pure. */
export class SourceDifference {
  private readonly wholes: readonly [Whole, Whole];
  private functions: ReadonlyMap<string, CostDifference> | undefined;

  constructor(
    private readonly a: DifferenceSide,
    private readonly b: DifferenceSide,
  ) {
    this.wholes = [wholeOfSide(a), wholeOfSide(b)];
  }

  /** Of a function of B. */
  ofFunction(cost: FunctionCost): CostDifference | undefined {
    this.functions ??= this.tested(functionsOf(this.a), functionsOf(this.b));
    return this.functions.get(functionKey(this.b, cost));
  }

  /**
   * By line of B's text. Those that A's text doesn't have are left out.
   * @param linesA of the file in A, by line of A's text
   * @param map from A's text to B's
   */
  ofLines(
    linesA: readonly AnnotatedLine[],
    linesB: readonly AnnotatedLine[],
    map: LineMap,
  ): ReadonlyMap<number, CostDifference> {
    const a = costsOf(linesA, (line) => {
      const there = map.current(line - 1);
      return there === undefined ? undefined : there + 1;
    });
    const b = costsOf(linesB, (line) => (map.profiledLine(line - 1) === undefined ? undefined : line));
    return this.tested(a, b);
  }

  /** Of the keys that B has: what is gone isn't in its source. A's others are tested with them. */
  private tested<K>(costsA: CostsByKey<K>, costsB: CostsByKey<K>): Map<K, CostDifference> {
    const keys = [...new Set([...costsB.keys(), ...costsA.keys()])];
    const share = (kind: 'self' | 'total') => this.shares(keys, costsA, costsB, kind);
    const [self, total] = [share('self'), share('total')];
    return new Map(
      keys
        .slice(0, costsB.size)
        .map((key, i) => [key, { self: self(i), total: total(i), isNew: !costsA.has(key) }]),
    );
  }

  private shares<K>(keys: readonly K[], a: CostsByKey<K>, b: CostsByKey<K>, kind: 'self' | 'total') {
    const [wholeA, wholeB] = this.wholes;
    const weight = (side: CostsByKey<K>, { weight: all }: Whole) =>
      Float64Array.from(keys, (key) => ((side.get(key)?.[`${kind}Percent`] ?? 0) / 100) * all);
    const [weightA, weightB] = [weight(a, wholeA), weight(b, wholeB)];
    const samples = (side: CostsByKey<K>, weights: Float64Array, { profile }: DifferenceSide) =>
      Int32Array.from(keys, (key, i) =>
        countsSamples(profile.event) ? (weights[i] ?? 0) : (side.get(key)?.[`${kind}Samples`] ?? 0),
      );
    const parts = {
      weightA,
      weightB,
      samplesA: samples(a, weightA, this.a),
      samplesB: samples(b, weightB, this.b),
    };
    const tested = compareParts(parts, wholeA, wholeB);
    return (i: number): ShareDifference => ({
      a: tested.a[i] ?? 0,
      b: tested.b[i] ?? 0,
      delta: differenceOf(parts, wholeA, wholeB, i),
      verdict: tested.verdict[i] ?? 0,
    });
  }
}

function wholeOfSide({ profile: { samples, event } }: DifferenceSide): Whole {
  return wholeOf(samples.weight, exactly(1), {
    exact: event.exact === true,
    countsSamples: countsSamples(event),
  });
}

/** As the panel aligns them; functions of one name in several files of a module are told apart by the file's name. */
function functionKey(
  { profile: { functions, strings }, program }: DifferenceSide,
  { func, name }: FunctionCost,
) {
  const text = (index: number | undefined) => strings[index ?? -1] ?? '';
  const file = text(functions.file[func]);
  return `${alignmentKey(name, text(functions.module[func]), program)}\0${file.slice(file.lastIndexOf('/') + 1)}`;
}

function functionsOf(side: DifferenceSide): Map<string, Cost> {
  const costs = new Map<string, Cost>();
  for (const file of side.costs.fileNames())
    for (const { functions } of side.costs.ofFile(file))
      for (const func of functions) add(costs, functionKey(side, func), func);
  return costs;
}

function costsOf(
  lines: readonly AnnotatedLine[],
  keyOf: (line: number) => number | undefined,
): Map<number, Cost> {
  const costs = new Map<number, Cost>();
  for (const { line, cost } of lines) {
    const key = cost && keyOf(line);
    if (cost && key !== undefined) add(costs, key, { ...cost, selfSamples: cost.samples });
  }
  return costs;
}

/** Compilers' clones and copies of a file are one; what they have in common is counted once only if one calls no other. */
function add<K>(costs: Map<K, Cost>, key: K, cost: Cost): void {
  const there = costs.get(key);
  costs.set(
    key,
    there
      ? {
          selfPercent: there.selfPercent + cost.selfPercent,
          selfSamples: there.selfSamples + cost.selfSamples,
          totalPercent: Math.min(100, there.totalPercent + cost.totalPercent),
          totalSamples: there.totalSamples + cost.totalSamples,
        }
      : cost,
  );
}
