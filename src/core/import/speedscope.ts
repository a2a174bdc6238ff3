import { ProfileBuilder } from '../../model/builder.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { count } from '../../text/numbers.js';
import { LabError } from '../labError.js';
import type { MemoryLimit } from '../memoryLimit.js';
import { malformed, MAX_EVENTS, unique, wholeFile, type Importer } from './importer.js';
import { MAX_JSON_BYTES, parseJson } from './json.js';

const FORMAT = 'speedscope file';

type Json = Record<string, unknown>;

/** Marks this project's own export: its frames are functions with the line of their definition. */
export const EXPORTER = 'hakmem-lab';

/** In this project's export, separates event and thread in the name of a profile of one thread. */
export const OF_THREAD = ' · thread ';

/**
 * speedscope's own format (speedscope.app/file-format-schema.json), sampled and evented. Each of its profiles
 * becomes an event, since nothing says that their values may be summed; the active one comes first.
 */
function parseSpeedscope(bytes: Buffer, memory: MemoryLimit): Profile {
  const root = object(parseJson(bytes, FORMAT, memory), 'the file');
  if (!Array.isArray(root.profiles) && !('shared' in root))
    throw malformed(FORMAT, 'the JSON contains no list of profiles', 'profiles');
  const profiles = array(root.profiles, 'profiles').map((p, i) => object(p, `profiles[${i}]`));
  if (profiles.length === 0) throw malformed(FORMAT, 'the file contains no profile', 'profiles');
  const active = typeof root.activeProfileIndex === 'number' ? root.activeProfileIndex : 0;
  const ours = root.exporter === EXPORTER;
  // In this project's export, samples of a thread also occur in the profile of their event.
  const all = [...profiles.keys()].filter((i) => i !== active && !(ours && isOfThread(profiles[i] as Json)));
  const wanted = profiles[active] ? [active, ...all] : all;
  // Negative weights, e.g. of memory that was freed, have no shares of a sum.
  const differences = new Set(wanted.filter((i) => isDifference(profiles[i] as Json)));
  const order = wanted.filter((i) => !differences.has(i)).slice(0, MAX_EVENTS);
  if (order.length === 0)
    throw new LabError('format-unsupported', 'The speedscope file has negative weights.', {
      detail: 'All of its profiles have some, as differences and freed memory do: they have no shares.',
      remedy: { text: 'Import a profile of time or of what was allocated.' },
    });
  const notes = [...differences]
    .map((i) => `${nameOf(profiles[i] as Json, i)} is omitted: it has negative weights.`)
    .slice(0, MAX_EVENTS);
  if (order.length + notes.length < wanted.length)
    notes.push(`Only ${MAX_EVENTS} of the ${count(profiles.length)} profiles in the file are shown.`);

  const builder = new ProfileBuilder(memory.check);
  const frames = array(object(root.shared, 'shared').frames, 'shared.frames').map((raw, i) => {
    const frame = object(raw, `shared.frames[${i}]`);
    const name = typeof frame.name === 'string' && frame.name ? frame.name : '[unknown]';
    const file = typeof frame.file === 'string' ? frame.file : '';
    const line = typeof frame.line === 'number' ? lineNumber(frame.line) : 0;
    const func = builder.func({ name, module: '', file, line: ours ? line : 0 });
    return builder.frame(func, ours ? '' : file, ours ? 0 : line, false);
  });
  const frameAt = (value: unknown, where: string) => {
    const frame = typeof value === 'number' ? frames[value] : undefined;
    if (frame === undefined) throw malformed(FORMAT, `there is no frame ${String(value)}`, where);
    return frame;
  };
  const names = unique(order.map((i) => nameOf(profiles[i] as Json, i)));
  const [first, ...others] = order.map((index, event): ProfileEvent => {
    const profile = profiles[index] as Json;
    const at = `profiles[${index}]`;
    const name = names[event] as string;
    const thread = builder.thread(0, event, new Map([[event, name]]));
    const add: Add = (stack, time, weight) => builder.sample(stack, thread, time, weight, event);
    if (profile.type === 'sampled') readSampled(profile, at, builder, add, frameAt);
    else if (profile.type === 'evented') readEvented(profile, at, builder, add, frameAt);
    else throw malformed(FORMAT, `the type ${JSON.stringify(profile.type)} is unknown`, at);
    const unit = typeof profile.unit === 'string' && profile.unit !== 'none' ? profile.unit : undefined;
    // Functions that were traced have times between events, not samples.
    const taken = profile.type === 'evented' ? { taken: null } : {};
    return { name, ...taken, ...(unit === undefined ? {} : { unit }) };
  });
  return builder.finish([first as ProfileEvent, ...others], notes);
}

function isOfThread({ name }: Json): boolean {
  return typeof name === 'string' && name.includes(OF_THREAD);
}

function isDifference({ weights }: Json): boolean {
  return Array.isArray(weights) && weights.some((weight) => typeof weight === 'number' && weight < 0);
}

function nameOf({ name }: Json, index: number): string {
  return typeof name === 'string' && name !== '' ? name : `profile ${index + 1}`;
}

type Add = (stack: number, time: number, weight: number) => void;

const SECONDS: Readonly<Record<string, number>> = {
  nanoseconds: 1e-9,
  microseconds: 1e-6,
  milliseconds: 1e-3,
  seconds: 1,
};

type FrameAt = (value: unknown, where: string) => number;

function readSampled(profile: Json, at: string, builder: ProfileBuilder, add: Add, frameAt: FrameAt) {
  const samples = array(profile.samples, `${at}.samples`);
  const weights = array(profile.weights, `${at}.weights`);
  if (weights.length !== samples.length)
    throw malformed(
      FORMAT,
      `there are ${samples.length} samples but ${weights.length} weights`,
      `${at}.weights`,
    );
  // Zero if the unit isn't a time.
  const seconds = SECONDS[String(profile.unit)] ?? 0;
  let time = 0;
  samples.forEach((sample, i) => {
    const where = `${at}.samples[${i}]`;
    let stack = -1;
    for (const frame of array(sample, where)) stack = builder.stack(stack, frameAt(frame, where));
    const weight = finite(weights[i], `${at}.weights[${i}]`);
    add(stack === -1 ? unknownStack(builder) : stack, time, weight);
    time += weight * seconds;
  });
}

/** The time between two events belongs to the open stack; time without an open frame isn't a sample. */
function readEvented(profile: Json, at: string, builder: ProfileBuilder, add: Add, frameAt: FrameAt) {
  const open: { readonly frame: number; readonly stack: number }[] = [];
  const start = finite(profile.startValue, `${at}.startValue`);
  const seconds = SECONDS[String(profile.unit)] ?? 0;
  let last = start;
  array(profile.events, `${at}.events`).forEach((raw, i) => {
    const where = `${at}.events[${i}]`;
    const event = object(raw, where);
    const now = finite(event.at, `${where}.at`);
    if (now < last) throw malformed(FORMAT, 'an event is earlier than the previous one', where);
    const top = open.at(-1);
    if (top && now > last) add(top.stack, (last - start) * seconds, now - last);
    last = now;
    const frame = frameAt(event.frame, where);
    if (event.type === 'O') open.push({ frame, stack: builder.stack(top?.stack ?? -1, frame) });
    else if (event.type === 'C' && top?.frame === frame) open.pop();
    else throw malformed(FORMAT, "an event closes a frame that isn't the innermost one", where);
  });
  const end = finite(profile.endValue, `${at}.endValue`);
  const top = open.at(-1);
  if (top && end > last) add(top.stack, (last - start) * seconds, end - last);
}

function unknownStack(builder: ProfileBuilder): number {
  const func = builder.func({ name: '[unknown]', module: '', file: '', line: 0 });
  return builder.stack(-1, builder.frame(func, '', 0, false));
}

function object(value: unknown, where: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed(FORMAT, 'an object is missing', where);
  return value as Json;
}

function array(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw malformed(FORMAT, 'a list is missing', where);
  return value;
}

function finite(value: unknown, where: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw malformed(FORMAT, 'a number is missing', where);
  return value;
}

function lineNumber(value: number): number {
  return Number.isInteger(value) && value > 0 && value < 2 ** 31 ? value : 0;
}

export function speedscopeImporter(memory: MemoryLimit): Importer {
  return wholeFile(FORMAT, MAX_JSON_BYTES, memory, parseSpeedscope);
}
