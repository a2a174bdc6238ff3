import type { Laboratory } from '../laboratory.js';
import type { Classifier } from '../categories/classifier.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { RunStore } from '../store/runStore.js';

/** Where experiments take place. */
export interface Place {
  readonly lab: LoadedLab;
  readonly store: RunStore;
  readonly classifier: Classifier;
}

export function placeOf({ lab, classifier }: Laboratory): Place {
  return { lab, classifier, store: new RunStore(lab.folder) };
}
