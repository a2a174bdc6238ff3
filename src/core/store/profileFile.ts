import * as z from 'zod';
import { LabError } from '../labError.js';
import type { Profile } from '../profile/profile.js';

/** Raised when the saved form changes; `parseProfile` reads this and all earlier ones. */
export const PROFILE_FORMAT_VERSION = 2;

const column = z.array(z.number());
const event = z.object({
  name: z.string(),
  fallback: z.object({ requested: z.string(), reason: z.string() }).exactOptional(),
});
const schema = z.object({
  formatVersion: z.literal(PROFILE_FORMAT_VERSION),
  events: z.tuple([event], event),
  strings: z.array(z.string()),
  functions: z.object({ name: column, module: column, file: column, line: column }),
  frames: z.object({ func: column, file: column, line: column, inlined: column }),
  stacks: z.object({ parent: column, frame: column }),
  samples: z.object({ stack: column, thread: column, event: column, time: column, weight: column }),
  threads: z.array(z.object({ pid: z.number(), tid: z.number(), name: z.string() })),
  notes: z.array(z.string()),
});

/** Format 1 had one event, and no column that names it. */
function upgrade(json: unknown): unknown {
  const old = json as { formatVersion?: unknown; event?: unknown; samples?: { stack?: unknown } } | null;
  if (old?.formatVersion !== 1) return json;
  const stacks = old.samples?.stack;
  return {
    ...old,
    formatVersion: PROFILE_FORMAT_VERSION,
    events: [old.event],
    samples: { ...old.samples, event: Array.isArray(stacks) ? stacks.map(() => 0) : [] },
  };
}

export function serializeProfile(profile: Profile): string {
  const columns = (table: object) =>
    Object.fromEntries(
      Object.entries(table)
        .filter(([key]) => key !== 'length')
        .map(([key, values]) => [key, Array.from(values as Int32Array)]),
    );
  return JSON.stringify({
    formatVersion: PROFILE_FORMAT_VERSION,
    events: profile.events,
    strings: profile.strings,
    functions: columns(profile.functions),
    frames: columns(profile.frames),
    stacks: columns(profile.stacks),
    samples: columns(profile.samples),
    threads: profile.threads,
    notes: profile.notes,
  });
}

/** @throws LabError `profile-corrupt`, also when a reference between tables leads nowhere */
export function parseProfile(text: string, file: string): Profile {
  const corrupt = (detail: string) =>
    new LabError('profile-corrupt', `The saved profile ${file} cannot be read.`, {
      detail,
      remedy: { text: 'Profile the preset again.' },
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw corrupt(error instanceof Error ? error.message : String(error));
  }
  const version = (json as { formatVersion?: unknown } | null)?.formatVersion;
  if (typeof version === 'number' && version > PROFILE_FORMAT_VERSION) {
    throw corrupt(`It has format ${version}, made by a newer version of the lab.`);
  }
  const parsed = schema.safeParse(upgrade(json));
  if (!parsed.success) throw corrupt(z.prettifyError(parsed.error));
  const { functions, frames, stacks, samples, events, strings, threads, notes } = parsed.data;
  const ints = (values: number[], length: number, low: number, high: number, name: string) => {
    if (values.length !== length)
      throw corrupt(`Column ${name} has ${values.length} entries, not ${length}.`);
    const bad = values.findIndex((v) => !Number.isInteger(v) || v < low || v >= high);
    if (bad !== -1) throw corrupt(`Column ${name} has ${values[bad]} at ${bad}.`);
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
  if (stacks.parent.some((parent, i) => parent >= i)) throw corrupt('A stack comes before its caller.');
  if (samples.time.length !== s || samples.weight.length !== s)
    throw corrupt('The sample columns differ in length.');
  return {
    events,
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
      event: Uint8Array.from(ints(samples.event, s, 0, events.length, 'samples.event')),
      time: Float64Array.from(samples.time),
      weight: Float64Array.from(samples.weight),
    },
  };
}
