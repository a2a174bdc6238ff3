import { describe, expect, it } from 'vitest';
import {
  applyChange,
  relocate,
  type TextChange,
  type TrackedLine,
} from '../../../src/vscode/annotations/lineTracking.js';
import type { AnnotatedLine } from '../../../src/vscode/runs/shown/sourceCosts.js';

const annotation = (line: number, name?: string, within?: string): AnnotatedLine => ({
  line,
  functions: name
    ? [{ name, func: 0, selfPercent: 1, totalPercent: 1, selfSamples: 1, category: 'Other' }]
    : [],
  cost: within
    ? { selfPercent: 1, samples: 1, heat: 1, functions: [{ name: within, percent: 1 }] }
    : undefined,
});
const tracked = (...lines: number[]): TrackedLine[] =>
  lines.map((line) => ({ annotation: annotation(line, 'f'), line }));
const after = (lines: number[], change: TextChange) =>
  applyChange(tracked(...lines), change).map(({ line }) => line);
const change = (startLine: number, startCharacter: number, endLine: number, text: string): TextChange => ({
  startLine,
  startCharacter,
  endLine,
  text,
});

describe('annotations under edits', () => {
  it('stay when a line is typed in', () => {
    expect(after([3, 4], change(2, 5, 2, 'x'))).toEqual([3, 4]);
  });

  it('move with lines inserted above or at the start of their line', () => {
    expect(after([3, 4], change(0, 0, 0, 'a\nb\n'))).toEqual([5, 6]);
    expect(after([3, 4], change(2, 0, 2, '\n'))).toEqual([4, 5]);
  });

  it('stay with the beginning of a line that is broken in two', () => {
    expect(after([3, 4], change(2, 5, 2, '\n  '))).toEqual([3, 5]);
  });

  it('go with lines that are removed, and move up below them', () => {
    expect(after([2, 3, 6], change(1, 0, 3, ''))).toEqual([4]);
  });
});

describe('annotations of a file that was edited since', () => {
  const source = [
    '// new',
    '// new',
    'int f(int a) {',
    '  return a;',
    '}',
    'int g(void) {',
    '  return 2;',
    '}',
  ];

  it('move with the function that they belong to', () => {
    const found = relocate([annotation(1, 'f'), annotation(2, undefined, 'f'), annotation(4, 'g')], source);
    expect(found.map(({ line }) => line)).toEqual([3, 4, 6]);
  });

  it('take no call for the definition', () => {
    const called = ['', 'int f(int a) {', '  return a;', '}', 'int g(void) {', '  LOOP(f(1), 2)', '}'];
    expect(relocate([annotation(1, 'f')], called).map(({ line }) => line)).toEqual([2]);
  });

  it('are dropped with a function that is gone', () => {
    const gone = [annotation(1, 'h'), annotation(2, undefined, 'h')];
    expect(relocate(gone, source)).toEqual([]);
  });

  it('stay where nothing says otherwise, but never behind the end', () => {
    expect(relocate([annotation(3, 'f'), annotation(7, undefined, 'elsewhere')], source)).toHaveLength(2);
    expect(relocate([annotation(70, undefined, 'elsewhere')], source)).toEqual([]);
  });
});
