import { gunzipSync } from 'node:zlib';
import { LabError } from '../labError.js';
import { ProfileBuilder } from '../../model/builder.js';
import { IntPairMap } from '../../model/intPairMap.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { unnamedFunction } from '../symbols/unnamed.js';
import { malformed, MAX_EVENTS, unique, wholeFile, type Importer } from './importer.js';
import { decodePprof, FORMAT, type PprofLocation } from './pprofDecode.js';

/** A compressed file may unfold to a thousand times its size; this is where it ends. */
const MAX_BYTES = 1024 * 2 ** 20;
/** Inlined functions at one address; compilers stay below a hundred. */
const MAX_INLINED = 1000;
/** All frames that are expanded: a hostile file can refer to one deep location again and again. */
const MAX_FRAMES = 50_000_000;

/** pprof (github.com/google/pprof/blob/main/proto/profile.proto), gzipped or not. */
export function importPprof(bytes: Buffer): Profile {
  const profile = decodePprof(unzip(bytes));
  const { sampleTypes: types } = profile;
  if (types.length > MAX_EVENTS) throw malformed(FORMAT, `${types.length} kinds of sample`, 'its start');
  // As the pprof tool does: the default comes first if there is one, else the last kind.
  const usual = types.findIndex((t) => t.type === profile.defaultType);
  const shown = usual === -1 ? types.length - 1 : usual;
  const all = [shown, ...types.keys()].filter((kind, i) => i === 0 || kind !== shown);
  // What was freed between two heap profiles, for one: there are no shares of a sum with negative parts.
  const order = all.filter((kind) => !profile.samples.some(({ values }) => (values[kind] ?? 0) < 0));
  if (order.length === 0 && types.length > 0)
    throw new LabError('profile-corrupt', 'The pprof file is the difference of two profiles.', {
      detail: 'Values of every kind are negative, and there are no shares of such (at its samples).',
      remedy: { text: 'Import the two profiles themselves, and compare them here.' },
    });
  const notes = all
    .filter((kind) => !order.includes(kind))
    .map((kind) => `${types[kind]?.type ?? ''} is left out: it is a difference, with negative values.`);
  const names = unique(order.map((kind) => types[kind]?.type || 'samples'));
  const [first, ...others] = order.map((kind, i): ProfileEvent => {
    const unit = types[kind]?.unit ?? '';
    return { name: names[i] as string, ...(unit === '' || unit === 'count' ? {} : { unit }) };
  });
  if (types.length === 0 || !first) throw malformed(FORMAT, 'it names no kind of sample', 'its start');

  const builder = new ProfileBuilder();
  const thread = builder.thread(0, 0, new Map());
  const expanded = new Map<PprofLocation, { index: number; frames: number[] }>();
  const steps = new IntPairMap();
  let budget = MAX_FRAMES;
  const expand = (location: PprofLocation) => {
    let known = expanded.get(location);
    if (!known) {
      known = { index: expanded.size, frames: framesOf(builder, location) };
      expanded.set(location, known);
    }
    return known;
  };
  profile.samples.forEach(({ locations, values }, i) => {
    if (order.every((kind) => (values[kind] ?? 0) === 0)) return;
    let stack = -1;
    for (let l = locations.length - 1; l >= 0; l--) {
      const { index, frames } = expand(locations[l] as PprofLocation);
      let next = steps.get(stack, index);
      if (next === -1) {
        next = stack;
        budget -= frames.length;
        if (budget < 0) throw malformed(FORMAT, `it has more than ${MAX_FRAMES} frames`, `sample ${i}`);
        for (const frame of frames) next = builder.stack(next, frame);
        steps.set(stack, index, next);
      }
      stack = next;
    }
    if (stack === -1) stack = builder.stack(-1, unknownFrame(builder, ''));
    order.forEach((kind, event) => {
      const weight = values[kind] ?? 0;
      if (weight > 0) builder.sample(stack, thread, 0, weight, event);
    });
  });
  return builder.finish([first, ...others], notes);
}

function unzip(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    throw malformed(FORMAT, `unpacking: ${error instanceof Error ? error.message : String(error)}`, 'byte 0');
  }
}

/** Outermost first. A location lists what was inlined there before the function that was really called. */
function framesOf(builder: ProfileBuilder, { module, lines }: PprofLocation): number[] {
  if (lines.length > MAX_INLINED)
    throw malformed(FORMAT, `${lines.length} functions inlined at one address`, 'a location');
  if (lines.length === 0) return [unknownFrame(builder, module)];
  return lines
    .map(({ func, line }, i) => {
      const index = builder.func({
        name: func.name || unnamedFunction(module),
        module,
        file: func.file,
        line: func.startLine,
      });
      return builder.frame(index, line > 0 ? func.file : '', line, i < lines.length - 1);
    })
    .reverse();
}

function unknownFrame(builder: ProfileBuilder, module: string): number {
  return builder.frame(
    builder.func({ name: unnamedFunction(module), module, file: '', line: 0 }),
    '',
    0,
    false,
  );
}

export function pprofImporter(): Importer {
  return wholeFile(FORMAT, MAX_BYTES, importPprof);
}
