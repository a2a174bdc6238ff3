import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { stackWeights } from '../../views/callTree.js';
import type { EventProfile } from '../../model/profile.js';
import { framelessWeight, framesOf, functionName, text } from './names.js';
import { ProtoWriter } from './protobuf.js';
import { unitOf } from './units.js';

/**
 * pprof (github.com/google/pprof/blob/main/proto/profile.proto), gzipped: functions with their definitions, lines,
 * inlined functions within their location, modules as mappings. Each event is a sample type, the first one the default.
 * Values are integers in pprof; fractional weights, if rounding them would be visible, are scaled by a power of ten, which
 * the unit shows. Samples without any frame have no location, so that the total stays the same.
 * @param events views of one profile
 * @param program path of the program: pprof assumes that the first mapping is the program
 */
export function exportPprof(events: readonly EventProfile[], program = ''): Buffer {
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
  const frameless = events.map(framelessWeight);
  const scales = weights.map((self, i) => scaleOf([...self, frameless[i] as number]));
  events.forEach(({ event }, i) => {
    const scale = scales[i] as number;
    const unit = scale === 1 ? unitOf(event) : `${unitOf(event)}/${scale}`;
    root.message(1, new ProtoWriter().number(1, string(event.name)).number(2, string(unit)));
  });
  root.number(14, string(profile.event.name));

  const mappings = new Map<string, Mapping>();
  const mappingOf = (module: string): Mapping => {
    let mapping = mappings.get(module);
    if (!mapping) mappings.set(module, (mapping = { id: mappings.size + 1, files: 0, lines: 0, inlined: 0 }));
    return mapping;
  };
  const main = mainModule(profile, program);
  if (main !== undefined) mappingOf(main);
  const locations = new Map<string, number>();
  const locationOf = (group: readonly number[]) => {
    const key = group.join(' ');
    let id = locations.get(key);
    if (id !== undefined) return id;
    locations.set(key, (id = locations.size + 1));
    const module = text(profile, functions.module[frames.func[group[0] as number] as number]);
    const mapping = module === '' ? undefined : mappingOf(module);
    const location = new ProtoWriter().number(1, id).number(2, mapping?.id ?? 0);
    if (mapping && group.length > 1) mapping.inlined = 1;
    // Innermost first: inlined functions precede the function they were inlined into.
    for (let i = group.length - 1; i >= 0; i--) {
      const frame = group[i] as number;
      const line = new ProtoWriter().number(1, (frames.func[frame] as number) + 1);
      location.message(4, line.number(2, frames.line[frame] as number));
      if (mapping && (frames.file[frame] as number) >= 0) mapping.files = 1;
      if (mapping && (frames.line[frame] as number) > 0) mapping.lines = 1;
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
  const rest = frameless.map((weight, i) => Math.round(weight * (scales[i] as number)));
  if (rest.some((value) => value > 0)) root.message(2, new ProtoWriter().numbers(2, rest));
  for (const [module, { id, files, lines, inlined }] of mappings) {
    const mapping = new ProtoWriter().number(1, id).number(5, string(module));
    // Already symbolized: the first flag alone keeps pprof from searching for symbols.
    root.message(3, mapping.number(7, 1).number(8, files).number(9, lines).number(10, inlined));
  }
  // A function without a known definition gets the file of its first frame, so that its lines have a file.
  const files = new Map<number, number>();
  for (let r = 0; r < frames.length; r++) {
    const [func, file] = [frames.func[r] as number, frames.file[r] as number];
    if (file >= 0 && !files.has(func)) files.set(func, file);
  }
  for (let f = 0; f < functions.length; f++) {
    const name = string(functionName(profile, f));
    const defined = functions.file[f] as number;
    const file = string(text(profile, defined >= 0 ? defined : files.get(f)));
    // No system name: if both names are equal, pprof assumes a mangled name and strips arguments and templates.
    const func = new ProtoWriter().number(1, f + 1).number(2, name);
    root.message(5, func.number(4, file).number(5, functions.line[f] as number));
  }
  profile.notes.forEach((note) => root.number(13, string(note)));
  for (const value of strings.keys()) root.text(6, value);
  return gzipSync(root.finish());
}

/** The flags, 0 or 1, say what is known about any of its locations. */
interface Mapping {
  readonly id: number;
  files: number;
  lines: number;
  inlined: number;
}

/** The module of the program, whose path may be relative. */
function mainModule(profile: EventProfile, program: string): string | undefined {
  const { module } = profile.functions;
  const name = path.basename(program);
  let found: string | undefined;
  for (const index of new Set(module)) {
    const candidate = text(profile, index);
    if (candidate !== '' && candidate === program) return candidate;
    if (name !== '' && path.basename(candidate) === name) found ??= candidate;
  }
  return found;
}

/** Groups frames, outermost first, by the function that was really called; functions inlined into it follow. */
function physical({ frames }: EventProfile, stack: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const frame of stack) {
    const last = groups.at(-1);
    if (last && frames.inlined[frame] === 1) last.push(frame);
    else groups.push([frame]);
  }
  return groups;
}

/** How much of the total rounding may change: 0.0001% is invisible. */
const ROUNDING = 1e-6;

/** The smallest power of ten, up to 10^6, that makes all weights integers up to `ROUNDING`; 10^6 if none does. */
function scaleOf(weights: readonly number[]): number {
  const all = weights.reduce((a, b) => a + b, 0);
  const lost = (scale: number) =>
    weights.reduce((sum, w) => sum + Math.abs(w - Math.round(w * scale) / scale), 0);
  for (let scale = 1; scale < 1e6; scale *= 10) if (lost(scale) <= ROUNDING * all) return scale;
  return weights.some((w) => w * 1e6 > Number.MAX_SAFE_INTEGER) ? 1 : 1e6;
}
