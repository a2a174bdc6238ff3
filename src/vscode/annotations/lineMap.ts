import { commonRuns, joined, sameLine, type LineRun } from '../../text/lineRuns.js';

/** One edit, as VS Code reports it: what is in lines `startLine..endLine` (0-based) was replaced by `text`. */
export interface TextChange {
  readonly startLine: number;
  readonly endLine: number;
  readonly text: string;
}

/** The document as it is now. */
export interface Lines {
  readonly count: number;
  at(line: number): string;
}

/** Profiled lines `from..to` (without it) are no longer there as they were; `now..nowTo` stand in their place. */
export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly now: number;
  readonly nowTo: number;
}

/**
 * Where the lines of the profiled text are in the text that is edited. Invariant: lines in a run are the same in both,
 * so what is undone is found again. An edit costs what it changes, and the number of places that differ.
 */
export class LineMap {
  private count: number;

  private constructor(
    private readonly profiled: readonly string[],
    count: number,
    private runs: LineRun[],
  ) {
    this.count = count;
  }

  static between(profiled: readonly string[], now: readonly string[]): LineMap {
    return new LineMap(profiled, now.length, commonRuns(profiled, now));
  }

  /** Nothing differs. */
  get unchanged(): boolean {
    const [first, ...others] = this.runs;
    if (this.profiled.length === 0) return this.count === 0;
    return (
      others.length === 0 && first?.length === this.profiled.length && this.count === this.profiled.length
    );
  }

  /** The line now; undefined where it was changed or removed. */
  current(line: number): number | undefined {
    const run = this.runs[lastUpTo(this.runs, ({ a }) => a <= line)];
    return run && line < run.a + run.length ? run.b + line - run.a : undefined;
  }

  /** As `current`, or the line that stands in its place; undefined where none does. */
  placeOf(line: number): number | undefined {
    const now = this.current(line);
    if (now !== undefined) return now;
    const gap = this.gapAt(line);
    return gap && gap.nowTo > gap.now ? Math.min(gap.now + line - gap.from, gap.nowTo - 1) : undefined;
  }

  /** The gap that a line fell into. */
  gapAt(line: number): Gap | undefined {
    return this.gaps().find(({ from, to }) => line >= from && line < to);
  }

  /** The profiled line that is at a line now; undefined for a new one. */
  profiledLine(now: number): number | undefined {
    const run = this.runs[lastUpTo(this.runs, ({ b }) => b <= now)];
    return run && now < run.b + run.length ? run.a + now - run.b : undefined;
  }

  /** Where the texts differ, from top to bottom. */
  gaps(): Gap[] {
    const gaps: Gap[] = [];
    let [from, now] = [0, 0];
    for (const { a, b, length } of [...this.runs, { a: this.profiled.length, b: this.count, length: 0 }]) {
      if (a > from || b > now) gaps.push({ from, to: a, now, nowTo: b });
      [from, now] = [a + length, b + length];
    }
    return gaps;
  }

  /**
   * @param changes in the order in which they apply, each in the lines that the one before left
   * @returns the profiled lines that may have been lost or found again
   */
  apply(changes: readonly TextChange[], lines: Lines): { from: number; to: number }[] {
    const touched: { from: number; to: number }[] = [];
    for (const change of changes) touched.push(this.cut(change));
    this.count = lines.count;
    return touched.map(({ from, to }) => {
      const gap = this.gaps().find((one) => one.from <= to && one.to >= from);
      if (!gap) return { from, to };
      this.match(gap, lines);
      return { from: Math.min(from, gap.from), to: Math.max(to, gap.to) };
    });
  }

  /** Takes the changed lines out of the runs and moves what is below. */
  private cut({ startLine, endLine, text }: TextChange): { from: number; to: number } {
    const added = newlines(text) - (endLine - startLine);
    const kept: LineRun[] = [];
    let [from, to] = [0, this.profiled.length];
    for (const { a, b, length } of this.runs) {
      const above = Math.min(length, Math.max(0, startLine - b));
      const below = Math.min(length, Math.max(0, b + length - 1 - endLine));
      if (above > 0) {
        kept.push({ a, b, length: above });
        from = a + above;
      }
      if (below > 0) {
        const skipped = length - below;
        kept.push({ a: a + skipped, b: b + skipped + added, length: below });
        to = Math.min(to, a + skipped);
      }
    }
    this.runs = kept;
    this.count += added;
    return { from, to };
  }

  private match({ from, to, now, nowTo }: Gap, lines: Lines): void {
    const found: LineRun[] = [];
    let [a, b, endA, endB] = [from, now, to, nowTo];
    while (a < endA && b < endB && sameLine(this.profiled[a] as string, lines.at(b))) [a, b] = [a + 1, b + 1];
    if (a > from) found.push({ a: from, b: now, length: a - from });
    while (a < endA && b < endB && sameLine(this.profiled[endA - 1] as string, lines.at(endB - 1)))
      [endA, endB] = [endA - 1, endB - 1];
    if (endA < to) found.push({ a: endA, b: endB, length: to - endA });
    if (a < endA && b < endB) {
      const inside = Array.from({ length: endB - b }, (_, i) => lines.at(b + i));
      for (const run of commonRuns(this.profiled.slice(a, endA), inside))
        found.push({ a: a + run.a, b: b + run.b, length: run.length });
    }
    if (found.length > 0) this.runs = joined([...this.runs, ...found]);
  }
}

function newlines(text: string): number {
  return text.split(/\r\n|\r|\n/).length - 1;
}

function lastUpTo(runs: readonly LineRun[], isBefore: (run: LineRun) => boolean): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isBefore(runs[middle] as LineRun)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
