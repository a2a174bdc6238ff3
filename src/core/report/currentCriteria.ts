import type { RunDocument } from '../../model/run.js';
import { toDocument } from '../../views/toDocument.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { Laboratory } from '../laboratory.js';
import { checkCriterion, type CriterionResult } from './criteria.js';
import type { ReportedRun } from './reportData.js';

/**
 * The lab's criteria against the newest runs of their presets. Reads one profile for each preset whose shares are asked for.
 * @param runs newest first
 */
export async function currentCriteria(
  laboratory: Laboratory,
  runs: readonly RunDocument[],
): Promise<CriterionResult[]> {
  const subjects = new Map<string, Promise<ReportedRun | undefined>>();
  const subjectOf = (preset: string) => {
    const known = subjects.get(preset) ?? newestProfile(laboratory, runs, preset);
    subjects.set(preset, known);
    return known;
  };
  return Promise.all(
    laboratory.lab.definition.criteria.map(async (criterion) =>
      checkCriterion(
        criterion,
        runs,
        criterion.measure === 'share' ? await subjectOf(criterion.preset) : undefined,
      ),
    ),
  );
}

async function newestProfile(
  { store, classifier }: Laboratory,
  runs: readonly RunDocument[],
  preset: string,
): Promise<ReportedRun | undefined> {
  const run = runs.find((one) => one.kind === 'profile' && one.preset.name === preset);
  const profile = run && (await store.loadProfile(run.id).catch(() => undefined));
  return profile && { run, profile, document: toDocument(ofEvent(profile, 0), classifier, run.stat) };
}
