import type { EventProfile, Profile, ProfileEvent } from '../model/profile.js';
import type { RunDocument } from '../model/run.js';

/** The weights are numbers of samples themselves, as in folded stacks: one line stands for so many. */
export function countsSamples({ name }: ProfileEvent): boolean {
  return name === 'samples';
}

/** How many samples an event has, which says how far its shares can be trusted; null if that is unknown. O(samples). */
export function samplesOf(profile: EventProfile): number | null {
  const { event } = profile;
  if (event.exact === true) return null;
  return event.taken === undefined ? numberOfSamples(profile) : event.taken;
}

/** How many samples a profile was made of, where the first event's are known. O(samples). */
export function samplesOfAll(profile: Profile): number | null {
  const taken = profile.events[0]?.taken;
  return taken === undefined ? numberOfSamples(profile) : taken;
}

/** O(samples). */
export function numberOfSamples({ events, samples }: Pick<Profile, 'events' | 'samples'>): number {
  let sum = 0;
  for (let i = 0; i < samples.length; i++) {
    const event = events[samples.event[i] ?? 0];
    sum += event !== undefined && countsSamples(event) ? (samples.weight[i] ?? 0) : 1;
  }
  return sum;
}

/** Whether an event measures processor time: the weights are nanoseconds. */
export function isClock(name: string): boolean {
  return /^(cpu|task)-clock(:|$)/.test(name);
}

/** What samples stand for, of an event that measures it; undefined where they have no times: then each weighs one. */
export function processorSeconds(name: string, samples: number, weight: number): number | undefined {
  return isClock(name) && weight > samples ? weight * 1e-9 : undefined;
}

/** How often an event was counted, where it was counted one by one. O(samples). */
export function exactCount(
  { events, samples }: Pick<Profile, 'events' | 'samples'>,
  index = 0,
): RunDocument['counted'] {
  const event = events[index];
  if (event?.exact !== true) return undefined;
  let amount = 0;
  for (let i = 0; i < samples.length; i++) if (samples.event[i] === index) amount += samples.weight[i] ?? 0;
  return { event: event.name, amount };
}
