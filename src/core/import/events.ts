import { LabError } from '../labError.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';

/**
 * Shares require a positive, finite sum. Events without any weight are left out, and a note names them.
 * @throws LabError `no-samples` if no event is left, or if weights overflow
 */
export function checked(profile: Profile, file: string): Profile {
  const { samples, events, notes } = profile;
  const sums = new Float64Array(events.length);
  for (let i = 0; i < samples.length; i++) {
    const event = samples.event[i] as number;
    sums[event] = (sums[event] as number) + (samples.weight[i] as number);
  }
  const nothing = (detail: string) =>
    new LabError('no-samples', `${file} contains no samples to show.`, {
      detail,
      remedy: { text: 'Check that the recording is complete, or record for longer.' },
    });
  const bad = sums.findIndex((sum) => !Number.isFinite(sum));
  if (bad !== -1)
    throw nothing(`The samples of ${(events[bad] as ProfileEvent).name} add up to ${sums[bad]}.`);
  const [first, ...others] = events.filter((_, i) => (sums[i] as number) > 0);
  if (!first)
    throw nothing(
      [
        samples.length === 0 ? 'There are no samples.' : 'The samples add up to 0.',
        ...notes.slice(0, 5),
      ].join(' '),
    );
  if (others.length + 1 === events.length) return profile;

  const kept = [first, ...others];
  const renumbered = events.map((event) => kept.indexOf(event));
  const indices = Array.from(samples.event.keys()).filter(
    (i) => renumbered[samples.event[i] as number] !== -1,
  );
  const empty = events.filter((event) => !kept.includes(event)).map((event) => event.name);
  return {
    ...profile,
    events: kept,
    samples: {
      length: indices.length,
      stack: Int32Array.from(indices, (i) => samples.stack[i] as number),
      thread: Int32Array.from(indices, (i) => samples.thread[i] as number),
      event: Uint8Array.from(indices, (i) => renumbered[samples.event[i] as number] as number),
      time: Float64Array.from(indices, (i) => samples.time[i] as number),
      weight: Float64Array.from(indices, (i) => samples.weight[i] as number),
      ...(samples.address
        ? { address: Int32Array.from(indices, (i) => samples.address?.[i] as number) }
        : {}),
    },
    notes: [...notes, `Events without samples: ${empty.join(', ')}.`],
  };
}

/**
 * The index of the event with this name, with or without its unit: `cpu`, `cpu (nanoseconds)`.
 * @throws LabError `event-unknown`, listing the events
 */
export function eventNamed({ events }: Profile, name: string): number {
  const described = events.map((event) => (event.unit ? `${event.name} (${event.unit})` : event.name));
  const index = events.findIndex((event) => event.name === name);
  const found = index === -1 ? described.indexOf(name) : index;
  if (found !== -1) return found;
  throw new LabError('event-unknown', `The profile has no event named ${JSON.stringify(name)}.`, {
    detail: `Its events: ${described.slice(0, 50).join(', ')}`,
    remedy: { text: 'Use one of these events.' },
  });
}
