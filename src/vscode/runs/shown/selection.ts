import type { Classifier } from '../../../core/categories/classifier.js';
import type { EventProfile, Profile } from '../../../model/profile.js';
import { ofEvent, selectSamples } from '../../../views/sampleFilter.js';
import { printable } from '../../../text/printable.js';
import type { SampleChoice } from '../../../wire/protocol.js';

/** What is shown unless something else is chosen in the panel: all samples of the first event. */
export const wholeProfile: SampleChoice = {
  event: 0,
  threads: null,
  time: null,
  categories: [],
  modules: [],
};

export function isWhole(choice: SampleChoice): boolean {
  return sameChoice(choice, wholeProfile);
}

export function sameChoice(a: SampleChoice, b: SampleChoice): boolean {
  const text = ({ event, threads, time, categories, modules }: SampleChoice) =>
    JSON.stringify([event, threads, time?.from, time?.to, categories, modules]);
  return text(a) === text(b);
}

/** The samples of a choice. An event that isn't there is the first one. */
export function chosenSamples(
  recorded: Profile,
  { event, threads, time, categories, modules }: SampleChoice,
  classifier: Classifier,
): EventProfile {
  const profile = ofEvent(recorded, event < recorded.events.length ? event : 0);
  return selectSamples(profile, {
    ...(threads ? { threads: new Set(threads) } : {}),
    ...(time ? { from: time.from, to: time.to } : {}),
    leaves: leavesOf(recorded, categories, modules, classifier),
  });
}

/** By function: 1 for those of the categories and modules, by the names that the panel gives them. */
function leavesOf(
  recorded: Profile,
  categories: readonly string[],
  modules: readonly string[],
  classifier: Classifier,
): Uint8Array | undefined {
  if (categories.length === 0 && modules.length === 0) return undefined;
  const { functions, strings } = recorded;
  const category = classifier.classifyAll(recorded);
  const isOf = (wanted: readonly string[], name: string | undefined) =>
    wanted.length === 0 || wanted.includes(printable(name ?? ''));
  return Uint8Array.from({ length: functions.length }, (_, func) =>
    isOf(categories, classifier.names[category[func] ?? -1]) &&
    isOf(modules, strings[functions.module[func] ?? -1])
      ? 1
      : 0,
  );
}
