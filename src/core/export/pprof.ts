import { gzipSync } from 'node:zlib';
import { stackWeights } from '../profile/callTree.js';
import type { EventProfile } from '../profile/profile.js';
import { framesOf, functionName, text } from './names.js';
import { ProtoWriter } from './protobuf.js';
import { unitOf } from './units.js';

/**
 * pprof (github.com/google/pprof/blob/main/proto/profile.proto), gzipped: functions with their definitions, lines,
 * inlined functions inside their location, modules as mappings. Each event is a type of sample, the first of them the
 * default. Values are whole numbers in pprof; where weights are not, they are scaled by a power of ten that the unit
 * names.
 * @param events views of one profile
 */
export function exportPprof(events: readonly EventProfile[]): Buffer {
  const profile = events[0] as EventProfile;
  const { functions, frames } = profile;
  const root = new ProtoWriter();
  const strings = new Map([['', 0]]);
  const string = (value: string) => {
    let index = strings.get(value);
    if (index === undefined) strings.set(value, (index = strings.size));
    return index;
  };
  const weights = events.map((view) => stackWeights(view).self);
  const scales = weights.map(scaleOf);
  events.forEach(({ event }, i) => {
    const scale = scales[i] as number;
    const unit = scale === 1 ? unitOf(event) : `${unitOf(event)}/${scale}`;
    root.message(1, new ProtoWriter().number(1, string(event.name)).number(2, string(unit)));
  });
  root.number(14, string(profile.event.name));

  const mappings = new Map<string, number>();
  const locations = new Map<string, number>();
  const locationOf = (group: readonly number[]) => {
    const key = group.join(' ');
    let id = locations.get(key);
    if (id !== undefined) return id;
    locations.set(key, (id = locations.size + 1));
    const module = text(profile, functions.module[frames.func[group[0] as number] as number]);
    if (module !== '' && !mappings.has(module)) mappings.set(module, mappings.size + 1);
    const location = new ProtoWriter().number(1, id).number(2, mappings.get(module) ?? 0);
    // Innermost first: what was inlined comes before the function it was inlined into.
    for (let i = group.length - 1; i >= 0; i--) {
      const frame = group[i] as number;
      const line = new ProtoWriter().number(1, (frames.func[frame] as number) + 1);
      location.message(4, line.number(2, frames.line[frame] as number));
    }
    root.message(4, location);
    return id;
  };
  for (let stack = 0; stack < profile.stacks.length; stack++) {
    const values = weights.map((self, i) => Math.round((self[stack] as number) * (scales[i] as number)));
    if (values.every((value) => value === 0)) continue;
    const ids = physical(profile, framesOf(profile, stack)).map(locationOf).reverse();
    root.message(2, new ProtoWriter().numbers(1, ids).numbers(2, values));
  }
  for (const [module, id] of mappings) {
    const mapping = new ProtoWriter().number(1, id).number(5, string(module));
    root.message(3, mapping.number(7, 1).number(8, 1).number(9, 1).number(10, 1));
  }
  // A function without a known definition has the file of its first frame, so that its lines have one.
  const files = new Map<number, number>();
  for (let r = 0; r < frames.length; r++) {
    const [func, file] = [frames.func[r] as number, frames.file[r] as number];
    if (file >= 0 && !files.has(func)) files.set(func, file);
  }
  for (let f = 0; f < functions.length; f++) {
    const name = string(functionName(profile, f));
    const defined = functions.file[f] as number;
    const file = string(text(profile, defined >= 0 ? defined : files.get(f)));
    const func = new ProtoWriter()
      .number(1, f + 1)
      .number(2, name)
      .number(3, name);
    root.message(5, func.number(4, file).number(5, functions.line[f] as number));
  }
  profile.notes.forEach((note) => root.number(13, string(note)));
  for (const value of strings.keys()) root.text(6, value);
  return gzipSync(root.finish());
}

/** Groups frames, outermost first, by the function that was really called; inlined ones follow it. */
function physical({ frames }: EventProfile, stack: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const frame of stack) {
    const last = groups.at(-1);
    if (last && frames.inlined[frame] === 1) last.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

/** The smallest power of ten, up to 10^6, that makes all weights whole; 10^6 where none does. */
function scaleOf(weights: Float64Array): number {
  const whole = (scale: number) =>
    weights.every((w) => Math.abs(w * scale - Math.round(w * scale)) <= 1e-9 * Math.max(1, w * scale));
  for (let scale = 1; scale < 1e6; scale *= 10) if (whole(scale)) return scale;
  return weights.some((w) => w * 1e6 > Number.MAX_SAFE_INTEGER) ? 1 : 1e6;
}
