import { exactly, type Estimate } from '../../statistics/estimate.js';
import { profileDifferences, type PartDifference } from '../../views/profileDifferences.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { Classifier } from '../categories/classifier.js';
import { presetSubject } from '../bench/subject.js';
import type { TaskContext } from '../context.js';
import { recordProfile } from '../laboratory/recordProfile.js';
import { saveRun, type ProfiledRun } from '../laboratory/saveRun.js';
import { errorText, isCanceled } from '../labError.js';
import { defaultRecordOptions } from '../perf/options.js';
import { planRecording } from '../perf/plan.js';
import { perfRecord } from '../perf/record.js';
import type { RunStore } from '../store/runStore.js';
import { findSymbolTool } from '../symbols/symbolizer.js';
import type { ComparedSide } from './comparison.js';
import { instructionsOfAll } from './instructions.js';
import type { Side } from './side.js';

/** Where two sides differ: exact instructions, and what was sampled. */
export interface Details {
  /** Instructions of one operation; null if they can't be counted. */
  readonly instructions: InstructionCounts | null;
  /** Null if profiles couldn't be recorded. */
  readonly profile: ProfileComparison | null;
  readonly notes: readonly string[];
}

export interface InstructionCounts {
  readonly a: number;
  readonly b: number;
}

export interface ProfileComparison {
  /** IDs of the saved runs. */
  readonly a: string;
  readonly b: string;
  readonly event: string;
  /** What the costs of parts are in: nanoseconds per operation, or shares of the time. */
  readonly unit: 'ns/op' | 'share';
  readonly categories: readonly PartDifference[];
  readonly functions: readonly PartDifference[];
}

/**
 * Finds out where two compared sides differ: counts instructions under callgrind, where it is installed and the preset
 * says what to vary, and samples one execution of each. Both are kept as runs.
 */
export async function whereDifferent(
  sides: readonly [Side, Side],
  compared: readonly [ComparedSide, ComparedSide],
  classifier: Classifier,
  store: RunStore,
  context: TaskContext,
): Promise<Details> {
  const notes: string[] = [];
  const attempt = async <T>(what: string, action: () => Promise<T | null>): Promise<T | null> => {
    try {
      return await action();
    } catch (error) {
      if (isCanceled(error)) throw error;
      notes.push(`${what}: ${errorText(error).split('\n')[0] ?? ''}`);
      return null;
    }
  };
  const instructions = await attempt('Instructions were not counted', () => countBoth(sides, store, context));
  const profile = await attempt('No profiles were recorded', () =>
    profileBoth(sides, compared, classifier, store, context),
  );
  return { instructions, profile, notes };
}

/** Null if they can't be counted. */
async function countBoth(
  sides: readonly [Side, Side],
  store: RunStore,
  context: TaskContext,
): Promise<InstructionCounts | null> {
  const [a, b] = (await instructionsOfAll(sides, store, context)) ?? [];
  return a === undefined || b === undefined ? null : { a, b };
}

async function profileBoth(
  sides: readonly [Side, Side],
  compared: readonly [ComparedSide, ComparedSide],
  classifier: Classifier,
  store: RunStore,
  context: TaskContext,
): Promise<ProfileComparison | null> {
  const a = await profileSide(sides[0], store, context);
  const b = await profileSide(sides[1], store, context);
  const costs = compared.map(({ speed }) => nanosecondsPerOp(speed));
  const [costA, costB] = costs;
  const perOp = costA !== undefined && costB !== undefined;
  const side = ({ run, profile }: ProfiledRun, cost: Estimate | undefined) => ({
    profile: ofEvent(profile, 0),
    classifier,
    cost: perOp && cost ? cost : exactly(1),
    program: run.preset.program,
  });
  const [sideA, sideB] = [side(a, costA), side(b, costB)];
  // Only samples of time can be turned into costs of operations.
  const event = sideA.profile.event.name;
  return {
    a: a.run.id,
    b: b.run.id,
    event,
    unit: perOp ? 'ns/op' : 'share',
    ...profileDifferences(sideA, sideB),
  };
}

function nanosecondsPerOp(speed: ComparedSide['speed']): Estimate | undefined {
  if (!speed) return undefined;
  const [low, high] = speed.ci95;
  return { value: 1e9 / speed.median, low: 1e9 / high, high: 1e9 / low };
}

async function profileSide(side: Side, store: RunStore, context: TaskContext): Promise<ProfiledRun> {
  const { lab, preset, subject } = side;
  const plan = await planRecording(defaultRecordOptions, context);
  const profiled = { ...subject, args: preset.profileArgs ?? subject.args };
  const profile = await recordProfile(
    store,
    {
      plan,
      symbolTool: await findSymbolTool(),
      inline: true,
      noSamplesRemedy: 'Set "profileArgs" in the preset so that the program runs for at least a second.',
      async record(file) {
        const gravest = await perfRecord(profiled, plan, file, context);
        return { gravest, notes: [], ended: true };
      },
    },
    context,
  );
  // As the lab file names it, so that the run is like others of the preset; what a side brought is named in full.
  const own = (await presetSubject(lab, preset)).program === subject.program;
  const program = own ? preset.program : subject.program;
  const saved = { ...preset, program, environment: { ...subject.environment } };
  const run = await saveRun(lab, store, saved, subject, { results: [], stat: null, profile }, context);
  return { run, profile, warnings: [] };
}
