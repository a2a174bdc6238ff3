import { ProfileBuilder } from '../../model/builder.js';
import type { Profile } from '../../model/profile.js';
import type { Importer, Unread } from './importer.js';
import { LineReader, utf8 } from './lines.js';

const FORMAT = 'folded stacks';
/** The number of stacks to look at before deciding how many counts each has. */
const UNDECIDED = 200;
/** What a note quotes of a line. */
const MAX_QUOTED = 60;

/** Of a function, after its name, in as many digits as the processor has. */
const address = /(?<=.)<[0-9a-f]{16}>$/;

/** A line taken apart; its names are the characters from `start` to `end`. */
interface Stack {
  readonly line: string;
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

/**
 * Folded stacks, `outermost;…;innermost COUNT` (github.com/brendangregg/FlameGraph), read as flamegraph.pl and inferno
 * do: the last word is the count, names may hold spaces, numbers and `#`, and a line without a count is left out (with a note, but for comments). The
 * annotations of `stackcollapse-perf.pl --all` are understood: `_[k]` kernel, `_[i]` inlined, `_[j]` compiled at run
 * time, `_[w]` waker; async-profiler adds `_[0]` interpreted and `_[1]` compiled by the first compiler. So are the
 * two counts a stack that difffolded.pl writes. Addresses of functions, `work<0000000000001159>`, which google-pprof adds
 * to their names, are left out.
 */
export class FoldedImporter implements Importer {
  private readonly builder = new ProfileBuilder();
  private readonly thread = this.builder.thread(0, 0, new Map());
  private readonly frames = new Map<string, number>();
  private readonly reader = new LineReader(FORMAT, (line) => this.line(line));
  private samples = 0;
  private two: boolean | undefined;
  /** The first stacks, until they are enough to tell. */
  private undecided: Stack[] = [];
  private skipped = 0;
  private firstSkipped = '';
  /** Lines that end with a number, and may be a comment or a stack. */
  private readonly unclear = { comments: 0, stacks: 0 };

  /** @param counts of each stack; detected from the first stacks if omitted */
  constructor(counts?: 1 | 2) {
    this.two = counts === undefined ? undefined : counts === 2;
  }

  get unread(): Unread {
    return { lines: this.skipped, of: this.reader.number };
  }

  write(chunk: Buffer): void {
    this.reader.write(chunk);
  }

  finish(): Profile {
    this.reader.end();
    this.decide();
    if (this.samples === 0) throw this.reader.error('there is no stack with a count in it');
    const notes: string[] = [];
    const of = `of ${this.reader.number}`;
    if (this.skipped > 0)
      notes.push(
        `Lines without a count are left out (${this.skipped} ${of}); the first is ${this.firstSkipped}`,
      );
    const { comments, stacks } = this.unclear;
    if (comments > 0)
      notes.push(`Lines like "# duration: 12" are read as comments, not as stacks (${comments} ${of}).`);
    if (stacks > 0)
      notes.push(
        `Lines that begin with "# " and end with a number are read as stacks, as flamegraph.pl does (${stacks} ${of}).`,
      );
    if (!this.two) return this.builder.finish([{ name: 'samples' }], notes);
    return this.builder.finish(
      [{ name: 'samples' }, { name: 'samples before' }],
      [
        'Each stack has two counts: `samples` are the second ones, `samples before` the first. If the first number is part of a name, import with --format folded.',
        ...notes,
      ],
    );
  }

  private line(line: string): void {
    const stack = withoutCount(line, 0, line.length);
    const hash = line.startsWith('# ') && !line.includes(';');
    if (!stack) {
      if (!hash && skipBlanks(line, line.length, 0) > 0) this.skip(line);
      return;
    }
    if (hash && /^# [\w -]+: \S+$/.test(line)) {
      // What Austin writes of the profile; inferno passes over whatever begins so.
      this.unclear.comments++;
      return;
    }
    if (hash) this.unclear.stacks++;
    if (this.two !== undefined) this.add(stack);
    else if (this.undecided.push(stack) === UNDECIDED) this.decide();
  }

  private skip(line: string): void {
    if (this.skipped++ > 0) return;
    const quoted = line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}…` : line;
    this.firstSkipped = `line ${this.reader.number}: ${Buffer.from(quoted, 'latin1').toString('utf8')}`;
  }

  private decide(): void {
    this.two ??= haveTwoCounts(this.undecided);
    for (const stack of this.undecided) this.add(stack);
    this.undecided = [];
  }

  private add(stack: Stack): void {
    if (!this.two) {
      this.samples++;
      this.builder.sample(this.stackOf(stack), this.thread, 0, stack.count);
      return;
    }
    const before = withoutCount(stack.line, stack.start, stack.end);
    if (!before) {
      this.skip(stack.line);
      return;
    }
    this.samples++;
    const of = this.stackOf(before);
    this.builder.sample(of, this.thread, 0, stack.count);
    this.builder.sample(of, this.thread, 0, before.count, 1);
  }

  /** A separator at the end is followed by no name, as in Perl's `split`. */
  private stackOf({ line, start, end }: Stack): number {
    let last = end;
    while (last > start && line.charCodeAt(last - 1) === SEMICOLON) last--;
    let stack = -1;
    for (let at = start; at <= last;) {
      const next = line.indexOf(';', at);
      const stop = next === -1 || next > last ? last : next;
      stack = this.builder.stack(stack, this.frame(line.slice(at, stop)));
      at = stop + 1;
    }
    return stack;
  }

  private frame(text: string): number {
    let frame = this.frames.get(text);
    if (frame !== undefined) return frame;
    const annotation = /_\[([kwij01])\]$/.exec(text)?.[1];
    const name = utf8(annotation ? text.slice(0, -4) : text).replace(address, '') || '[unknown]';
    const module = annotation === 'k' ? '[kernel]' : '';
    const func = this.builder.func({ name, module, file: '', line: 0 });
    frame = this.builder.frame(func, '', 0, annotation === 'i');
    this.frames.set(Buffer.from(text, 'latin1').toString('latin1'), frame);
    return frame;
  }
}

const [TAB, SPACE, SEMICOLON] = [9, 32, 59] as const;

const isBlank = (code: number) => code === SPACE || code === TAB;

/** @returns where the blanks that end before `end` begin: only ASCII, since other bytes may be parts of names */
function skipBlanks(line: string, end: number, start: number): number {
  let at = end;
  while (at > start && isBlank(line.charCodeAt(at - 1))) at--;
  return at;
}

/** The count that ends a part of a line taken off, or undefined when none does. Linear in the length of the part. */
function withoutCount(line: string, start: number, end: number): Stack | undefined {
  const last = skipBlanks(line, end, start);
  let word = last;
  while (word > start && !isBlank(line.charCodeAt(word - 1))) word--;
  // A count alone is none; blanks before it are a stack without a name.
  if (word === start || word === last) return undefined;
  const text = line.slice(word, last);
  const count = Number(text);
  if (!/^\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(count)) return undefined;
  let first = start;
  while (first < word && isBlank(line.charCodeAt(first))) first++;
  return { line, start: first, end: Math.max(first, skipBlanks(line, word, start)), count };
}

/**
 * Whether these stacks are what difffolded.pl writes, or end with names that do: it writes two counts to every stack
 * and every stack once, while `worker 1` and `worker 2` are one stack when their numbers are taken for counts.
 */
function haveTwoCounts(stacks: readonly Stack[]): boolean {
  const seen = new Set<string>();
  for (const { line, start, end } of stacks) {
    const before = withoutCount(line, start, end);
    if (!before || before.end === before.start) return false;
    const names = line.slice(before.start, before.end);
    if (seen.has(names)) return false;
    seen.add(names);
  }
  return stacks.length > 0;
}
