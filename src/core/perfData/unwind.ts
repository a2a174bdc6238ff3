import path from 'node:path';
import { count } from '../../text/numbers.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { execute } from '../process/childProcess.js';
import { installRemedy } from '../process/packages.js';
import { findCommand } from '../process/tools.js';
import { fileOffsetMarker } from './chainReader.js';
import { Context, SampleType } from './format.js';
import type { Unwound } from './reader.js';
import type { RecordReader } from './recordReader.js';

/** An address has 22 bits for the index of its file; the last index would look like a marker. */
const maxFiles = 2 ** 22 - 2;

/** A copy of a stack has at most 64 KiB, and each frame in it at least 16 bytes: two registers. */
const maxFrames = 4096;

/** perf also prints the symbol if the recording was written to a pipe. */
const frameLine = /^\s+([0-9a-f]+) (?:\((.*)\)|.* \(([^(]*(?: \(deleted\))?)\))$/;

interface Frame {
  readonly address: bigint;
  readonly file: string;
}

/**
 * Unwinds stacks that were copied while recording (`--call-graph dwarf`) with `perf script`, and replaces the recorded
 * chains. Only addresses are taken from perf: names, lines, and inlined functions come from the same symbolization as for
 * all other recordings. Output is read line by line. If perf fails, chains stay as recorded, and a note says so.
 * @throws LabError `tool-missing`, `canceled`
 */
export async function unwindWithPerf(
  file: string,
  reader: RecordReader,
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Unwound> {
  if (!(await findCommand('perf')))
    throw new LabError('tool-missing', "Opening this recording requires perf, which isn't installed.", {
      detail: 'It was recorded with --call-graph dwarf, and perf unwinds its stacks.',
      remedy: installRemedy('perf'),
    });
  progress('Unwinding stacks…');
  const chains = new UnwoundChains(reader);
  const result = await execute(
    'perf',
    [
      'script',
      '-f',
      '--ns',
      '--no-inline',
      // Its default is 127, innermost first, so that deeper stacks would begin anywhere.
      '--max-stack',
      String(maxFrames),
      '-F',
      'pid,tid,time,event,period,ip,dso',
      '-i',
      path.resolve(file),
    ],
    // Downloading debug information can take minutes per file.
    { signal, env: { LC_ALL: 'C', DEBUGINFOD_URLS: '' }, consumeStdout: (line) => chains.line(line) },
  );
  const unwound = chains.finish();
  if (result.exitCode === 0) return unwound;
  // An older perf can't read what a newer one wrote. Addresses and shares are known nevertheless.
  const reason = result.stderr.trim().split('\n').at(-1) ?? '';
  const note = `Callers are incomplete: perf on this machine couldn't unwind the recording (${reason}). A newer perf may: $ ${result.command}`;
  return { ...unwound, notes: [note, ...unwound.notes] };
}

/** Reads the output of `perf script` and assigns chains to samples. Both are in order of time. */
export class UnwoundChains {
  private readonly reader: RecordReader;
  private readonly files: string[] = [];
  private readonly fileIndex = new Map<string, number>();
  private readonly done: Uint8Array;
  private readonly copied: readonly boolean[];
  private found = 0;
  private next = 0;
  private sample = -1;
  private frames: Frame[] = [];
  private asRuntime = 0;
  private asOffset = 0;
  private words = new Uint32Array(2 * (2 * maxFrames));

  constructor(reader: RecordReader) {
    this.reader = reader;
    this.done = new Uint8Array(reader.samples.columns.length);
    this.copied = reader.events.events.map((e) => (e.attributes.sampleType & SampleType.STACK_USER) !== 0);
  }

  line(line: string): void {
    const frame = frameLine.exec(line);
    if (frame) {
      this.frames.push({ address: BigInt(`0x${frame[1]}`), file: frame[2] ?? frame[3] ?? '' });
      return;
    }
    this.flush();
    const header = /^\s*(-?\d+)\/(-?\d+)\s+(\d+)\.(\d{9}):/.exec(line);
    if (header) {
      const [, pid, tid, seconds, nanoseconds] = header.map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      this.sample = this.find(pid, tid, seconds * 1e9 + nanoseconds);
    }
  }

  finish(): Unwound {
    this.flush();
    const { columns } = this.reader.samples;
    let wanted = 0;
    for (let i = 0; i < columns.length; i++) if (this.copied[columns.event[i] as number]) wanted++;
    const notes =
      this.found < wanted
        ? [
            `${count(wanted - this.found)} of ${count(wanted)} stacks couldn't be unwound, so their callers are unknown.`,
          ]
        : [];
    return { files: this.files, runtime: this.asRuntime > this.asOffset, notes };
  }

  /** The first sample of that thread and time without a chain, -1 if there is none. */
  private find(pid: number, tid: number, time: number): number {
    const { columns, threads } = this.reader.samples;
    while (this.next < columns.length && (columns.time[this.next] as number) < time) this.next++;
    for (let i = this.next; i < columns.length && columns.time[i] === time; i++) {
      const thread = threads[columns.thread[i] as number];
      if (this.done[i] === 0 && thread?.pid === pid && thread.tid === tid) {
        this.done[i] = 1;
        return i;
      }
    }
    return -1;
  }

  private flush(): void {
    const { frames, sample } = this;
    this.frames = [];
    this.sample = -1;
    const { columns, chains } = this.reader.samples;
    if (sample < 0 || frames.length === 0 || !this.copied[columns.event[sample] as number]) return;
    this.found++;
    this.learn(frames[0] as Frame, columns.chain[sample] as number);
    const { words } = this;
    let to = 0;
    let mode: number | undefined;
    for (const { address, file } of frames.slice(0, maxFrames)) {
      const kernel = address >= 1n << 63n;
      const marker = kernel ? Context.KERNEL : fileOffsetMarker;
      const first = marker !== mode;
      if (first) {
        words[to++] = marker;
        words[to++] = 0xffff_ffff;
        mode = marker;
      }
      // perf's unwinder prints the address before the return address; callers in the tree are return addresses.
      const value = kernel || first ? address : address + 1n;
      words[to++] = Number(value & 0xffff_ffffn);
      const high = Number((value >> 32n) & 0xffff_ffffn);
      words[to++] = kernel ? high : this.file(file) * 1024 + (high & 0x3ff);
    }
    const process = this.reader.samples.processOf(columns.thread[sample] as number);
    columns.chain[sample] = chains.read(words, 0, to / 2, process, 0, -1);
  }

  /** Some versions of perf print runtime addresses, others file offsets. A sample's own address is known and shows which. */
  private learn({ address, file }: Frame, chain: number): void {
    if (chain < 0 || !file.startsWith('/') || address >= 1n << 63n) return;
    const { low, high } = this.reader.samples.chains.tree;
    const own = (BigInt((high[chain] as number) >>> 0) << 32n) | BigInt((low[chain] as number) >>> 0);
    if (own === address) this.asRuntime++;
    else this.asOffset++;
  }

  private file(name: string): number {
    let index = this.fileIndex.get(name);
    if (index === undefined) {
      if (this.files.length === maxFiles) return 0;
      index = this.files.push(name) - 1;
      this.fileIndex.set(name, index);
    }
    return index;
  }
}
