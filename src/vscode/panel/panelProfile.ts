import type { Classifier } from '../../core/categories/categories.js';
import type { Profile } from '../../core/profile/profile.js';
import { packStrings } from '../../core/profile/strings.js';
import type { RunDocument } from '../../core/store/runDocument.js';
import type { PanelProfile } from '../../protocol.js';

/** A profile and its run for the panel: the profile's own columns, with the names packed and functions classified. */
export function toPanelProfile(run: RunDocument, profile: Profile, classifier: Classifier): PanelProfile {
  const { events, functions, frames, stacks, samples, threads, notes } = profile;
  return {
    runId: run.id,
    preset: run.preset.name,
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
    stat: run.stat,
    notes,
  };
}
