import path from 'node:path';
import type { Classifier } from '../categories/classifier.js';
import type { Scenario } from '../lab/labFile.js';
import type { Profile } from '../profile/profile.js';
import { packStrings } from '../profile/strings.js';
import type { RunDocument } from '../store/runDocument.js';
import { argumentsThatDiffer } from '../store/runArguments.js';
import type { PanelProfile } from './panelData.js';

/** A profile and its run for the panel: the profile's own columns, with the names packed and functions classified. */
export function toPanelProfile(
  run: RunDocument,
  profile: Profile,
  classifier: Classifier,
  scenarios: readonly Scenario[] = [],
): PanelProfile {
  const { events, functions, frames, stacks, samples, threads, notes } = profile;
  return {
    runId: run.id,
    preset: run.preset.name,
    program: path.basename(run.preset.program),
    createdAt: run.createdAt,
    events,
    strings: packStrings(profile.strings),
    functions,
    frames,
    stacks,
    samples,
    threads,
    category: classifier.classifyAll(profile),
    categories: classifier.names,
    results: run.results,
    ...argumentsOf(run),
    stat: run.stat,
    notes,
    scenarios: scenarios.map(({ name, description, targets }) => ({
      name,
      description,
      targets: targets.map(({ category, percent }) => ({ category, share: percent / 100 })),
    })),
  };
}

function argumentsOf(run: RunDocument): Pick<PanelProfile, 'differentArguments'> {
  const differentArguments = argumentsThatDiffer(run);
  return differentArguments ? { differentArguments } : {};
}
