import { ConfidenceSequence, type Bounds } from '../../statistics/confidenceSequence.js';
import { SeededOrder } from '../../statistics/random.js';
import { isSettled } from '../../statistics/verdict.js';
import type { TaskContext } from '../context.js';
import { disturbanceSince, snapshot, type Disturbance } from '../environment/disturbance.js';
import { isCanceled } from '../labError.js';
import { measureProcess, speedOf, type Metric, type ProcessMeasurement } from './measure.js';
import type { Side } from './side.js';

/** One process of each side, one right after the other. */
export interface Pair {
  /** Which ran first. */
  readonly first: 'A' | 'B';
  readonly a: ProcessMeasurement;
  readonly b: ProcessMeasurement;
  readonly disturbance: Disturbance;
}

export interface PairLimits {
  /** Seconds for measuring, beyond which no pair is begun. */
  readonly seconds: number;
  readonly pairs: number;
  readonly margin: number;
  readonly alpha?: number;
}

/** Why measuring ended. */
export type Ending = 'settled' | 'time' | 'pairs' | 'interrupted';

/** The logarithm of the ratio of speeds, B over A: negative if B is slower. */
export function differenceOf({ a, b }: Pair, metric: Metric): number {
  return Math.log(speedOf(b, metric) / speedOf(a, metric));
}

export interface PairProgress {
  readonly pairs: readonly Pair[];
  readonly bounds: Bounds;
  /** Until the time is up. */
  readonly secondsLeft: number;
}

/**
 * Measures pair after pair, in random order within each, until the interval is narrow enough or the time is up. The pair in
 * progress is lost when the signal is raised; those before are kept.
 * @param measured the pairs of an experiment that is continued, which new ones are added to
 * @param save is called with each pair before the next one begins
 */
export async function measurePairs(
  [a, b]: readonly [Side, Side],
  { seed, metric, limits }: { readonly seed: number; readonly metric: Metric; readonly limits: PairLimits },
  measured: readonly Pair[],
  save: (pair: Pair) => Promise<void>,
  context: TaskContext,
  onProgress: (progress: PairProgress) => void,
): Promise<{ readonly pairs: readonly Pair[]; readonly ending: Ending }> {
  const pairs = [...measured];
  const sequence = new ConfidenceSequence(limits.alpha);
  const order = new SeededOrder(seed);
  for (const pair of pairs) {
    sequence.add(differenceOf(pair, metric));
    order.next(2);
  }
  const started = performance.now();
  for (;;) {
    const secondsLeft = limits.seconds - (performance.now() - started) / 1000;
    onProgress({ pairs, bounds: sequence.interval, secondsLeft });
    if (isSettled(sequence.interval, limits.margin)) return { pairs, ending: 'settled' };
    if (pairs.length >= limits.pairs) return { pairs, ending: 'pairs' };
    if (secondsLeft <= 0) return { pairs, ending: 'time' };
    if (context.signal?.aborted) return { pairs, ending: 'interrupted' };
    const aFirst = order.next(2)[0] === 0;
    let pair: Pair;
    try {
      const before = await snapshot();
      const one = await measureProcess(aFirst ? a : b, context);
      const other = await measureProcess(aFirst ? b : a, context);
      pair = {
        first: aFirst ? 'A' : 'B',
        a: aFirst ? one : other,
        b: aFirst ? other : one,
        disturbance: await disturbanceSince(before),
      };
    } catch (error) {
      if (isCanceled(error)) return { pairs, ending: 'interrupted' };
      throw error;
    }
    await save(pair);
    pairs.push(pair);
    sequence.add(differenceOf(pair, metric));
  }
}
