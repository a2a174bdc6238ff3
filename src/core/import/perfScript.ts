import { ProfileBuilder } from '../../model/builder.js';
import type { Profile } from '../../model/profile.js';
import { count, plural } from '../../text/numbers.js';
import { unnamedFunction } from '../../model/unnamed.js';
import { malformed, MAX_EVENTS, type Importer, type Unread } from './importer.js';
import { MAX_LINE, utf8 } from './lines.js';
import { FastSamples } from './perfScriptFast.js';
import {
  parseFrame,
  parseBare,
  parseHeader,
  parseRest,
  parseThread,
  withoutBranches,
  type SampleHeader,
  type ScriptFrame,
} from './perfScriptText.js';

const FORMAT = 'perf script text';
/** Caches are cleared at this many entries, so that memory stays bounded whatever the text. */
const MAX_CACHED = 1 << 16;

const unknownEvent = 'unknown event';

/** Address, symbol and module. */
const completeFrame = /^[0-9a-f]{4,16} \S.* \(.+\)$/;

/** What `-F +insn` prints in place of the blank line that ends a sample: the bytes of its instruction, and their number. */
const instruction = /^ (ilen: \d+ )?insn:( [0-9a-f]{2})+\s*$|^ ilen: \d+\s*$/;

/** A frame of the sample being read, and the source line that `-F srcline` printed after it. */
interface PendingFrame {
  readonly frame: ScriptFrame;
  file: string;
  line: number;
}

/**
 * Reads `perf script`: samples separated by blank lines, or one per line if there are no call chains. Most stacks repeat, so
 * samples in the usual form are looked up by their bytes (`FastSamples`); other samples are parsed line by line.
 */
export class PerfScriptImporter implements Importer {
  private readonly builder = new ProfileBuilder();
  private readonly fast = new FastSamples({
    stack: (text) => this.stackOf(text),
    thread: (context) => this.threadOf(context),
    event: (name) => this.eventOf(name),
    sample: (event, stack, thread, time, period) => this.sample(event, stack, thread, time, period),
  });
  private readonly frames = new Map<string, readonly ScriptFrame[]>();
  private readonly threads = new Map<string, number>();
  private readonly comms = new Map<string, number>();
  private readonly events = new Map<string, number>();
  private carry: Buffer = Buffer.alloc(0);
  private lines = 0;
  private header: SampleHeader | undefined;
  private headerLine = 0;
  private pending: PendingFrame[] = [];
  private first: number | undefined;
  /** Samples of events beyond those that a profile can hold. */
  private leftOut = 0;
  /** Whether the text has branch stacks. */
  private branches = false;
  private skipped = 0;
  private firstSkipped = 0;
  /** Stacks below neither time nor event: those of a text that has none, or what was cut off from its header. */
  private readonly headless: { stack: number; thread: number; period: number }[] = [];

  get unread(): Unread {
    return { lines: this.skipped, of: this.lines };
  }

  write(chunk: Buffer): void {
    const first = this.lines === 0 && this.carry.length === 0 && chunk.indexOf('\ufeff') === 0;
    const text = first ? chunk.subarray(3) : chunk;
    const data =
      this.carry.length === 0 ? withoutReturns(text) : withoutReturns(Buffer.concat([this.carry, text]));
    // Up to the end of the last complete sample, if there is one, so that its stack is in one piece.
    const blank = data.lastIndexOf('\n\n');
    const cut = blank === -1 ? data.lastIndexOf(10) + 1 : blank + 2;
    // A copy, so that the piece can be freed.
    this.carry = Buffer.from(data.subarray(cut));
    if (this.carry.length > MAX_LINE)
      throw malformed(FORMAT, "a sample doesn't end", `line ${this.lines + 1}`);
    this.read(data.subarray(0, cut));
  }

  finish(): Profile {
    this.read(Buffer.concat([this.carry, Buffer.from('\n')]));
    this.carry = Buffer.alloc(0);
    this.flush();
    const orphans = this.events.size > 0 ? this.headless.length : 0;
    if (orphans === 0)
      for (const { stack, thread, period } of this.headless)
        this.sample(this.eventOf(unknownEvent), stack, thread, 0, period);
    const [first, ...others] = [...this.events.keys()].map((name) => ({ name: utf8(name) }));
    if (!first) throw malformed(FORMAT, 'the text contains no sample', `line ${this.firstSkipped || 1}`);
    const notes: string[] = [];
    if (this.leftOut > 0)
      notes.push(
        `Only the first ${MAX_EVENTS} events are shown; ${plural(this.leftOut, 'sample')} of other events skipped.`,
      );
    if (this.branches) notes.push('The branch stacks of the text are not shown; its samples are.');
    if (orphans > 0)
      notes.push(
        `Skipped ${plural(orphans, 'stack')} without the line that says of which sample it is: the text was cut there.`,
      );
    if (this.skipped > 0)
      notes.push(
        `Skipped ${plural(this.skipped, 'line')} outside of samples, the first one at line ${count(this.firstSkipped)}.`,
      );
    return this.builder.finish([first, ...others], notes);
  }

  /** @param data whole lines */
  private read(data: Buffer): void {
    this.fast.use(data);
    for (let at = 0; at < data.length;) {
      const next = this.header === undefined && (data[at] as number) > 35 ? this.fast.read(at) : -1;
      if (next !== -1) {
        this.lines += this.fast.lines;
        at = next;
        continue;
      }
      // This line and those of its stack are parsed slowly; the next header is tried fast again.
      const end = data.indexOf(10, at);
      this.lines++;
      this.line(data.toString('latin1', at, end));
      at = end + 1;
    }
  }

  /** The stack of lines of frames, or -1 if there is anything else among them. */
  private stackOf(text: string): number {
    const pending: PendingFrame[] = [];
    const whole = text.split('\n').every((line) => this.part(line, pending));
    return whole && pending.length > 0 ? this.build(pending) : -1;
  }

  private line(text: string): void {
    const line = withoutBranches(text) ?? text;
    if (line !== text) {
      this.branches = true;
      // Branches on a line of their own come in place of the blank line that ends a sample.
      if (line.trim() === '') {
        this.flush();
        return;
      }
    }
    if (line.trim() === '') {
      // Some tools put a blank line between a header and its stack: then the next one ends the sample.
      const waits =
        this.header?.event !== undefined && this.pending.length === 0 && this.header.rest.trim() === '';
      if (!waits) this.flush();
      return;
    }
    const tab = line.charCodeAt(0) === 9;
    // The frame of a sample without a call chain is printed below it.
    if (this.header && this.pending.length === 0 && /^ {2}\S/.test(line)) {
      const { frame } = parseRest(this.header);
      if (frame) this.pending.push(decoded(frame));
    }
    // Copied text may have lost its indentation: then only complete frames are recognized.
    if (tab || (this.header && (line.charCodeAt(0) === 32 || completeFrame.test(line)))) {
      const time = tab ? undefined : parseHeader(line).time;
      if (time === undefined && this.part(line, this.pending)) {
        this.header ??= { context: '', time: undefined, period: undefined, event: undefined, rest: '' };
        return;
      }
    }
    this.flush();
    // Output of `--show-mmap-events` and similar options isn't a sample.
    if (line.startsWith('#') || /(^| )PERF_RECORD_/.test(line)) return;
    this.header = parseHeader(line);
    this.headerLine = this.lines;
  }

  /** Parses a line of a stack. @returns whether it is one */
  private part(line: string, pending: PendingFrame[]): boolean {
    const known = this.frames.get(line);
    if (known) {
      for (const frame of known) pending.push({ frame, file: '', line: 0 });
      return true;
    }
    // `-F srcline` prints two spaces and the location below a frame, `-F srccode` a bar and the source.
    const place = /^ {2}(\S.*)?:(\d{1,9})$/.exec(line);
    const last = pending.at(-1);
    if (place && last) {
      // Of code that assemblers made, the debug information may have a line `:0`.
      if (place[1] === undefined || place[2] === '0') return true;
      last.file = utf8(place[1] as string);
      last.line = Number(place[2]);
      return true;
    }
    if (last && (/^(\||\s+\S*\[[0-9a-f]+\]$)/.test(line) || instruction.test(line))) return true;
    const parsed = /^\s/.test(line) || completeFrame.test(line) ? parseFrame(line) : undefined;
    if (!parsed) return false;
    const frames = inlinedJava(decoded(parsed).frame);
    if (this.frames.size >= MAX_CACHED) this.frames.clear();
    this.frames.set(own(line), frames);
    for (const frame of frames) pending.push({ frame, file: '', line: 0 });
    return true;
  }

  /** @param pending innermost first, as printed */
  private build(pending: readonly PendingFrame[]): number {
    const { builder } = this;
    let stack = -1;
    let module = '';
    for (let i = pending.length - 1; i >= 0; i--) {
      const { frame, file, line } = pending[i] as PendingFrame;
      if (frame.nowhere && pending.length > 1) continue;
      // perf prints no module for an inlined function: it has its caller's.
      if (!frame.inlined || frame.module !== '') module = frame.module;
      const name = frame.name || unnamedFunction(module);
      const func = builder.func({ name, module, file: '', line: 0 });
      stack = builder.stack(stack, builder.frame(func, file, line, frame.inlined));
    }
    return stack === -1 ? this.unknown() : stack;
  }

  private unknown(): number {
    const func = this.builder.func({ name: unnamedFunction(undefined), module: '', file: '', line: 0 });
    return this.builder.stack(-1, this.builder.frame(func, '', 0, false));
  }

  /** Ends the sample that was parsed line by line. */
  private flush(): void {
    const { header, pending } = this;
    if (!header) return;
    this.header = undefined;
    this.pending = [];
    if (pending.length > 0) {
      // Without an event, the number before a stack is the period.
      const alone = header.event === undefined && /^\s*\d+\s*$/.test(header.rest);
      this.add(header, this.build(pending), alone ? Number(header.rest) : undefined);
      return;
    }
    const bare = parseBare(header);
    if (bare) {
      this.add({ ...header, context: bare.context }, this.build([decoded(bare.frame)]));
      return;
    }
    const { period, frame } = parseRest(header);
    if (header.time === undefined && (header.event === undefined || (header.context === '' && !frame))) {
      // Neither time, nor event, nor frames: a message of the tool.
      if (this.skipped++ === 0) this.firstSkipped = this.headerLine;
      return;
    }
    this.add(header, frame ? this.build([decoded(frame)]) : this.unknown(), period);
  }

  private add(header: SampleHeader, stack: number, period = header.period ?? 1): void {
    const thread = this.threadOf(header.context);
    if (header.event === undefined && header.time === undefined) {
      this.headless.push({ stack, thread, period });
      return;
    }
    const time = header.time ?? this.first ?? 0;
    this.sample(this.eventOf(header.event ?? unknownEvent), stack, thread, time, period);
  }

  private eventOf(name: string): number {
    let index = this.events.get(name);
    if (index === undefined) {
      if (this.events.size >= MAX_EVENTS) return MAX_EVENTS;
      index = this.events.size;
      this.events.set(own(name), index);
    }
    return index;
  }

  private threadOf(context: string): number {
    let thread = this.threads.get(context);
    if (thread === undefined) {
      const { comm, pid, tid } = parseThread(context);
      const id = tid ?? this.unnumbered(comm);
      thread = this.builder.thread(pid, id, new Map([[id, utf8(comm)]]));
      if (this.threads.size >= MAX_CACHED) this.threads.clear();
      this.threads.set(own(context), thread);
    }
    return thread;
  }

  /** Without IDs, threads are distinguished by name. */
  private unnumbered(comm: string): number {
    let id = this.comms.get(comm);
    if (id === undefined) {
      id = this.comms.size;
      if (this.comms.size >= MAX_CACHED) this.comms.clear();
      this.comms.set(own(comm), id);
    }
    return id;
  }

  private sample(event: number, stack: number, thread: number, time: number, period: number): void {
    if (event === MAX_EVENTS) {
      this.leftOut++;
      return;
    }
    this.first ??= time;
    this.builder.sample(stack, thread, time - this.first, period, event);
  }
}

/**
 * perf-map-agent names Java code by all methods compiled into it, outermost first: `Lcom/a/B;::run->Lcom/a/C;::get`.
 * @returns them as frames, innermost first
 */
function inlinedJava(frame: ScriptFrame): readonly ScriptFrame[] {
  if (!/^L[^;]+;::.*->L[^;]+;::/.test(frame.name)) return [frame];
  const names = frame.name.split(/->(?=L[^;]+;::)/);
  return names.map((name, i) => ({ ...frame, name, inlined: frame.inlined || i > 0 })).reverse();
}

function decoded(frame: ScriptFrame): PendingFrame {
  return { frame: { ...frame, name: utf8(frame.name), module: utf8(frame.module) }, file: '', line: 0 };
}

/** Accepts Windows line ends. */
function withoutReturns(data: Buffer): Buffer {
  if (!data.includes(13)) return data;
  return Buffer.from(data.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
}

/** A copy: a slice as key of a cache would keep its whole piece of the file in memory. */
function own(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
