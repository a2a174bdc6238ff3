import type { Classifier } from '../categories/classifier.js';
import { runDifferences } from '../../views/runDifferences.js';
import type { RunDocument } from '../../model/run.js';
import type { RunStore } from '../store/runStore.js';
import type { ComparedRun } from '../../wire/panelData.js';
import { toPanelProfile } from './panelProfile.js';

/**
 * A saved run to compare another one with.
 * @param shown the other one, with its lab's classifier: both sides have the same categories
 * @throws LabError `run-unknown` or `profile-corrupt`
 */
export async function comparedRun(
  slot: ComparedRun['slot'],
  store: RunStore,
  id: string,
  shown: { readonly run: RunDocument; readonly classifier: Classifier },
): Promise<ComparedRun> {
  const run = await store.load(id);
  const profile = await store.loadProfile(id);
  return {
    slot,
    profile: toPanelProfile(run, profile, shown.classifier),
    differences: runDifferences(run, shown.run),
  };
}
