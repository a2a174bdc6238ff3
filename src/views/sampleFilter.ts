import type { StackColumns } from './callTree.js';
import type { EventProfile, Profile, SampleTable } from '../model/profile.js';

/** What of a profile's samples is looked at. Everything left out is not restricted. */
interface SampleSelection {
  /** Indices into `threads`. */
  readonly threads?: ReadonlySet<number>;
  /** Seconds since the first sample: `from` belongs to the range, `to` does not. */
  readonly from?: number;
  readonly to?: number;
}

/**
 * The samples of one event. Every table but that of the samples is shared with the profile; where there is only
 * one event, that one too.
 * @throws RangeError when there is no such event
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
  const { threads, from = -Infinity, to = Infinity } = selection;
  if (!threads && from === -Infinity && to === Infinity) return profile;
  const { samples } = profile;
  const selected = (i: number) => {
    const time = samples.time[i] as number;
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
  };
}

/** What a view of the samples is restricted to, besides threads and time. */
interface SampleFilter extends SampleSelection {
  /** Left out where all samples are of one event. */
  readonly event?: number | undefined;
  /** By function: 1 for those whose own samples count. A sample without any frame belongs to none. */
  readonly leaves?: Uint8Array | undefined;
}

/**
 * 1 for the selected samples: a byte each, where copies of their columns would take 25. Undefined where every
 * sample is selected. O(samples) where anything is restricted.
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
    // Threads are few and samples many: an array answers faster than a set.
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
