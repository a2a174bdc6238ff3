import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { codeLines, functionEnds, type CodeLines } from '../../text/codeLines.js';
import { bareName } from '../../core/symbols/definitions.js';
import type { AnnotatedLine } from '../runs/shown/sourceCosts.js';
import { LineMap, type Gap, type Lines, type TextChange } from './lineMap.js';
import { definitionsIn } from './relocate.js';

/** An annotation where it is now. */
export interface PlacedLine {
  /** 0-based, now. */
  readonly line: number;
  readonly annotation: AnnotatedLine;
  /** A function that is defined here is no longer what was profiled. */
  readonly edited: boolean;
}

/** Why the source isn't that of the profile. */
export type Difference =
  /** The text was changed; what is unchanged keeps its figures. */
  | 'edited'
  /** It is another version, and the profiled one isn't here: only functions have figures. */
  | 'other-version';

interface FunctionLines {
  readonly from: number;
  readonly to: number;
}

/** Annotations that are drawn together: what changes a line costs a group. */
const groupSize = 128;
/** Above it only what is near the lines in view is drawn: the editor's work with each key grows with what is drawn. */
const drawnWhole = 512;
/** How many lines above and below those in view are near: what scrolling shows is there already. */
const nearLines = 200;

/** The annotations of one open document: they follow its edits, and know what was edited. */
export class AnnotatedDocument {
  private readonly annotations: readonly AnnotatedLine[];
  private readonly map: LineMap;
  private readonly code: CodeLines | undefined;
  /** Lines of functions in the profiled text, 0-based: from its definition to the end of its body. */
  private readonly functions: readonly FunctionLines[];
  private now: readonly string[] | Lines;
  /** Definitions of the functions that were edited. */
  private readonly editedAt: Set<number>;
  /** Whether lines have figures: not if they can't be told from those of another version. */
  private readonly byLine: boolean;

  /**
   * @param annotations by line of the profiled text, from top to bottom
   * @param profiled undefined if that text can't be had
   */
  constructor(
    file: string,
    annotations: readonly AnnotatedLine[],
    profiled: readonly string[] | undefined,
    now: readonly string[],
  ) {
    this.now = now;
    const code = profiled && codeLines(file, profiled);
    this.byLine = profiled !== undefined && isPlausible(annotations, profiled, code);
    // Of another version, functions are where they are found by their names, and what is edited from now on is known.
    const base = this.byLine && profiled ? profiled : now;
    this.annotations = this.byLine ? annotations : definitionsIn(annotations, now);
    this.map = LineMap.between(base, now);
    this.code = this.byLine ? code : codeLines(file, now);
    const starts = this.annotations
      .filter(({ functions }) => functions.length > 0)
      .map(({ line }) => line - 1);
    const ends = this.code
      ? functionEnds(this.code, starts)
      : starts.map((_, i) => (starts[i + 1] ?? base.length) - 1);
    this.functions = starts.map((from, i) => ({ from, to: ends[i] as number }));
    const gaps = this.map.gaps();
    const edited = this.functions.filter((func) => gaps.some((gap) => this.isEditOf(gap, func)));
    this.editedAt = new Set(edited.map(({ from }) => from));
  }

  /** Undefined while the source is what was profiled. */
  get difference(): Difference | undefined {
    if (!this.byLine) return 'other-version';
    return this.map.unchanged ? undefined : 'edited';
  }

  /** The groups to be drawn while some lines (0-based) are in view; all of a document with few annotations. */
  groupsNear(view: readonly FunctionLines[]): ReadonlySet<number> {
    const near = new Set<number>();
    const count = Math.ceil(this.annotations.length / groupSize);
    for (let group = 0; group < count; group++) {
      const first = this.annotations[group * groupSize];
      const last = this.annotations[Math.min((group + 1) * groupSize, this.annotations.length) - 1];
      if (!first || !last) continue;
      const from = this.map.placeOf(first.line - 1) ?? 0;
      const to = this.map.placeOf(last.line - 1) ?? Infinity;
      const isNear = view.some((lines) => from <= lines.to + nearLines && to >= lines.from - nearLines);
      if (isNear || this.annotations.length <= drawnWhole) near.add(group);
    }
    return near;
  }

  /** @returns the groups of annotations that have to be drawn again; where lines only moved, the editor moves them */
  apply(changes: readonly TextChange[], lines: Lines): ReadonlySet<number> {
    const groups = new Set<number>();
    this.now = lines;
    const touched = this.map.apply(changes, lines);
    const gaps = this.map.gaps();
    for (const { from, to } of touched) {
      const [first, last] = [this.firstAt(from - 1), this.firstAt(to + 1)];
      for (let i = first; i <= last && i < this.annotations.length; i++)
        groups.add(Math.floor(i / groupSize));
      for (const func of this.functions) {
        if (func.from > to + 1) break;
        if (func.to < from - 1) continue;
        const edited = gaps.some((gap) => this.isEditOf(gap, func));
        if (edited === this.editedAt.has(func.from)) continue;
        if (edited) this.editedAt.add(func.from);
        else this.editedAt.delete(func.from);
        groups.add(Math.floor(this.firstAt(func.from) / groupSize));
      }
    }
    return groups;
  }

  /** All annotations of a group, or of all of them, where they are now. */
  *placed(group?: number): Generator<PlacedLine> {
    const from = group === undefined ? 0 : group * groupSize;
    const to =
      group === undefined ? this.annotations.length : Math.min(from + groupSize, this.annotations.length);
    for (let i = from; i < to; i++) {
      const annotation = this.annotations[i] as AnnotatedLine;
      const placed = this.place(annotation);
      if (placed) yield placed;
    }
  }

  /** The annotation that is at a line now. */
  at(line: number): PlacedLine | undefined {
    const profiled = this.map.profiledLine(line);
    if (profiled === undefined) {
      // A signature that was changed still says what its function cost.
      return [...this.editedAt]
        .flatMap((start) => this.exactly(start))
        .find((placed) => placed.line === line);
    }
    return this.exactly(profiled)[0];
  }

  /** Where a profiled line is now, or what stands in its place; 1-based. Undefined if that isn't known. */
  lineNow(line: number): number | undefined {
    const now = this.byLine ? this.map.placeOf(line - 1) : undefined;
    return now === undefined ? undefined : now + 1;
  }

  /** The profiled line of one of now, both 1-based. */
  profiledLine(line: number): number | undefined {
    const profiled = this.byLine ? this.map.profiledLine(line - 1) : undefined;
    return profiled === undefined ? undefined : profiled + 1;
  }

  /** The lines of the innermost function of the profile around a line, all 0-based and as they are now. */
  functionAround(line: number): { readonly from: number; readonly to: number } | undefined {
    let found: { from: number; to: number } | undefined;
    for (const { from, to } of this.functions) {
      const [first, last] = [this.map.placeOf(from), this.map.placeOf(to)];
      if (first === undefined || last === undefined || line < first || line > last) continue;
      if (!found || last - first <= found.to - found.from) found = { from: first, to: last };
    }
    return found;
  }

  private exactly(profiled: number): PlacedLine[] {
    const annotation = this.annotations[this.firstAt(profiled)];
    const placed = annotation?.line === profiled + 1 ? this.place(annotation) : undefined;
    return placed ? [placed] : [];
  }

  private place(annotation: AnnotatedLine): PlacedLine | undefined {
    const start = annotation.line - 1;
    const edited = this.editedAt.has(start);
    const line = this.map.current(start);
    if (line !== undefined) return { line, annotation, edited };
    const [hottest] = annotation.functions;
    const changed = hottest && this.changedSignature(start, bareName(hottest.name));
    return changed === undefined
      ? undefined
      : { line: changed, annotation: { ...annotation, cost: undefined }, edited: true };
  }

  /** The line that now names a function, where its signature was. */
  private changedSignature(start: number, name: string): number | undefined {
    const gap = this.map.gapAt(start);
    for (let line = gap?.now ?? 0; line < (gap?.nowTo ?? 0); line++)
      if (textAt(this.now, line).includes(name)) return line;
    return undefined;
  }

  /** Index of the first annotation at or below a line, 0-based. */
  private firstAt(line: number): number {
    let low = 0;
    let high = this.annotations.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.annotations[middle] as AnnotatedLine).line - 1 < line) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether anything but space and comments was changed in a function, added to it, or removed. */
  private isEditOf(gap: Gap, { from, to }: FunctionLines): boolean {
    const inside = gap.to > gap.from ? gap.from <= to && gap.to > from : gap.from > from && gap.from <= to;
    return inside && this.matters(gap);
  }

  private matters({ from, to, now, nowTo }: Gap): boolean {
    for (let i = from; i < to; i++) if (!this.code || this.code.hasCode[i] === 1) return true;
    for (let i = now; i < nowTo; i++) {
      const text = textAt(this.now, i);
      if (text.trim() !== '' && !(this.code && /^\s*\/\//.test(text))) return true;
    }
    return false;
  }
}

function textAt(lines: readonly string[] | Lines, line: number): string {
  return 'count' in lines ? lines.at(line) : (lines[line] as string);
}

/** Compilers give no instruction to a comment: where one has a cost, the program was built from another text. */
function isPlausible(
  annotations: readonly AnnotatedLine[],
  profiled: readonly string[],
  code: CodeLines | undefined,
): boolean {
  return annotations.every(
    ({ line, cost }) => !cost || (line <= profiled.length && (!code || code.hasCode[line - 1] === 1)),
  );
}

/**
 * Files of a profile by real path: debug information names them through whatever symbolic links the build went, and
 * relative to a source root of the lab. Files that do not exist keep the name they have.
 */
export async function indexByRealPath(
  names: Iterable<string>,
  find: (file: string) => Promise<string | undefined>,
): Promise<Map<string, string[]>> {
  const all = [...names];
  const real = await Promise.all(all.map(async (name) => realPath((await find(name)) ?? name)));
  const index = new Map<string, string[]>();
  all.forEach((name, i) => {
    const key = real[i] as string;
    index.set(key, [...(index.get(key) ?? []), name]);
  });
  return index;
}

export function realPath(file: string): Promise<string> {
  return realpath(file).catch(() => path.normalize(file));
}
