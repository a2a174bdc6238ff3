import type { MemoryLimit } from '../memoryLimit.js';
import type { ProfileThread } from '../../model/profile.js';
import { plural } from '../../text/numbers.js';
import { bufferSource, readPart, type ByteSource } from './byteSource.js';
import type { EventTable } from './eventTable.js';
import type { CallGraphKind } from './coverageNotes.js';
import { readHeader } from './header.js';
import { codeLoads, readJitDumps } from './jitDumps.js';
import type { JitDump } from '../symbols/jitDump.js';
import type { KernelReference, Location } from '../symbols/location.js';
import { RecordReader } from './recordReader.js';
import { readRecords } from './recordWindows.js';
import { Resolver, type LocationStacks } from './resolver.js';
import { MappingHistory } from './mappingHistory.js';
import { tracepointNames } from './tracingData.js';

/** A recording: samples in order of time, and the code locations in their call chains. */
export interface PerfRecording {
  /** Names of the events that have samples, as on the command line. */
  readonly events: readonly string[];
  readonly threads: readonly ProfileThread[];
  readonly locations: readonly Location[];
  /** Call chains, outermost first. A caller's location is the call, not the return address. */
  readonly stacks: LocationStacks;
  readonly samples: RecordedSamples;
  readonly lost: number;
  readonly callGraph: CallGraphKind;
  /** Of the machine that was recorded, if the recording has it. */
  readonly kernelRelease: string | undefined;
  readonly kernelReference: KernelReference | undefined;
  /** By process, what its runtime wrote about the code that it generated. */
  readonly jitDumps: ReadonlyMap<number, JitDump>;
  /** For the user. */
  readonly notes: readonly string[];
}

export interface RecordedSamples {
  readonly length: number;
  /** Seconds since the first sample. */
  readonly time: Float64Array;
  readonly weight: Float64Array;
  readonly thread: Int32Array;
  readonly event: Uint8Array;
  /** Index into `stacks`, -1 if there is no address. */
  readonly stack: Int32Array;
}

/** How to interpret the addresses of unwound chains. */
export interface Unwound {
  /** The files that addresses refer to by index. */
  readonly files: readonly string[];
  /** Whether addresses are runtime addresses instead of file offsets. */
  readonly runtime: boolean;
  readonly notes: readonly string[];
}

/** Unwinds samples that have copies of their stacks. Runs after all samples were read and sorted. */
type Unwinder = (reader: RecordReader) => Promise<Unwound>;

/**
 * Reads a recording, in windows of 2 MiB whatever the file's size. Memory grows by 25 bytes per sample and with the
 * number of distinct call chains.
 * @throws LabError `profile-corrupt` with the byte offset, `format-unsupported`, `canceled`
 */
export async function readPerfData(
  from: ByteSource | Buffer,
  options: {
    readonly signal?: AbortSignal | undefined;
    readonly memory?: MemoryLimit | undefined;
    readonly unwind?: Unwinder | undefined;
    /** Files that have the records of some processors each (`perf record --threads`). */
    readonly parts?: readonly ByteSource[] | undefined;
  } = {},
): Promise<PerfRecording> {
  const source = Buffer.isBuffer(from) ? bufferSource(from) : from;
  const reader = new RecordReader();
  const header = await readHeader(source, reader.events, reader.origin);
  const notes = await readRecords(source, header, reader, options);
  for (const part of options.parts ?? []) {
    reader.nextFile();
    const range = { dataStart: 0, dataEnd: part.size, openEnd: header.openEnd };
    notes.push(...(await readRecords(part, range, reader, options)));
  }
  if (reader.tracingData) await nameTracepoints(source, reader.tracingData, reader.events);
  notes.push(...reader.samples.joinDeferred());
  reader.samples.columns.sort();
  const unwound = reader.samples.stackCopies ? await options.unwind?.(reader) : undefined;
  notes.push(...(unwound?.notes ?? []));
  const jitDumps = await readJitDumps(reader.tasks);
  if (reader.events.events.every(({ attributes }) => attributes.monotonic))
    reader.tasks.push(...codeLoads(jitDumps));
  return { ...resolve(reader, unwound, notes), jitDumps };
}

/** The format of a tracepoint has a few kilobytes, and the recorded ones come first. */
const maxTracingData = 16 * 2 ** 20;

async function nameTracepoints(
  source: ByteSource,
  { offset, size }: { readonly offset: number; readonly size: number },
  events: EventTable,
): Promise<void> {
  const bytes = Math.min(size, maxTracingData, Math.max(0, source.size - offset));
  events.nameTracepoints(
    tracepointNames(await readPart(source, { offset, size: bytes }, 'the description of tracepoints')),
  );
}

/** Resolves samples in order of time, since mappings change over time. */
function resolve(
  reader: RecordReader,
  unwound: Unwound | undefined,
  notes: string[],
): Omit<PerfRecording, 'jitDumps'> {
  const { columns, threads, chains, processes } = reader.samples;
  const history = new MappingHistory(reader.tasks, reader.origin.buildIds);
  const resolver = new Resolver(chains.tree, history, processes, unwound);
  const { length, time, weight, thread, event, chain } = columns;
  const used = new Int32Array(256).fill(-1);
  const events: string[] = [];
  const start = time[0] ?? 0;
  // In place: chains become stacks, and clock times become seconds since the start.
  for (let i = 0; i < length; i++) {
    history.advance(time[i] as number, i);
    chain[i] = resolver.resolve(chain[i] as number, reader.samples.processOf(thread[i] as number));
    time[i] = ((time[i] as number) - start) / 1e9;
    const e = event[i] as number;
    if (used[e] === -1) used[e] = 1;
  }
  history.finish();
  const names = reader.events.events.map((_, e) =>
    used[e] === 1 ? events.push(reader.events.nameOf(e)) - 1 : -1,
  );
  if (reader.events.events.length > 1)
    for (let i = 0; i < length; i++) event[i] = names[event[i] as number] as number;
  const without = reader.events.events.flatMap((_, e) =>
    used[e] === -1 && !reader.events.isDummy(e) ? [reader.events.nameOf(e)] : [],
  );
  if (events.length === 0 && reader.events.events.length > 0) events.push(reader.events.nameOf(0));
  else if (without.length > 0) notes.push(`No samples: ${without.slice(0, 20).join(', ')}.`);
  if (length > 0 && !reader.samples.hasChains && !reader.samples.stackCopies)
    notes.push('Recorded without call stacks, so callers are unknown. Use perf record -g to record them.');
  if (reader.traces > 0)
    notes.push(
      "The hardware trace in the recording (Intel PT, Arm SPE, CoreSight, …) isn't decoded. To see it, import the output of perf script --itrace.",
    );
  if (reader.samples.unknown > 0)
    notes.push(
      `${plural(reader.samples.unknown, 'sample')} skipped: the recording doesn't describe their events.`,
    );
  return {
    events,
    threads: threads.map(({ pid, tid }) => ({ pid, tid, name: history.nameOf(pid, tid) })),
    locations: resolver.locations.locations,
    stacks: resolver.stacks,
    samples: {
      length,
      time: time.slice(0, length),
      weight: weight.slice(0, length),
      thread: thread.slice(0, length),
      event: event.slice(0, length),
      stack: chain.slice(0, length),
    },
    lost: reader.lost,
    callGraph: callGraphOf(reader),
    kernelRelease: reader.origin.kernelRelease,
    kernelReference: reader.origin.kernelReference,
    notes,
  };
}

function callGraphOf({ samples, events }: RecordReader): CallGraphKind {
  if (samples.stackCopies) return 'dwarf';
  if (!samples.hasChains) return 'none';
  return events.events.some(({ attributes }) => attributes.branchCallStack) ? 'lbr' : 'fp';
}
