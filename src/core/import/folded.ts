import { ProfileBuilder } from '../profile/builder.js';
import type { Profile } from '../profile/profile.js';
import { runImporter, type Importer } from './importer.js';
import { LineReader, utf8 } from './lines.js';

const FORMAT = 'folded stacks';

/**
 * Folded stacks, `outermost;…;innermost COUNT` (github.com/brendangregg/FlameGraph). Counts may be fractional,
 * names may hold spaces. The annotations of `stackcollapse-perf.pl --all` are understood: `_[k]` kernel, `_[i]`
 * inlined, `_[j]` compiled at run time, `_[w]` waker.
 */
export class FoldedImporter implements Importer {
  private readonly builder = new ProfileBuilder();
  private readonly thread = this.builder.thread(0, 0, new Map());
  private readonly frames = new Map<string, number>();
  private readonly reader = new LineReader(FORMAT, (line) => this.line(line));
  private samples = 0;

  write(chunk: Buffer): void {
    this.reader.write(chunk);
  }

  finish(): Profile {
    this.reader.end();
    if (this.samples === 0) throw this.reader.error('there is no stack in it');
    return this.builder.finish([{ name: 'samples' }], []);
  }

  private line(line: string): void {
    if (line.trim() === '' || line.startsWith('#')) return;
    const gap = line.trimEnd().lastIndexOf(' ');
    const count = line.slice(gap + 1).trim();
    if (gap <= 0 || !/^\d+(\.\d*)?(e[+-]?\d+)?$/i.test(count) || !Number.isFinite(Number(count)))
      throw this.reader.error('a stack is not followed by its count');
    let stack = -1;
    for (let start = 0; start <= gap;) {
      const next = line.indexOf(';', start);
      const end = next === -1 || next > gap ? gap : next;
      stack = this.builder.stack(stack, this.frame(line.slice(start, end)));
      start = end + 1;
    }
    this.samples++;
    this.builder.sample(stack, this.thread, 0, Number(count));
  }

  private frame(text: string): number {
    let frame = this.frames.get(text);
    if (frame !== undefined) return frame;
    const annotation = /_\[([kwij])\]$/.exec(text)?.[1];
    const name = utf8(annotation ? text.slice(0, -4) : text) || '[unknown]';
    const module = annotation === 'k' ? '[kernel]' : '';
    const func = this.builder.func({ name, module, file: '', line: 0 });
    frame = this.builder.frame(func, '', 0, annotation === 'i');
    this.frames.set(Buffer.from(text, 'latin1').toString('latin1'), frame);
    return frame;
  }
}

/** @throws LabError `profile-corrupt` */
export function importFolded(bytes: Buffer): Profile {
  return runImporter(new FoldedImporter(), bytes);
}
