import { count } from '../../text/numbers.js';
import { LabError } from '../labError.js';
import type { MemoryLimit } from '../memoryLimit.js';
import { ProfileBuilder } from '../../model/builder.js';
import { IntPairMap } from '../../model/intPairMap.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { unnamedFunction } from '../../model/unnamed.js';
import { malformed, MAX_EVENTS, tooLarge, unique, wholeFile, type Importer } from './importer.js';
import { decodePprof, FORMAT, type PprofLocation, type PprofProfile } from './pprofDecode.js';

/** Limit of the size, unpacked: a compressed file may expand to a thousand times its size. */
const MAX_BYTES = 1024 * 2 ** 20;
/** Limit of inlined functions at one address; compilers stay below a hundred. */
const MAX_INLINED = 1000;
/** Limit of all expanded frames: a hostile file can refer to one deep location over and over. */
const MAX_FRAMES = 50_000_000;

/** pprof (github.com/google/pprof/blob/main/proto/profile.proto). */
function parsePprof(content: Buffer, memory: MemoryLimit): Profile {
  const profile = decodePprof(content, memory.check);
  const { sampleTypes: types } = profile;
  if (types.length > MAX_EVENTS)
    throw malformed(FORMAT, `there are ${count(types.length)} sample types`, 'its start');
  // Like the pprof tool: the default type comes first if there is one, else the last one.
  const usual = types.findIndex((t) => t.type === profile.defaultType);
  const shown = usual === -1 ? types.length - 1 : usual;
  const all = [shown, ...types.keys()].filter((kind, i) => i === 0 || kind !== shown);
  // Negative values, e.g. of memory freed between two heap profiles, have no shares of a sum.
  const order = all.filter((kind) => !profile.samples.some(({ values }) => (values[kind] ?? 0) < 0));
  if (order.length === 0 && types.length > 0)
    throw new LabError('format-unsupported', 'The pprof file is the difference of two profiles.', {
      detail: 'All of its sample types have negative values.',
      remedy: { text: 'Import both profiles and compare them.' },
    });
  const notes = all
    .filter((kind) => !order.includes(kind))
    .map((kind) => `${types[kind]?.type ?? ''} is omitted: it is a difference with negative values.`);
  const names = unique(order.map((kind) => types[kind]?.type || 'samples'));
  const [first, ...others] = order.map((kind, i): ProfileEvent => {
    const unit = types[kind]?.unit ?? '';
    return {
      name: names[i] as string,
      taken: taken(profile, types[kind]?.type ?? ''),
      ...(unit === '' || unit === 'count' ? {} : { unit }),
    };
  });
  if (types.length === 0 || !first) throw malformed(FORMAT, 'the file has no sample type', 'its start');

  const builder = new ProfileBuilder(memory.check);
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
  profile.samples.forEach(({ locations, values }) => {
    if (order.every((kind) => (values[kind] ?? 0) === 0)) return;
    let stack = -1;
    for (let l = locations.length - 1; l >= 0; l--) {
      const { index, frames } = expand(locations[l] as PprofLocation);
      let next = steps.get(stack, index);
      if (next === -1) {
        next = stack;
        budget -= frames.length;
        if (budget < 0) throw tooLarge(FORMAT, `It has more than ${count(MAX_FRAMES)} frames.`);
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

/**
 * A sample of the file is the sum of a stack's. How many there were is a value beside the others: `samples` of Go and
 * gperftools, `sample` of pprof-nodejs, and `cycles_sample` beside `cycles_event` of perf_to_profile.
 */
function taken({ sampleTypes, samples }: PprofProfile, type: string): number | null {
  const own = sampleTypes.findIndex((t) => t.type === type.replace(/(_event)?$/, '_sample'));
  const index = own === -1 ? sampleTypes.findIndex((t) => /^samples?$/.test(t.type)) : own;
  if (index === -1 || !/^(count)?$/.test(sampleTypes[index]?.unit ?? '')) return null;
  const sum = samples.reduce((all, { values }) => all + Math.max(0, values[index] ?? 0), 0);
  return Number.isFinite(sum) ? sum : null;
}

/** Outermost first. A location lists inlined functions before the function that was really called. */
function framesOf(builder: ProfileBuilder, { module, lines }: PprofLocation): number[] {
  if (lines.length > MAX_INLINED)
    throw malformed(FORMAT, `${count(lines.length)} functions are inlined at one address`, 'a location');
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

/** @param limit of the size */
export function pprofImporter(memory: MemoryLimit, limit = MAX_BYTES): Importer {
  return wholeFile(FORMAT, limit, memory, parsePprof);
}
