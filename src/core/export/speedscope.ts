import { EXPORTER, OF_THREAD } from '../import/speedscope.js';
import { stackWeights } from '../../views/callTree.js';
import type { EventProfile, SampleTable } from '../../model/profile.js';
import { selectSamples } from '../../views/sampleFilter.js';
import { framelessWeight, framesOf, functionName, text } from './names.js';
import { unitOf } from './units.js';

/** With more threads, a profile for each of them doesn’t help. */
const MAX_THREADS = 64;
/** Limit of frame references of samples in order of time: 40 MB of text. Beyond it, equal stacks are merged. */
const MAX_IN_ORDER = 5_000_000;

/** The units of the schema; others are `none`. */
const UNITS = new Set(['nanoseconds', 'microseconds', 'milliseconds', 'seconds', 'bytes']);

/**
 * speedscope's file format: a sampled profile for each event, then one for each of its threads. Frames are functions with
 * the location of their definition: speedscope counts frames with different lines as different functions.
 * @param events views of one profile
 */
export function exportSpeedscope(events: readonly EventProfile[], name: string): string {
  const first = events[0] as EventProfile;
  const { functions } = first;
  const frames = Array.from({ length: functions.length }, (_, f) => {
    const file = text(first, functions.file[f]);
    const line = functions.line[f] as number;
    return { name: functionName(first, f), ...(file ? { file, ...(line > 0 ? { line } : {}) } : {}) };
  });
  const ofThreads = events.flatMap((view) => byThread(view));
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    exporter: EXPORTER,
    name,
    activeProfileIndex: 0,
    shared: { frames },
    profiles: [...events.map((view) => sampled(view, view.event.name)), ...ofThreads],
  });
}

function byThread(profile: EventProfile): object[] {
  const present = [...new Set(profile.samples.thread)];
  if (present.length < 2 || present.length > MAX_THREADS) return [];
  return present.map((index) => {
    const { name, tid } = profile.threads[index] ?? { name: '', tid: 0 };
    const thread = `${profile.event.name}${OF_THREAD}${name} ${tid}`;
    return sampled(selectSamples(profile, { threads: new Set([index]) }), thread);
  });
}

function sampled(profile: EventProfile, name: string): object {
  const samples: number[][] = [];
  const weights: number[] = [];
  const add = (stack: number, weight: number) => {
    samples.push(framesOf(profile, stack).map((frame) => profile.frames.func[frame] as number));
    weights.push(weight);
  };
  const order = inOrder(profile);
  if (order) {
    const { samples: table } = profile;
    for (let i = 0; i < order.length;) {
      const stack = table.stack[order[i] as number] as number;
      let weight = 0;
      for (; i < order.length && table.stack[order[i] as number] === stack; i++)
        weight += table.weight[order[i] as number] as number;
      if (weight > 0) add(stack, weight);
    }
  } else {
    stackWeights(profile).self.forEach((weight, stack) => {
      if (weight > 0) add(stack, weight);
    });
    const frameless = framelessWeight(profile);
    if (frameless > 0) add(-1, frameless);
  }
  const unit = unitOf(profile.event);
  const endValue = weights.reduce((a, b) => a + b, 0);
  return {
    type: 'sampled',
    name,
    unit: UNITS.has(unit) ? unit : 'none',
    startValue: 0,
    endValue,
    samples,
    weights,
  };
}

/** The samples in order of time, or undefined without times, or if there are too many. */
function inOrder({ samples, stacks }: EventProfile): Uint32Array | undefined {
  if (!hasTimes(samples)) return undefined;
  const depth = new Int32Array(stacks.length);
  for (let s = 0; s < stacks.length; s++) {
    const parent = stacks.parent[s] as number;
    depth[s] = (parent < 0 ? 0 : (depth[parent] as number)) + 1;
  }
  let references = 0;
  for (let i = 0; i < samples.length; i++) references += depth[samples.stack[i] as number] ?? 0;
  if (references > MAX_IN_ORDER) return undefined;
  const order = new Uint32Array(samples.length).map((_, i) => i);
  return order.sort((a, b) => (samples.time[a] as number) - (samples.time[b] as number) || a - b);
}

function hasTimes({ time, length }: SampleTable): boolean {
  for (let i = 1; i < length; i++) if (time[i] !== time[0]) return true;
  return false;
}
