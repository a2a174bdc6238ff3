import { ProfileBuilder } from '../profile/builder.js';
import type { Profile } from '../profile/profile.js';
import { unnamedFunction } from '../symbols/unnamed.js';
import { choose, malformed, othersNote, runImporter, type Importer, type ImportOptions } from './importer.js';
import { MAX_LINE, utf8 } from './lines.js';
import {
  parseFrame,
  parseHeader,
  parseThread,
  type SampleHeader,
  type ScriptFrame,
} from './perfScriptText.js';

const FORMAT = 'perf script text';
/** Caches are emptied when they reach this many entries, so that memory stays bounded whatever the text. */
const MAX_CACHED = 1 << 16;
const MAX_CACHED_STACK = 1 << 14;

/** A frame of the sample being read: what its line says, and the line that `-F srcline` printed after it. */
interface PendingFrame {
  readonly frame: ScriptFrame;
  file: string;
  line: number;
}

interface CachedStack {
  readonly stack: number;
  readonly lines: number;
}

/**
 * Reads `perf script`: samples separated by blank lines, or one per line where there is no call chain. Whole stacks
 * repeat far more often than not, so a stack is looked up by its text; only new ones are taken apart.
 */
export class PerfScriptImporter implements Importer {
  private readonly builder = new ProfileBuilder();
  private readonly select: string | undefined;
  private readonly stacks = new Map<string, CachedStack>();
  private readonly frames = new Map<string, ScriptFrame>();
  private readonly threads = new Map<string, number>();
  private readonly events = new Map<string, number>();
  private carry = '';
  private lines = 0;
  private header: SampleHeader | undefined;
  private headerLine = 0;
  private pending: PendingFrame[] = [];
  private samples = 0;
  private first: number | undefined;
  private event: string | undefined;
  private skipped = 0;
  private firstSkipped = 0;

  constructor({ select }: ImportOptions = {}) {
    this.select = select;
  }

  write(chunk: Buffer): void {
    let text = this.carry + chunk.toString('latin1');
    if (text.includes('\r')) text = text.replaceAll('\r\n', '\n');
    // Up to the end of a sample if one ends here: then its stack is in one piece.
    const blank = text.lastIndexOf('\n\n');
    const cut = blank === -1 ? text.lastIndexOf('\n') + 1 : blank + 2;
    this.carry = text.slice(cut);
    if (this.carry.length > MAX_LINE)
      throw malformed(FORMAT, 'a sample has no end', `line ${this.lines + 1}`);
    this.read(text.slice(0, cut));
  }

  finish(): Profile {
    this.read(this.carry.endsWith('\n') ? this.carry : `${this.carry}\n`);
    this.carry = '';
    this.flush();
    const names = [...this.events.keys()];
    if (this.samples === 0) {
      if (names.length > 0) choose(FORMAT, names, this.select);
      throw malformed(FORMAT, 'there is no sample in it', `line ${this.firstSkipped || 1}`);
    }
    const notes = othersNote('events', names, names.indexOf(this.event as string));
    if (this.skipped > 0)
      notes.push(`${this.skipped} lines are no part of a sample; the first is line ${this.firstSkipped}.`);
    return this.builder.finish({ name: this.event as string }, notes);
  }

  /** @param text whole lines */
  private read(text: string): void {
    let blank = -1;
    let slowUntil = 0;
    for (let at = 0; at < text.length;) {
      const end = text.indexOf('\n', at);
      // The fast way: a header, then lines of frames up to a blank line.
      if (end + 1 < text.length && this.header === undefined && at >= slowUntil) {
        if (text.charCodeAt(end + 1) === 9 && text.charCodeAt(at) > 35) {
          if (blank < end) blank = text.indexOf('\n\n', end);
          if (blank === -1) blank = text.length;
          if (blank < text.length && blank - end <= MAX_CACHED_STACK) {
            const found = this.stackOf(text.slice(end + 1, blank));
            if (found) {
              this.add(parseHeader(text.slice(at, end)), found.stack);
              this.lines += found.lines + 2;
              at = blank + 2;
              continue;
            }
          }
          slowUntil = blank;
        }
      }
      this.lines++;
      this.line(text.slice(at, end));
      at = end + 1;
    }
  }

  /** The stack of lines of frames, or undefined when there is anything else among them. */
  private stackOf(text: string): CachedStack | undefined {
    let found = this.stacks.get(text);
    if (found) return found;
    const pending: PendingFrame[] = [];
    const lines = text.split('\n');
    if (!lines.every((line) => this.part(line, pending)) || pending.length === 0) return undefined;
    found = { stack: this.build(pending), lines: lines.length };
    if (this.stacks.size >= MAX_CACHED) this.stacks.clear();
    this.stacks.set(own(text), found);
    return found;
  }

  private line(line: string): void {
    if (line.trim() === '') {
      this.flush();
      return;
    }
    const indented = line.charCodeAt(0) === 9 || line.charCodeAt(0) === 32;
    if (indented && (this.header || line.charCodeAt(0) === 9)) {
      const header = line.charCodeAt(0) === 32 ? parseHeader(line) : undefined;
      if (header?.time === undefined && this.part(line, this.pending)) {
        this.header ??= { context: '', time: undefined, period: undefined, event: undefined, rest: '' };
        return;
      }
    }
    this.flush();
    if (line.startsWith('#')) return;
    this.header = parseHeader(line);
    this.headerLine = this.lines;
  }

  /** Takes a line of a stack apart. @returns whether it is one */
  private part(line: string, pending: PendingFrame[]): boolean {
    let frame = this.frames.get(line);
    if (frame) {
      pending.push({ frame, file: '', line: 0 });
      return true;
    }
    // `-F srcline` prints two spaces and the place below a frame, `-F srccode` a bar and the source.
    const place = /^ {2}(\S.*):(\d{1,9})$/.exec(line);
    const last = pending.at(-1);
    if (place && last) {
      last.file = utf8(place[1] as string);
      last.line = Number(place[2]);
      return true;
    }
    if (last && /^(\||\s+\S*\[[0-9a-f]+\]$)/.test(line)) return true;
    const parsed = /^\s/.test(line) ? parseFrame(line) : undefined;
    if (!parsed) return false;
    frame = { ...parsed, name: utf8(parsed.name), module: utf8(parsed.module) };
    if (this.frames.size >= MAX_CACHED) this.frames.clear();
    this.frames.set(own(line), frame);
    pending.push({ frame, file: '', line: 0 });
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
      // perf prints no module for an inlined function: it is its caller's.
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

  /** Ends the sample whose lines came one by one. */
  private flush(): void {
    const { header, pending } = this;
    if (!header) return;
    this.header = undefined;
    this.pending = [];
    if (pending.length > 0) {
      this.add(header, this.build(pending));
      return;
    }
    if (header.time === undefined && header.event === undefined) {
      // Neither time, nor event, nor frames: a message that the tool printed in between.
      if (this.skipped++ === 0) this.firstSkipped = this.headerLine;
      return;
    }
    const frame = /^\s*[0-9a-f]{1,16}\s+\S.*\)$/.test(header.rest) ? parseFrame(header.rest) : undefined;
    const named = frame && { ...frame, name: utf8(frame.name), module: utf8(frame.module) };
    this.add(header, named ? this.build([{ frame: named, file: '', line: 0 }]) : this.unknown());
  }

  private add(header: SampleHeader, stack: number): void {
    const event = header.event ?? 'unknown event';
    if (event !== this.event) {
      if (!this.events.has(event)) this.events.set(own(event), this.events.size);
      this.event ??= this.select === undefined || this.select === event ? own(event) : undefined;
      if (event !== this.event) return;
    }
    let thread = this.threads.get(header.context);
    if (thread === undefined) {
      const { comm, pid, tid } = parseThread(header.context);
      thread = this.builder.thread(pid, tid, new Map([[tid, utf8(comm)]]));
      if (this.threads.size >= MAX_CACHED) this.threads.clear();
      this.threads.set(own(header.context), thread);
    }
    this.first ??= header.time ?? 0;
    this.samples++;
    this.builder.sample(stack, thread, (header.time ?? this.first) - this.first, header.period ?? 1);
  }
}

/** A string of its own: a slice as key of a cache would keep its whole piece of the file in memory. */
function own(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** @throws LabError `profile-corrupt` */
export function importPerfScript(bytes: Buffer, options?: ImportOptions): Profile {
  return runImporter(new PerfScriptImporter(options), bytes);
}
