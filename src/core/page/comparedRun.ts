import type { Classifier } from '../categories/classifier.js';
import { runDifferences } from '../../views/runDifferences.js';
import { runName } from '../../text/runLabel.js';
import type { LoadedLab } from '../lab/loadLab.js';
import type { RunDocument } from '../../model/run.js';
import { runNamed, type SavedRuns } from '../store/savedRuns.js';
import type { ComparedRun } from '../../wire/panelData.js';
import { toPanelProfile } from './panelProfile.js';

/**
 * A saved run for the Compare tab of another one.
 * @param id of a run, or `latest`
 * @param shown the other run, with its lab's classifier: both sides have the same categories
 * @throws LabError as `SavedRuns.load` and `loadProfile`
 */
export async function comparedRun(
  slot: ComparedRun['slot'],
  { store, lab }: { readonly store: SavedRuns; readonly lab: LoadedLab },
  id: string,
  shown: { readonly run: RunDocument; readonly classifier: Classifier },
): Promise<ComparedRun> {
  const run = await runNamed(store, id, 'profile');
  const [profile, { title }] = await Promise.all([store.loadProfile(run.id), store.description(run.id)]);
  return {
    slot,
    profile: toPanelProfile(run, profile, shown.classifier, {
      name: runName(run, title, lab.definition.presets),
    }),
    differences: runDifferences(run, shown.run),
  };
}
