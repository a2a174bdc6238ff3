import { ProfileBuilder } from '../../model/builder.js';
import type { Profile } from '../../model/profile.js';
import { LabError } from '../labError.js';
import type { MemoryLimit } from '../memoryLimit.js';
import { wholeFile, type Importer } from './importer.js';
import { lineNumber, list, MAX_JSON_BYTES, number, parseJson, record, text, type Json } from './json.js';

const FORMAT = 'Firefox Profiler file';

/**
 * A processed profile, as profiler.firefox.com, samply, and others save it: tables in columns. Since version 51, threads
 * share their strings; before that, each has its own.
 */
function parseFirefox(bytes: Buffer, memory: MemoryLimit): Profile {
  const root = record(parseJson(bytes, FORMAT, memory));
  if (!Array.isArray(root.threads)) throw unprocessed('It has no list of threads.');
  const meta = record(root.meta);
  const weightType = new Set<string>();
  const builder = new ProfileBuilder(memory.check);
  const libs = list(root.libs).map(record);
  for (const value of root.threads) {
    const thread = record(value);
    if (!Array.isArray(record(thread.samples).stack)) continue;
    weightType.add(text(record(thread.samples).weightType) || 'samples');
    addThread(builder, thread, record(root.shared), libs, number(meta.interval) ?? 1);
  }
  if (weightType.size === 0) throw unprocessed('No thread has samples in the form of a processed profile.');
  const [type] = weightType;
  return builder.finish([{ name: type === 'samples' ? 'cpu' : (type ?? 'cpu') }], []);
}

/** What Firefox itself writes, today or years ago; profiler.firefox.com reads all of it. */
function unprocessed(detail: string): LabError {
  return new LabError(
    'format-unsupported',
    "The file is a profile that the Firefox Profiler hasn't processed.",
    {
      detail,
      remedy: { text: 'Open it in profiler.firefox.com, save it there, and import that file.' },
    },
  );
}

function addThread(
  builder: ProfileBuilder,
  thread: Json,
  shared: Json,
  libs: readonly Json[],
  interval: number,
): void {
  const table = (name: string) => record(thread[name] ?? shared[name]);
  const strings = list(thread.stringArray ?? thread.stringTable ?? shared.stringArray);
  const [samples, stacks, frames, funcs] = [
    table('samples'),
    table('stackTable'),
    table('frameTable'),
    table('funcTable'),
  ];
  const resources = table('resourceTable');
  const at = (column: unknown, row: unknown) => list(column)[typeof row === 'number' ? row : -1];
  const string = (index: unknown) => text(strings[typeof index === 'number' ? index : -1]);
  const frameOf = memo((row) => {
    const func = at(frames.func, row);
    const lib = at(resources.lib, at(funcs.resource, func));
    const module = text(record(libs[typeof lib === 'number' ? lib : -1]).path);
    const name = string(at(funcs.name, func)) || '[unknown]';
    const file = string(at(funcs.fileName, func));
    const made = builder.func({ name, module, file, line: lineNumber(at(funcs.lineNumber, func)) });
    const line = lineNumber(at(frames.line, row));
    const inlined = (number(at(frames.inlineDepth, row)) ?? 0) > 0;
    return builder.frame(made, line > 0 ? file : '', line, inlined);
  });
  // A prefix has a smaller index than what it is the prefix of.
  const prefixes = list(stacks.prefix);
  const made = new Int32Array(prefixes.length);
  prefixes.forEach((prefix, s) => {
    const parent = typeof prefix === 'number' && prefix >= 0 && prefix < s ? (made[prefix] as number) : -1;
    const frame = number(at(stacks.frame, s));
    made[s] = frame === undefined ? parent : builder.stack(parent, frameOf(frame));
  });
  const [pid, tid] = [Number(thread.pid) || 0, Number(thread.tid) || 0];
  const index = builder.thread(pid, tid, new Map([[tid, text(thread.name)]]));
  let time = 0;
  list(samples.stack).forEach((stack, i) => {
    // In milliseconds: times, or differences of times.
    time = number(at(samples.time, i)) ?? time + (number(at(samples.timeDeltas, i)) ?? interval);
    const weight = !Array.isArray(samples.weight) ? 1 : (number(at(samples.weight, i)) ?? 0);
    if (typeof stack === 'number' && stack >= 0 && stack < made.length && weight > 0)
      builder.sample(made[stack] as number, index, Math.max(0, time / 1000), weight);
  });
}

function memo(make: (row: number) => number): (row: number) => number {
  const known = new Map<number, number>();
  return (row) => {
    let value = known.get(row);
    if (value === undefined) known.set(row, (value = make(row)));
    return value;
  };
}

export function firefoxImporter(memory: MemoryLimit): Importer {
  return wholeFile(FORMAT, MAX_JSON_BYTES, memory, parseFirefox);
}
