import * as z from '../zod.js';
import { LabError, messageOf } from '../labError.js';
import type { Profile } from '../../model/profile.js';
import { newerVersion } from './runFile.js';

/** The first format of saved profiles: JSON with one event. Still read, no longer written. */
const FORMAT_VERSION = 1;

const column = z.array(z.number());
const schema = z.object({
  formatVersion: z.literal(FORMAT_VERSION),
  event: z.object({
    name: z.string(),
    fallback: z.exactOptional(z.object({ requested: z.string(), reason: z.string() })),
  }),
  strings: z.array(z.string()),
  functions: z.object({ name: column, module: column, file: column, line: column }),
  frames: z.object({ func: column, file: column, line: column, inlined: column }),
  stacks: z.object({ parent: column, frame: column }),
  samples: z.object({ stack: column, thread: column, time: column, weight: column }),
  threads: z.array(z.object({ pid: z.number(), tid: z.number(), name: z.string() })),
  notes: z.array(z.string()),
});

/** @throws LabError `newer-version`, `profile-corrupt`, also if a reference between tables is out of range */
export function parseJsonProfile(text: string, file: string): Profile {
  const corrupt = (detail: string) =>
    new LabError('profile-corrupt', `The saved profile ${file} can't be read.`, {
      detail,
      remedy: { text: 'Profile the preset again.' },
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw corrupt(messageOf(error));
  }
  const version = (json as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === 'number' && version > FORMAT_VERSION) throw newerVersion(file, version);
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw corrupt(z.prettifyError(parsed.error));
  const { functions, frames, stacks, samples, event, strings, threads, notes } = parsed.data;
  const ints = (values: number[], length: number, low: number, high: number, name: string) => {
    if (values.length !== length)
      throw corrupt(`Column ${name} has ${values.length} entries instead of ${length}.`);
    const bad = values.findIndex((v) => !Number.isInteger(v) || v < low || v >= high);
    if (bad !== -1) throw corrupt(`Column ${name} has the invalid value ${values[bad]} at index ${bad}.`);
    return Int32Array.from(values);
  };
  const texts = strings.length;
  const lineLimit = 2 ** 31 - 1;
  const [f, r, t, s] = [
    functions.name.length,
    frames.func.length,
    stacks.parent.length,
    samples.stack.length,
  ];
  if (stacks.parent.some((parent, i) => parent >= i)) throw corrupt('A stack precedes its caller.');
  if (samples.time.length !== s || samples.weight.length !== s)
    throw corrupt('The columns of the samples differ in length.');
  return {
    events: [event],
    strings,
    threads,
    notes,
    functions: {
      length: f,
      name: ints(functions.name, f, 0, texts, 'functions.name'),
      module: ints(functions.module, f, -1, texts, 'functions.module'),
      file: ints(functions.file, f, -1, texts, 'functions.file'),
      line: ints(functions.line, f, 0, lineLimit, 'functions.line'),
    },
    frames: {
      length: r,
      func: ints(frames.func, r, 0, f, 'frames.func'),
      file: ints(frames.file, r, -1, texts, 'frames.file'),
      line: ints(frames.line, r, 0, lineLimit, 'frames.line'),
      inlined: Uint8Array.from(ints(frames.inlined, r, 0, 2, 'frames.inlined')),
    },
    stacks: {
      length: t,
      parent: ints(stacks.parent, t, -1, t, 'stacks.parent'),
      frame: ints(stacks.frame, t, 0, r, 'stacks.frame'),
    },
    samples: {
      length: s,
      stack: ints(samples.stack, s, -1, t, 'samples.stack'),
      thread: ints(samples.thread, s, 0, threads.length, 'samples.thread'),
      event: new Uint8Array(s),
      time: Float64Array.from(samples.time),
      weight: Float64Array.from(samples.weight),
    },
  };
}
