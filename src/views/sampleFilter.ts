import type { StackColumns } from './callTree.js';
import type { EventProfile, Profile, SampleTable } from '../model/profile.js';

/** A selection of samples. Omitted criteria don't restrict it. */
interface SampleSelection {
  /** Indices into `threads`. */
  readonly threads?: ReadonlySet<number>;
  /** Seconds since the first sample: `from` belongs to the range, `to` does not. */
  readonly from?: number;
  readonly to?: number;
  /** By function: 1 for those whose own samples count. A sample without any frame belongs to none. */
  readonly leaves?: Uint8Array | undefined;
}

/**
 * The samples of one event. All tables except the samples are shared with the profile; if there is only one event, the
 * samples too.
 * @throws RangeError if there is no such event
 */
export function ofEvent(profile: Profile, index = 0): EventProfile {
  const event = profile.events[index];
  if (!event) throw new RangeError(`The profile has no event ${index}.`);
  if (profile.events.length === 1) return { ...profile, event };
  const { samples } = profile;
  return { ...profile, event, samples: pick(samples, (i) => samples.event[i] === index) };
}

/** The selected samples of a profile, sharing every other table with it. O(samples). */
export function selectSamples<P extends Profile>(profile: P, selection: SampleSelection): P {
  const { threads, from = -Infinity, to = Infinity, leaves } = selection;
  if (!threads && !leaves && from === -Infinity && to === Infinity) return profile;
  const { samples, stacks, frames } = profile;
  const selected = (i: number) => {
    const time = samples.time[i] as number;
    if (leaves && leaves[frames.func[stacks.frame[samples.stack[i] as number] as number] as number] !== 1)
      return false;
    return time >= from && time < to && (!threads || threads.has(samples.thread[i] as number));
  };
  return { ...profile, samples: pick(samples, selected) };
}

function pick(samples: SampleTable, wanted: (sample: number) => boolean): SampleTable {
  const indices = new Uint32Array(samples.length);
  let length = 0;
  for (let i = 0; i < samples.length; i++) if (wanted(i)) indices[length++] = i;
  const take = <T extends Int32Array | Float64Array | Uint8Array>(column: T, out: T): T => {
    for (let i = 0; i < length; i++) out[i] = column[indices[i] as number] as number;
    return out;
  };
  return {
    length,
    stack: take(samples.stack, new Int32Array(length)),
    thread: take(samples.thread, new Int32Array(length)),
    event: take(samples.event, new Uint8Array(length)),
    time: take(samples.time, new Float64Array(length)),
    weight: take(samples.weight, new Float64Array(length)),
    ...(samples.address ? { address: take(samples.address, new Int32Array(length)) } : {}),
  };
}

/** What a view is restricted to, besides threads and time. */
interface SampleFilter extends SampleSelection {
  /** Omitted if all samples are of one event. */
  readonly event?: number | undefined;
}

/**
 * 1 for the selected samples: one byte each, whereas copies of their columns would take up to 29. Undefined if all samples are
 * selected. O(samples) if anything is restricted.
 */
export function sampleMask(
  { samples, stacks, frames }: StackColumns,
  { event, threads, from = -Infinity, to = Infinity, leaves }: SampleFilter,
): Uint8Array | undefined {
  const wholeTime = from === -Infinity && to === Infinity;
  if (event === undefined && !threads && wholeTime && !leaves) return undefined;
  const mask = new Uint8Array(samples.length);
  let wanted: Uint8Array | undefined;
  if (threads) {
    // There are few threads and many samples: an array is faster than a set.
    wanted = new Uint8Array(Math.max(0, ...threads) + 1);
    for (const thread of threads) wanted[thread] = 1;
  }
  let kept = 0;
  const { length, stack, event: eventOf, thread: threadOf, time: timeOf } = samples;
  for (let i = 0; i < length; i++) {
    if (event !== undefined && eventOf[i] !== event) continue;
    if (wanted && wanted[threadOf[i] as number] !== 1) continue;
    if (!wholeTime) {
      const time = timeOf[i] as number;
      if (!(time >= from && time < to)) continue;
    }
    if (leaves && leaves[frames.func[stacks.frame[stack[i] as number] as number] as number] !== 1) continue;
    mask[i] = 1;
    kept++;
  }
  return kept === samples.length ? undefined : mask;
}
