import type { TaskContext } from '../context.js';
import type { Profile } from '../../model/profile.js';
import type { RunDocument } from '../../model/run.js';
import type { ProfileDocument } from '../../model/profileDocument.js';
import { toDocument } from '../../views/toDocument.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { Comparison } from '../experiments/comparison.js';
import { savedComparisons, savedMatrices } from '../experiments/savedExperiments.js';
import { presetHistory, type PresetHistory } from '../experiments/history.js';
import type { MatrixResult } from '../experiments/matrixResult.js';
import type { Laboratory } from '../laboratory.js';
import { LATEST, readableRuns, runNamed } from '../store/savedRuns.js';
import { LabError } from '../labError.js';
import { describeOptions, type DescribedOptions } from '../experiments/describedOptions.js';

/** Everything a report is written from: what was measured, and nothing else. */
export interface ReportData {
  readonly createdAt: string;
  readonly laboratory: Laboratory;
  /** The run that the report is about: its profile carries the hotspots. */
  readonly subject: ReportedRun;
  /** The same preset's newest benchmark with competitors, if the subject itself has none. */
  readonly rivals: RunDocument | null;
  /** Runs of other presets, and of the same at other times. */
  readonly others: readonly RunDocument[];
  /** Finished comparisons, the newest of each pair of sides. */
  readonly comparisons: readonly Comparison[];
  /** Finished matrices, the newest of each name. */
  readonly matrices: readonly MatrixResult[];
  /** Of the reported preset. */
  readonly history: PresetHistory;
  readonly options: DescribedOptions | null;
}

export interface ReportedRun {
  readonly run: RunDocument;
  readonly profile: Profile;
  readonly document: ProfileDocument;
}

/**
 * @param ids the run to report on first, then runs to set beside it; without any, the newest profile, and the newest run of
 * every other preset
 * @param context with whether the lab's program that describes options may be started as a run says; by default it may, if
 *   the run is the user's own: reading what came with a folder starts nothing
 * @throws LabError `run-unknown`, `run-without-profile`, and as loading does
 */
export async function gatherReport(
  laboratory: Laboratory,
  ids: readonly string[],
  context: Pick<TaskContext, 'signal'> & {
    readonly mayDescribe?: (run: RunDocument) => boolean;
  } = {},
): Promise<ReportData> {
  const { store, classifier, lab } = laboratory;
  const all = await readableRuns(store);
  const [wanted] = ids;
  const run = wanted === undefined || wanted === LATEST ? newestProfile(all) : await store.load(wanted);
  if (!run) {
    throw new LabError('run-unknown', 'There is no profile to report on.', {
      remedy: { text: 'Profile a preset first.', command: 'hakmem-lab profile PRESET' },
    });
  }
  const profile = await store.loadProfile(run.id);
  const { preset } = run;
  const others: RunDocument[] = [];
  if (ids.length > 1) for (const id of ids.slice(1)) others.push(await runNamed(store, id, 'any'));
  else others.push(...newestOfEach(all.filter((one) => one.preset.name !== preset.name)));
  return {
    createdAt: new Date().toISOString(),
    laboratory,
    subject: {
      run,
      profile,
      document: toDocument(ofEvent(profile, 0), classifier, run.stat),
    },
    rivals: all.find((one) => one.preset.name === preset.name && one.results.length > 1) ?? null,
    others,
    comparisons: newestComparisons(await savedComparisons(store)),
    matrices: newestMatrices(await savedMatrices(store)),
    history: presetHistory(all, preset.name),
    options:
      (await store.isOwn(run.id)) && (context.mayDescribe?.(run) ?? true)
        ? await describeOptions(lab, run.environment.variables, context)
        : null,
  };
}

/**
 * The newest profile with a throughput, or else the newest: what a comparison recorded to see where its sides differ isn't
 * what somebody wants a report on.
 */
function newestProfile(runs: readonly RunDocument[]): RunDocument | undefined {
  const profiles = runs.filter(({ kind, importedFrom }) => kind === 'profile' && importedFrom === undefined);
  return profiles.find(({ results }) => results.length > 0) ?? profiles[0];
}

/** The newest run of each preset that has a throughput. @param runs newest first */
function newestOfEach(runs: readonly RunDocument[]): RunDocument[] {
  const seen = new Map<string, RunDocument>();
  for (const run of runs)
    if (run.results.length > 0 && !seen.has(run.preset.name)) seen.set(run.preset.name, run);
  return [...seen.values()].sort((a, b) => (a.preset.name < b.preset.name ? -1 : 1));
}

/** @param comparisons oldest first */
function newestComparisons(comparisons: readonly Comparison[]): Comparison[] {
  const newest = new Map<string, Comparison>();
  for (const one of comparisons) if (one.ratio) newest.set(`${one.a.label}\0${one.b.label}`, one);
  return [...newest.values()];
}

/** @param matrices oldest first */
function newestMatrices(matrices: readonly MatrixResult[]): MatrixResult[] {
  return [...new Map(matrices.filter(({ blocks }) => blocks > 0).map((one) => [one.name, one])).values()];
}
