import { ProfileBuilder } from '../../model/builder.js';
import type { Profile } from '../../model/profile.js';
import type { Importer } from './importer.js';
import { LineReader, utf8 } from './lines.js';

const FORMAT = 'folded stacks';
/** The number of stacks to look at before deciding how many counts each has. */
const UNDECIDED = 200;

const twoCounts = /\s\d+(\.\d*)? \d+(\.\d*)?\s*$/;

function isCount(text: string): boolean {
  return /^\d+(\.\d*)?(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text));
}

/**
 * Folded stacks, `outermost;…;innermost COUNT` (github.com/brendangregg/FlameGraph). Counts may be fractional,
 * names may contain spaces. Supports the annotations of `stackcollapse-perf.pl --all` (`_[k]` kernel, `_[i]` inlined,
 * `_[j]` JIT-compiled, `_[w]` waker), those of async-profiler (`_[0]` interpreted, `_[1]` compiled by the first compiler),
 * and the two counts per stack of difffolded.pl.
 */
export class FoldedImporter implements Importer {
  private readonly builder = new ProfileBuilder();
  private readonly thread = this.builder.thread(0, 0, new Map());
  private readonly frames = new Map<string, number>();
  private readonly reader = new LineReader(FORMAT, (line) => this.line(line));
  private samples = 0;
  private two = false;
  /** The first lines with their numbers, until there are enough to decide. */
  private undecided: [number, string][] | undefined = [];

  write(chunk: Buffer): void {
    this.reader.write(chunk);
  }

  finish(): Profile {
    this.reader.end();
    this.decide();
    if (this.samples === 0) throw this.reader.error('the file contains no stack');
    if (!this.two) return this.builder.finish([{ name: 'samples' }], []);
    return this.builder.finish(
      [{ name: 'samples' }, { name: 'samples before' }],
      ['Each stack has two counts: “samples before” is the first, “samples” the second.'],
    );
  }

  private line(line: string): void {
    if (line.trim() === '' || line.startsWith('#')) return;
    if (this.undecided && this.undecided.length < UNDECIDED) this.undecided.push([this.reader.number, line]);
    else {
      this.decide();
      this.stack(line, this.reader.number);
    }
  }

  /** Decides whether every stack has two counts, as written by difffolded.pl, or whether names end with numbers. */
  private decide(): void {
    const { undecided } = this;
    if (!undecided) return;
    this.undecided = undefined;
    this.two = undecided.length > 0 && undecided.every(([, line]) => twoCounts.test(line));
    for (const [number, line] of undecided) this.stack(line, number);
  }

  private stack(line: string, number: number): void {
    const trimmed = line.trimEnd();
    const end = Math.max(trimmed.lastIndexOf(' '), trimmed.lastIndexOf('\t'));
    const count = line.slice(end + 1).trim();
    const gap = this.two ? line.lastIndexOf(' ', end - 1) : end;
    const before = this.two ? line.slice(gap + 1, end) : '0';
    if (gap <= 0 || !isCount(count) || !isCount(before))
      throw this.reader.errorAt("a stack isn't followed by a count", number);
    let stack = -1;
    for (let start = 0; start <= gap;) {
      const next = line.indexOf(';', start);
      const stop = next === -1 || next > gap ? gap : next;
      stack = this.builder.stack(stack, this.frame(line.slice(start, stop)));
      start = stop + 1;
    }
    this.samples++;
    this.builder.sample(stack, this.thread, 0, Number(count));
    if (this.two) this.builder.sample(stack, this.thread, 0, Number(before), 1);
  }

  private frame(text: string): number {
    let frame = this.frames.get(text);
    if (frame !== undefined) return frame;
    const annotation = /_\[([kwij01])\]$/.exec(text)?.[1];
    const name = utf8(annotation ? text.slice(0, -4) : text) || '[unknown]';
    const module = annotation === 'k' ? '[kernel]' : '';
    const func = this.builder.func({ name, module, file: '', line: 0 });
    frame = this.builder.frame(func, '', 0, annotation === 'i');
    this.frames.set(Buffer.from(text, 'latin1').toString('latin1'), frame);
    return frame;
  }
}
