import type { EventProfile, Profile } from '../../../model/profile.js';
import { ofEvent, selectSamples } from '../../../views/sampleFilter.js';
import type { SampleChoice } from '../../../wire/protocol.js';

/** What is shown unless something else is chosen in the panel: all samples of the first event. */
export const wholeProfile: SampleChoice = { event: 0, threads: null, time: null };

export function isWhole({ event, threads, time }: SampleChoice): boolean {
  return event === 0 && threads === null && time === null;
}

export function sameChoice(a: SampleChoice, b: SampleChoice): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** The samples of a choice. An event that isn't there is the first one. */
export function chosenSamples(recorded: Profile, { event, threads, time }: SampleChoice): EventProfile {
  const profile = ofEvent(recorded, event < recorded.events.length ? event : 0);
  return selectSamples(profile, {
    ...(threads ? { threads: new Set(threads) } : {}),
    ...(time ? { from: time.from, to: time.to } : {}),
  });
}
