import type { BenchStatistics } from '../../model/benchResult.js';
import type { RunDocument } from '../../model/run.js';
import { exactly } from '../../statistics/estimate.js';
import { defaultMargin, verdictOf, type Verdict } from '../../statistics/verdict.js';
import { profileDifferences, type PartDifference } from '../../views/profileDifferences.js';
import { runDifferences, type RunDifference } from '../../views/runDifferences.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { Laboratory } from '../laboratory.js';
import { runNamed } from '../store/savedRuns.js';
import type { InstructionCounts } from './whereDifferent.js';

/** Two saved runs side by side: what was measured at different times can't be turned into a verdict on speed. */
export interface RunComparison {
  readonly kind: 'run-comparison';
  readonly formatVersion: 1;
  readonly a: ComparedRunSide;
  readonly b: ComparedRunSide;
  /** Decided by instructions per operation if both runs counted them, otherwise unclear. */
  readonly verdict: Verdict;
  readonly instructions: InstructionCounts | null;
  readonly differences: readonly RunDifference[];
  /** Of profiles with the same event; in shares of all samples. */
  readonly profile: {
    readonly event: string;
    readonly categories: readonly PartDifference[];
    readonly functions: readonly PartDifference[];
  } | null;
}

interface ComparedRunSide {
  readonly run: string;
  readonly preset: string;
  readonly createdAt: string;
  readonly throughput: BenchStatistics | null;
  readonly peakRssBytes: number | null;
}

/** @throws LabError as loading runs and profiles does */
export async function compareRuns(
  { store, classifier }: Laboratory,
  idA: string,
  idB: string,
): Promise<RunComparison> {
  const [a, b] = [await runNamed(store, idA, 'any'), await runNamed(store, idB, 'any')];
  const instructions = countsOf(a, b);
  const difference = instructions ? Math.log(instructions.a / instructions.b) : NaN;
  const profiles =
    a.kind === 'profile' && b.kind === 'profile'
      ? [ofEvent(await store.loadProfile(a.id), 0), ofEvent(await store.loadProfile(b.id), 0)]
      : [];
  const [first, second] = profiles;
  const comparable = first && second && first.event.name === second.event.name;
  return {
    kind: 'run-comparison',
    formatVersion: 1,
    a: sideOf(a),
    b: sideOf(b),
    verdict: instructions ? verdictOf({ low: difference, high: difference }, defaultMargin) : 'unclear',
    instructions,
    differences: runDifferences(a, b),
    profile: comparable
      ? {
          event: first.event.name,
          ...profileDifferences(
            { profile: first, classifier, cost: exactly(1), program: a.preset.program },
            { profile: second, classifier, cost: exactly(1), program: b.preset.program },
          ),
        }
      : null,
  };
}

function sideOf({ id, preset, createdAt, results }: RunDocument): ComparedRunSide {
  const [own] = results;
  return {
    run: id,
    preset: preset.name,
    createdAt,
    throughput: own?.opsPerSec ?? null,
    peakRssBytes: own?.peakRssBytes ?? null,
  };
}

/** Null unless both runs counted instructions in the same way. */
function countsOf(a: RunDocument, b: RunDocument): InstructionCounts | null {
  const [x, y] = [a.stat?.derived, b.stat?.derived];
  if (x?.instructionsPerOp === undefined || y?.instructionsPerOp === undefined) return null;
  if (x.instructionsPerOpSource !== y.instructionsPerOpSource) return null;
  return { a: x.instructionsPerOp, b: y.instructionsPerOp };
}
