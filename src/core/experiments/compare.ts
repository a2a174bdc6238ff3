import { randomInt } from 'node:crypto';
import { defaultMargin } from '../../statistics/verdict.js';
import type { TaskContext } from '../context.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { withLock } from '../store/lock.js';
import type { RunStore } from '../store/runStore.js';
import { concludeComparison, type Comparison } from './comparison.js';
import { ExperimentLog } from './experimentLog.js';
import type { Metric } from './measure.js';
import { measurePairs, type Ending, type Pair } from './pairs.js';
import { pilot } from './pilot.js';
import type { Place } from './place.js';
import { pairProgressText } from './progressText.js';
import { documentOf, type Side, type SideDocument } from './side.js';
import { openSide, parseSide, type Opening, type SideSpec, type Workload } from './sides.js';
import { whereDifferent, type Details } from './whereDifferent.js';
import { removeCommit } from './worktree.js';

export interface CompareOptions {
  /** Relative difference of speed that doesn't matter. */
  readonly margin?: number | undefined;
  readonly seconds?: number | undefined;
  readonly pairs?: number | undefined;
  readonly seed?: number | undefined;
  /** Of the interval: 0.05 by default. */
  readonly alpha?: number | undefined;
  /** Whether to count instructions and to sample both sides afterwards. */
  readonly details?: boolean | undefined;
}

export const compareDefaults = { margin: defaultMargin, seconds: 60, pairs: 1000 } as const;

/** What a comparison was asked for, in the words of the user. */
export interface Asked extends Workload {
  readonly sides: readonly [string, string];
}

/** What is decided before the first pair. */
interface ComparePlan {
  readonly kind: 'comparison';
  readonly formatVersion: 1;
  readonly createdAt: string;
  readonly asked: Asked;
  readonly a: SideDocument;
  readonly b: SideDocument;
  readonly metric: Metric;
  readonly margin: number;
  readonly seed: number;
  readonly alpha: number | null;
  readonly notes: readonly string[];
}

/** A comparison that is being measured. */
export interface LiveComparison {
  readonly secondsLeft: number;
  /** What the pairs so far say. Costs a sort of all of them. */
  readonly soFar: () => Comparison;
}

export interface Compared {
  readonly comparison: Comparison;
  readonly details: Details | null;
}

/**
 * Builds and compares two sides while no one else measures this lab. Everything that could bias the result is decided
 * before the first pair, and saved. Raising the signal ends measuring, and the result is that of the pairs until then.
 * @throws LabError of the programs
 */
export async function compare(
  place: Place,
  asked: Asked,
  options: CompareOptions,
  context: TaskContext,
  onProgress?: (live: LiveComparison) => void,
): Promise<Compared> {
  return withSides(place, asked, context, async (sides) => {
    const { sides: lengthened, metric, notes } = await pilot(sides, context);
    const [a, b] = lengthened as readonly [Side, Side];
    const plan: ComparePlan = {
      kind: 'comparison',
      formatVersion: 1,
      createdAt: new Date().toISOString(),
      asked,
      a: await documentOf(a, context),
      b: await documentOf(b, context),
      metric,
      margin: options.margin ?? compareDefaults.margin,
      seed: options.seed ?? randomInt(2 ** 31),
      alpha: options.alpha ?? null,
      notes,
    };
    const log = await ExperimentLog.create<ComparePlan, Pair>(place.store, 'comparison', plan);
    return measure(place, log, [a, b], options, context, onProgress);
  });
}

/**
 * Continues an interrupted comparison with what was decided at its beginning.
 * @param id `latest` for the newest
 * @throws LabError `experiment-unknown`
 */
export async function continueComparison(
  place: Place,
  id: string,
  options: CompareOptions,
  context: TaskContext,
  onProgress?: (live: LiveComparison) => void,
): Promise<Compared> {
  const log = await ExperimentLog.open<ComparePlan, Pair>(place.store, 'comparison', id);
  const same = (side: Side, { preset: { args } }: SideDocument): Side => ({
    ...side,
    subject: { ...side.subject, args },
  });
  return withSides(place, log.plan.asked, context, ([a, b]) =>
    measure(place, log, [same(a, log.plan.a), same(b, log.plan.b)], options, context, onProgress),
  );
}

/** Opens both sides under the lock, and removes the checkouts of commits in the end. */
async function withSides<T>(
  { lab, store }: Place,
  asked: Asked,
  context: TaskContext,
  action: (sides: readonly [Side, Side]) => Promise<T>,
): Promise<T> {
  const [a, b] = [await parseSide(asked.sides[0], lab, store), await parseSide(asked.sides[1], lab, store)];
  const opening: Opening = { lab, store, workload: asked, built: new Set<string>() };
  return withLock(store, context, async () => {
    try {
      return await action([await openSide(a, opening, context), await openSide(b, opening, context)]);
    } finally {
      for (const spec of [a, b]) await removeCheckout(spec, lab, store);
    }
  });
}

async function removeCheckout(spec: SideSpec, lab: LoadedLab, store: RunStore): Promise<void> {
  if (spec.kind === 'commit') await removeCommit(lab, store, spec.commit);
}

async function measure(
  { store, classifier }: Place,
  log: ExperimentLog<ComparePlan, Pair>,
  sides: readonly [Side, Side],
  options: CompareOptions,
  context: TaskContext,
  onProgress?: (live: LiveComparison) => void,
): Promise<Compared> {
  const { kind: _, formatVersion: __, asked: ___, alpha: planned, ...plan } = log.plan;
  const alpha = planned === null ? {} : { alpha: planned };
  const conclude = (pairs: readonly Pair[], ending: Ending) =>
    concludeComparison({ ...plan, ...alpha, experiment: log.id, pairs, ending });
  const { pairs, ending } = await measurePairs(
    sides,
    {
      ...plan,
      limits: {
        margin: plan.margin,
        seconds: options.seconds ?? compareDefaults.seconds,
        pairs: options.pairs ?? compareDefaults.pairs,
        ...alpha,
      },
    },
    log.records,
    (pair) => log.append(pair),
    context,
    (progress) => {
      context.progress(pairProgressText(progress));
      const { secondsLeft, pairs: until } = progress;
      onProgress?.({ secondsLeft, soFar: () => conclude(until, 'interrupted') });
    },
  );
  const comparison = conclude(pairs, ending);
  await log.finish(comparison);
  // Whoever interrupted wants the result now.
  const wanted = options.details === true && ending !== 'interrupted';
  const details = wanted
    ? await whereDifferent(sides, [comparison.a, comparison.b], classifier, store, context)
    : null;
  if (details) await log.finish({ ...comparison, details });
  return { comparison, details };
}
