import { fileURLToPath } from 'node:url';
import { ProfileBuilder } from '../../model/builder.js';
import type { Profile } from '../../model/profile.js';
import { LabError } from '../labError.js';
import type { MemoryLimit } from '../memoryLimit.js';
import { malformed, wholeFile, type Importer } from './importer.js';
import { lineNumber, list, MAX_JSON_BYTES, number, parseJson, record, text, type Json } from './json.js';

const EVENT = { name: 'cpu', unit: 'microseconds' };
/** Where times are missing. */
const COUNT = { name: 'samples' };

/** V8's nodes that aren't code: time in which nothing ran. */
const idle = /^\((program|idle|root)\)$/;

interface Code {
  readonly func: number;
  readonly frame: number;
  readonly file: string;
}

/** The tree of one profile: nodes by id, each a function at a place below its caller. */
class Nodes {
  private readonly builder: ProfileBuilder;
  private readonly nodes = new Map<number, { readonly code: Code | undefined; parent: number | undefined }>();
  private readonly stacks = new Map<number, number>();

  constructor(builder: ProfileBuilder) {
    this.builder = builder;
  }

  /** Children are listed in their parent (`.cpuprofile`), or name it (traces). */
  add(value: unknown): void {
    const node = record(value);
    const id = number(node.id);
    if (id === undefined) return;
    const parent = number(node.parent) ?? this.nodes.get(id)?.parent;
    this.nodes.set(id, { code: this.code(record(node.callFrame)), parent });
    for (const child of list(node.children)) {
      if (typeof child !== 'number') continue;
      const known = this.nodes.get(child);
      this.nodes.set(child, { code: known?.code, parent: id });
    }
  }

  /** @returns the stack of a node; -1 for one that isn't code, or that doesn't exist */
  stackOf(id: number): number {
    const known = this.stacks.get(id);
    if (known !== undefined) return known;
    // From the node up to one that is known. Iterative, and each node once: a file can hold any tree, even a circle.
    const path: number[] = [];
    const seen = new Set<number>();
    let at: number | undefined = id;
    while (at !== undefined && !this.stacks.has(at) && !seen.has(at)) {
      seen.add(at);
      path.push(at);
      at = this.nodes.get(at)?.parent;
    }
    let stack = at === undefined ? -1 : (this.stacks.get(at) ?? -1);
    for (const node of path.reverse()) {
      const code = this.nodes.get(node)?.code;
      if (code) stack = this.builder.stack(stack, code.frame);
      this.stacks.set(node, stack);
    }
    return stack;
  }

  /** @returns as `stackOf`, with the line that ran, if it is known */
  stackAt(id: number, line: number): number {
    const stack = this.stackOf(id);
    const { code, parent } = this.nodes.get(id) ?? {};
    if (!code || line === 0 || code.file === '') return stack;
    const caller = parent === undefined ? -1 : this.stackOf(parent);
    return this.builder.stack(caller, this.builder.frame(code.func, code.file, line, false));
  }

  private code(call: Json): Code | undefined {
    const name = text(call.functionName) || '(anonymous)';
    if (idle.test(name)) return undefined;
    const file = fileAt(text(call.url));
    // 0-based.
    const line = lineNumber((number(call.lineNumber) ?? -1) + 1);
    const func = this.builder.func({ name, module: '', file, line });
    return { func, frame: this.builder.frame(func, '', 0, false), file };
  }
}

/** Modules have URLs, in which blanks and other characters are encoded; CommonJS has paths. */
function fileAt(url: string): string {
  if (!url.startsWith('file://')) return url;
  try {
    return fileURLToPath(url);
  } catch {
    // With a host, or `%2F`: no path.
    return url.slice('file://'.length);
  }
}

interface Samples {
  /** Ids of nodes. */
  readonly samples: readonly unknown[];
  /** The microseconds before each, which belong to the sample before. */
  readonly deltas: readonly unknown[];
  /** The line of each that ran, if it is known. */
  readonly lines?: readonly unknown[];
  /** Microseconds from the start to the end, up to which the last sample lasts; 0 if unknown. */
  readonly length?: number;
}

function addSamples(
  builder: ProfileBuilder,
  nodes: Nodes,
  thread: number,
  { samples, deltas, lines = [], length = 0 }: Samples,
): void {
  let time = 0;
  samples.forEach((sample, i) => {
    time += Math.max(0, number(deltas[i]) ?? 0);
    const id = number(sample);
    if (id === undefined) return;
    const stack = nodes.stackAt(id, lineNumber(lines[i]));
    const rest = i === samples.length - 1 && i < deltas.length ? length - time : 0;
    const weight = Math.max(0, number(deltas[i + 1]) ?? rest);
    // Time in which nothing ran isn't a cost.
    if (stack >= 0 && weight > 0) builder.sample(stack, thread, time / 1e6, weight);
  });
}

/** Each sample counts once, since how long it lasted isn't known. */
function addUntimed(
  builder: ProfileBuilder,
  nodes: Nodes,
  thread: number,
  { samples, lines = [] }: Pick<Samples, 'samples' | 'lines'>,
): void {
  samples.forEach((sample, i) => {
    const id = number(sample);
    const stack = id === undefined ? -1 : nodes.stackAt(id, lineNumber(lines[i]));
    if (stack >= 0) builder.sample(stack, thread, 0, 1);
  });
}

/**
 * What remains when the samples themselves were left out: how many each node had, and of them each of its lines.
 * @returns whether there are any
 */
function addHits(builder: ProfileBuilder, nodes: Nodes, thread: number, all: readonly Json[]): boolean {
  let found = false;
  // Of nodes with one id, the last holds, as in `Nodes`.
  for (const [id, node] of new Map(all.map((one) => [number(one.id), one]))) {
    const hits = Math.max(0, number(node.hitCount) ?? 0);
    if (id === undefined || hits === 0 || nodes.stackOf(id) < 0) continue;
    const ticks = ticksOf(node);
    const counted = [...ticks.values()].reduce((a, b) => a + b, 0);
    const scale = counted > hits ? hits / counted : 1;
    for (const [line, count] of ticks)
      if (count > 0) builder.sample(nodes.stackAt(id, line), thread, 0, count * scale);
    if (counted < hits) builder.sample(nodes.stackOf(id), thread, 0, hits - counted);
    found = true;
  }
  return found;
}

/** How often each line of a node's function ran: `positionTicks` of the DevTools protocol. */
type Ticks = ReadonlyMap<number, number>;

function ticksOf(node: Json): Ticks {
  const ticks = new Map<number, number>();
  for (const value of list(node.positionTicks)) {
    const { line, ticks: count } = record(value);
    const at = lineNumber(line);
    if (at > 0) ticks.set(at, (ticks.get(at) ?? 0) + Math.max(0, number(count) ?? 0));
  }
  return ticks;
}

/**
 * Lines for the samples of a node, as many as its ticks say, mixed evenly: which sample was in which line isn't in the
 * file, so that any part of the time shows the lines of the whole. Sorts the samples once.
 */
function spread(ticks: Ticks, samples: number): number[] {
  const all = [...ticks.values()].reduce((a, b) => a + b, 0);
  const places: { readonly line: number; readonly at: number }[] = [];
  let given = 0;
  let before = 0;
  for (const [line, count] of ticks) {
    before += count;
    const until = Math.round((before / all) * samples);
    const own = until - given;
    for (let i = 0; i < own; i++) places.push({ line, at: (i + 0.5) / own });
    given = until;
  }
  return places.sort((a, b) => a.at - b.at).map(({ line }) => line);
}

/** @returns the line of each sample, 0 where the file has none */
function linesOf(samples: readonly unknown[], nodes: readonly Json[]): number[] {
  const indices = new Map<unknown, number[]>();
  samples.forEach((id, i) => {
    const own = indices.get(id);
    if (own) own.push(i);
    else indices.set(id, [i]);
  });
  const lines = new Array<number>(samples.length).fill(0);
  // Of nodes with one id, the last holds, as in `Nodes`; each would take as long as there are samples.
  for (const [id, node] of new Map(nodes.map((one) => [one.id, one]))) {
    const own = indices.get(id) ?? [];
    spread(ticksOf(node), own.length).forEach((line, i) => (lines[own[i] as number] = line));
  }
  return lines;
}

const LINES_OF_WHOLE =
  'Shares of lines are those of the whole recording, also in a part of its time: the file counts lines apart from its samples.';

const HITS_ONLY =
  'The file counts the samples of each function (hitCount), but has no samples with times: shares are of samples, and there is no order of time.';
const UNTIMED =
  "The file doesn't say when its samples were taken (timeDeltas): shares are of samples, and there is no order of time.";

/** What Node.js writes with --cpu-prof and Chrome's tools save: the Profile of the DevTools protocol. */
function parseCpuProfile(bytes: Buffer, memory: MemoryLimit): Profile {
  const format = '.cpuprofile file';
  const outer = record(parseJson(bytes, format, memory));
  // Scripts often save the whole answer of the protocol's Profiler.stop, which has the profile in it.
  const answer = record(outer.result ?? outer);
  const root = answer.profile === undefined ? outer : record(answer.profile);
  if (!Array.isArray(root.nodes)) throw malformed(format, 'there is no list of nodes', 'nodes');
  const builder = new ProfileBuilder(memory.check);
  const nodes = new Nodes(builder);
  for (const node of root.nodes) nodes.add(node);
  const thread = builder.thread(0, 0, new Map([[0, 'main']]));
  const samples = list(root.samples);
  const lines = linesOf(samples, root.nodes.map(record));
  const deltas = list(root.timeDeltas);
  if (samples.length === 0) {
    const found = addHits(builder, nodes, thread, root.nodes.map(record));
    return builder.finish([COUNT], found ? [HITS_ONLY] : []);
  }
  const notes = lines.some((line) => line > 0) ? [LINES_OF_WHOLE] : [];
  if (deltas.length === 0) {
    addUntimed(builder, nodes, thread, { samples, lines });
    return builder.finish([COUNT], [UNTIMED, ...notes]);
  }
  const length = (number(root.endTime) ?? 0) - (number(root.startTime) ?? Infinity);
  addSamples(builder, nodes, thread, { samples, deltas, lines, length });
  return builder.finish([EVENT], notes);
}

interface ThreadSamples {
  readonly nodes: Nodes;
  readonly thread: number;
  readonly samples: unknown[];
  readonly deltas: unknown[];
  readonly lines: unknown[];
}

/** Chrome's trace with samples: profiles in pieces (`ProfileChunk`), each of one thread. */
function parseTrace(bytes: Buffer, memory: MemoryLimit): Profile {
  const format = 'Chrome trace';
  const root = parseJson(closed(bytes), format, memory);
  const events = (Array.isArray(root) ? (root as unknown[]) : list(record(root).traceEvents)).map(record);
  const builder = new ProfileBuilder(memory.check);
  const names = new Map<string, string>();
  for (const { name, pid, tid, args } of events)
    if (name === 'thread_name') names.set(`${String(pid)} ${String(tid)}`, text(record(args).name));
  const profiles = new Map<string, ThreadSamples>();
  for (const { name, id, pid, tid, args } of events) {
    if (name !== 'Profile' && name !== 'ProfileChunk' && name !== 'CpuProfile') continue;
    // Pieces come from the profiler's own thread; the first one is of the thread that is sampled.
    const key = `${String(pid)} ${id === undefined ? String(tid) : String(id)}`;
    let profile = profiles.get(key);
    if (!profile) {
      const own = number(tid) ?? 0;
      const label = new Map([[own, names.get(`${String(pid)} ${String(tid)}`) ?? '']]);
      const thread = builder.thread(number(pid) ?? 0, own, label);
      profile = { nodes: new Nodes(builder), thread, samples: [], deltas: [], lines: [] };
      profiles.set(key, profile);
    }
    const data = record(record(args).data);
    const part = record(data.cpuProfile);
    for (const node of list(part.nodes)) profile.nodes.add(node);
    // One by one: a call has a limit of arguments.
    const lines = list(data.lines ?? part.lines);
    list(part.samples).forEach((sample, i) => {
      profile.samples.push(sample);
      profile.lines.push(lines[i]);
    });
    for (const delta of list(data.timeDeltas ?? part.timeDeltas)) profile.deltas.push(delta);
  }
  for (const profile of profiles.values()) addSamples(builder, profile.nodes, profile.thread, profile);
  if (profiles.size === 0)
    throw new LabError('no-samples', 'The Chrome trace has no samples.', {
      detail: 'It has events of the program, but none of the profiler.',
      remedy: {
        text: 'Record it with "JavaScript samples", or with the category disabled-by-default-v8.cpu_profiler.',
      },
    });
  return builder.finish([EVENT], []);
}

/** The list of events may lack its end, where recording was interrupted. */
function closed(bytes: Buffer): Buffer {
  if (!bytes.toString('latin1', 0, 64).trimStart().startsWith('[')) return bytes;
  const tail = bytes.toString('latin1', Math.max(0, bytes.length - 64));
  const kept = tail.trimEnd().replace(/,$/, '');
  if (kept.endsWith(']')) return bytes;
  return Buffer.concat([bytes.subarray(0, bytes.length - tail.length + kept.length), Buffer.from(']')]);
}

export function cpuProfileImporter(memory: MemoryLimit): Importer {
  return wholeFile('.cpuprofile file', MAX_JSON_BYTES, memory, parseCpuProfile);
}

export function traceImporter(memory: MemoryLimit): Importer {
  return wholeFile('Chrome trace', MAX_JSON_BYTES, memory, parseTrace);
}
