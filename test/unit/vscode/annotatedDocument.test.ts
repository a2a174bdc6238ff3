import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnnotatedDocument } from '../../../src/vscode/annotations/annotatedDocument.js';
import { LineMap, type TextChange } from '../../../src/vscode/annotations/lineMap.js';
import type { AnnotatedLine } from '../../../src/vscode/runs/shown/sourceCosts.js';

const source = `#include <stdio.h>

// Adds.
static int add(int a, int b) {
  return a + b;
}

int main(void) {
  int sum = 0;
  for (int i = 0; i < 10; i++) {
    sum = add(sum, i);
  }
  return sum;
}`.split('\n');

const func = (name: string) => ({
  name,
  func: 0,
  selfPercent: 1,
  totalPercent: 1,
  selfSamples: 1,
  totalSamples: 1,
  category: 'Other',
});
const annotation = (line: number, name?: string, cost = true): AnnotatedLine => ({
  line,
  functions: name ? [func(name)] : [],
  cost: cost
    ? {
        selfPercent: line,
        samples: 1,
        totalPercent: line,
        totalSamples: 1,
        functions: [],
        func: 0,
        file: 0,
        heat: 1,
      }
    : undefined,
});
/** `add` is defined in line 4, `main` in line 8. */
const annotations = [annotation(4, 'add'), annotation(5), annotation(8, 'main', false), annotation(11)];

/** A document that is edited, with its annotations. */
class Edited {
  lines: string[];
  readonly annotated: AnnotatedDocument;

  constructor(now = source, profiled: readonly string[] | undefined = source, file = '/a.c') {
    this.lines = [...now];
    this.annotated = new AnnotatedDocument(file, annotations, profiled, now);
  }

  /** Replaces lines, 1-based and inclusive. */
  replace(from: number, to: number, ...lines: string[]): ReadonlySet<number> {
    const removed = this.lines.splice(from - 1, to - from + 1, ...lines);
    expect(removed).toHaveLength(to - from + 1);
    return this.annotated.apply([{ startLine: from - 1, endLine: to - 1, text: lines.join('\n') }], {
      count: this.lines.length,
      at: (line) => this.lines[line] as string,
    });
  }

  /** `line:figure`, with `*` where a function was edited and `-` where only functions have figures. */
  get shown(): string[] {
    return [...this.annotated.placed()].map(
      ({ line, annotation: { cost, line: profiled }, edited }) =>
        `${line + 1}:${cost ? profiled : '-'}${edited ? '*' : ''}`,
    );
  }
}

const untouched = ['4:4', '5:5', '8:-', '11:11'];

describe('annotations of a document', () => {
  it('stand where the profile says while nothing was changed', () => {
    const { shown, annotated } = new Edited();
    expect(shown).toEqual(untouched);
    expect(annotated.difference).toBeUndefined();
  });

  it('follow lines that are inserted and removed above them', () => {
    const document = new Edited();
    document.replace(1, 1, '#include <stdio.h>', '#include <stdlib.h>', '');
    expect(document.shown).toEqual(['6:4', '7:5', '10:-', '13:11']);
    document.replace(1, 4, 'x');
    expect(document.shown).toEqual(['3:4', '4:5', '7:-', '10:11']);
    expect(document.annotated.difference).toBe('edited');
  });

  it('are lost with a changed line, whose function is marked, and come back when that is undone', () => {
    const document = new Edited();
    expect([...document.replace(11, 11, '    sum = add(sum, i + 1);')]).toEqual([0]);
    expect(document.shown).toEqual(['4:4', '5:5', '8:-*']);
    expect(document.annotated.difference).toBe('edited');
    document.replace(11, 11, source[10] as string);
    expect(document.shown).toEqual(untouched);
    expect(document.annotated.difference).toBeUndefined();
  });

  it('come back with removed lines, whatever else was changed meanwhile', () => {
    const document = new Edited();
    document.replace(3, 6, '');
    expect(document.shown).toEqual(['5:-', '8:11']);
    document.replace(1, 1, '#include <stdlib.h>', source[0] as string);
    document.replace(4, 4, ...source.slice(2, 6));
    expect(document.shown).toEqual(['5:4', '6:5', '9:-', '12:11']);
  });

  it('keep a changed signature, and say that its function was edited', () => {
    const document = new Edited();
    document.replace(4, 4, '/* new */', 'static int add(int a, int b, int c) {');
    expect(document.shown).toEqual(['5:-*', '6:5', '9:-', '12:11']);
    expect(document.annotated.at(4)?.edited).toBe(true);
    document.replace(4, 5, 'static int plus(int a, int b) {');
    expect(document.shown).toEqual(['5:5', '8:-', '11:11']);
  });

  it('mark no function for comments, space, and what is between functions', () => {
    const document = new Edited();
    document.replace(10, 10, source[9] as string, '    // Ten times.', '');
    document.replace(7, 7, '', 'int unused;', '');
    document.replace(5, 5, '\t\treturn a + b;  ');
    expect(document.shown).toEqual(['4:4', '5:5', '10:-', '15:11']);
  });

  it('are found by the profiled text in a file that was changed outside the editor', () => {
    const added = Array.from({ length: 40 }, (_, i) => `// line ${i}`);
    const changed = [...added, ...source.slice(0, 12), '  puts("done");', ...source.slice(12)];
    const { shown, annotated } = new Edited(changed);
    expect(shown).toEqual(['44:4', '45:5', '48:-*', '51:11']);
    expect(annotated.lineNow(11)).toBe(51);
    expect(annotated.profiledLine(51)).toBe(11);
    expect(annotated.functionAround(49)).toEqual({ from: 47, to: 54 });
  });

  it('are of functions only where the profiled text can’t be had', () => {
    const moved = ['', '// new', ...source];
    const known = new AnnotatedDocument('/a.c', annotations, undefined, moved);
    expect(known.difference).toBe('other-version');
    expect([...known.placed()].map(({ line, annotation: { cost } }) => [line + 1, cost])).toEqual([
      [6, undefined],
      [10, undefined],
    ]);
  });

  it('take a text in which a comment has a cost for another version', () => {
    const before = ['// new', ...source];
    const document = new Edited(before, before);
    // Line 4 of what was built is a comment of this text.
    expect(document.annotated.difference).toBe('other-version');
  });

  it('are drawn again only in the group that an edit changes', () => {
    const many = Array.from({ length: 2_000 }, (_, i) => `  x[${i}]++;`);
    const costs = many.map((_, i) => annotation(i + 1));
    const annotated = new AnnotatedDocument('/a.c', costs, many, many);
    const now = [...many];
    now.splice(1_000, 0, '');
    const lines = { count: now.length, at: (line: number) => now[line] as string };
    const groups = annotated.apply([{ startLine: 1_000, endLine: 1_000, text: '\n' }], lines);
    expect(groups.size).toBeLessThanOrEqual(2);
    expect([...annotated.placed()].map(({ line }) => line)).toEqual(
      many.map((_, i) => (i < 1_000 ? i : i + 1)),
    );
  });

  it('are drawn near the lines in view only, where there are very many', () => {
    const source = Array.from({ length: 20_000 }, (_, i) => `  x[${i}]++;`);
    const of = (count: number) => {
      const costs = Array.from({ length: count }, (_, i) => annotation(i * (20_000 / count) + 1));
      return new AnnotatedDocument('/a.c', costs, source, source);
    };
    const drawn = (annotated: AnnotatedDocument, ...view: { from: number; to: number }[]) => {
      const near = annotated.groupsNear(view);
      return [...near].flatMap((group) => [...annotated.placed(group)].map(({ line }) => line));
    };
    const lines = drawn(of(5_000), { from: 10_000, to: 10_040 });
    expect(lines.length).toBeLessThan(500);
    for (let line = 9_800; line <= 10_240; line += 4) expect(lines).toContain(line);
    expect(drawn(of(5_000), { from: 0, to: 40 }, { from: 19_960, to: 20_000 })).toEqual(
      expect.arrayContaining([0, 19_996]),
    );
    expect(drawn(of(500), { from: 0, to: 40 })).toHaveLength(500);
  });
});

describe('a map of lines', () => {
  const line = fc.constantFrom<string>('a', 'b', 'c', '', '}', 'unique one', 'unique two');
  const text = fc.array(line, { minLength: 1, maxLength: 30 });
  const edits = fc.array(
    fc.record({ from: fc.nat(40), length: fc.nat(6), lines: fc.array(line, { maxLength: 5 }) }),
    { maxLength: 8 },
  );

  it('only ever relates lines that are the same, in order, and finds everything again after an undo', () => {
    fc.assert(
      fc.property(text, text, edits, (profiled, start, changes) => {
        const map = LineMap.between(profiled, start);
        let now = start;
        const change = (from: number, to: number, lines: readonly string[]) => {
          const next = [...now.slice(0, from), ...lines, ...now.slice(to + 1)];
          if (next.length === 0) return;
          const text = (lines.length > 0 ? lines : ['']).join('\n');
          // Without lines in its place, the one that follows or goes before is joined, as an editor does.
          const edit: TextChange =
            lines.length > 0
              ? { startLine: from, endLine: to, text }
              : to + 1 < now.length
                ? { startLine: from, endLine: to + 1, text: '' }
                : { startLine: from - 1, endLine: to, text: '' };
          now = next;
          map.apply([edit], { count: now.length, at: (i) => now[i] as string });
        };
        const check = () => {
          let last = -1;
          for (const [i, profiledLine] of profiled.entries()) {
            const at = map.current(i);
            if (at === undefined) continue;
            expect(now[at]).toBe(profiledLine);
            expect(at).toBeGreaterThan(last);
            expect(map.profiledLine(at)).toBe(i);
            last = at;
          }
        };
        check();
        for (const { from, length, lines } of changes) {
          const first = Math.min(from, now.length - 1);
          change(first, Math.min(first + length, now.length - 1), lines);
          check();
        }
        change(0, now.length - 1, profiled);
        check();
        expect(map.unchanged).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
