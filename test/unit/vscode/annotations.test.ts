import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { annotationText, heatStep, visiblePart } from '../../../src/vscode/annotations/annotationText.js';
import { hoverText, type HoverRun } from '../../../src/vscode/annotations/hoverText.js';
import { SourceCosts, type AnnotatedLine } from '../../../src/vscode/runs/shown/sourceCosts.js';
import { heatSteps } from '../../../src/vscode/shared/contributions.js';
import { profileOf } from './profiles.js';

const classifier = new Classifier([{ name: 'Lookup', rules: [{ symbol: '^lookup$' }] }]);

const costs = new SourceCosts(
  profileOf([
    [['main@/src/main.c:3', 'work@/src/main.c:12'], 50],
    [['main@/src/main.c:3', 'work@/src/main.c:10'], 10],
    [['main@/src/main.c:3', 'work@/src/main.c:13', 'lookup@/src/lookup.h:6'], 20],
    [['main@/src/main.c:3', 'lookup@/src/lookup.h:6'], 19, '/lib/other.so'],
    [['main@/src/main.c:3'], 1],
  ]),
  classifier,
);
const at = (file: string, line: number) =>
  costs.ofFile(file).find((entry) => entry.line === line) as AnnotatedLine;

describe('costs by source line', () => {
  it('stand in the order of the file, with each function at its definition', () => {
    expect([...costs.fileNames()].sort()).toEqual(['/src/lookup.h', '/src/main.c']);
    expect(costs.ofFile('/src/main.c').map(({ line }) => line)).toEqual([1, 3, 10, 12]);
    expect(costs.ofFile('/src/unknown.c')).toEqual([]);
    expect(at('/src/main.c', 10).functions).toMatchObject([
      { name: 'work', selfPercent: 60, totalPercent: 80, selfSamples: 2, category: 'Other' },
    ]);
  });

  it('take copies of a function in several modules for the one function of the source', () => {
    expect(at('/src/lookup.h', 5).functions).toMatchObject([
      { name: 'lookup', selfPercent: 39, totalPercent: 39, selfSamples: 2, category: 'Lookup' },
    ]);
  });

  it('count a recursive function once', () => {
    const recursive = new SourceCosts(
      profileOf([[['work@/src/main.c:12', 'work@/src/main.c:12', 'work@/src/main.c:13'], 7]]),
      classifier,
    );
    expect(recursive.ofFile('/src/main.c')[0]?.functions[0]).toMatchObject({
      selfPercent: 100,
      totalPercent: 100,
    });
  });

  it('say how hot a line is beside the hottest', () => {
    expect(at('/src/main.c', 12).cost).toMatchObject({ selfPercent: 50, samples: 1, heat: 1 });
    expect(at('/src/main.c', 3).cost?.heat).toBeCloseTo(1 / 50);
  });

  it('are empty for an empty profile', () => {
    expect([...new SourceCosts(profileOf([]), classifier).fileNames()]).toEqual([]);
  });
});

describe('annotation texts', () => {
  it('show shares and category behind a signature, and the share behind a line', () => {
    expect(annotationText(at('/src/lookup.h', 5))).toBe('self 39.0% · total 39.0% · Lookup');
    expect(annotationText(at('/src/main.c', 12))).toBe('50.0%');
  });

  it('are one text where a line is both', () => {
    expect(annotationText(at('/src/main.c', 10))).toBe('self 60.0% · total 80.0% · Other · line 10.0%');
  });

  it('add up only self shares where several functions are defined in one line', () => {
    const [lookup] = at('/src/lookup.h', 5).functions;
    const [work] = at('/src/main.c', 10).functions;
    const text = annotationText({ line: 1, functions: [work, lookup] as never, cost: undefined });
    expect(text).toBe('self 99.0% · 2 functions · Other');
  });

  it('leave out what is below the threshold', () => {
    expect(visiblePart(at('/src/main.c', 3), 2)).toBeUndefined();
    expect(visiblePart(at('/src/main.c', 1), 2)?.functions).toHaveLength(1);
    expect(visiblePart(at('/src/main.c', 10), 20)).toMatchObject({
      cost: undefined,
      functions: [{ name: 'work' }],
    });
  });

  it('color from the coolest to the hottest step', () => {
    expect([0, 0.04, 0.06, 0.2, 0.3, 0.5, 1].map(heatStep)).toEqual([0, 0, 1, 2, 3, 4, heatSteps - 1]);
  });
});

describe('hovers', () => {
  const run: HoverRun = {
    preset: 'A_B',
    createdAt: '2026-01-31T12:00:00.000Z',
    event: 'cpu-clock:u',
    fallback: { requested: 'cycles:u', reason: 'no counters' },
    samples: 5,
    stale: false,
  };
  const link = (func: number) => `command:show?${func}`;

  it('show a function as a row of a table, with the way to the flame graph', () => {
    const text = hoverText(at('/src/lookup.h', 5), run, link);
    expect(text).toMatch(/\| \[`lookup`\]\(command:show\?\d+ .*39\.0%.*39\.0%.*2.*Lookup/);
    expect(text).toContain('Show in flame graph](command:show?');
    expect(text).toContain('5 samples · `cpu-clock:u` instead of `cycles:u`: no counters');
    expect(text).toContain('A\\_B');
    expect(text).not.toContain('changed');
  });

  it('show a line with its samples and functions, and that the source was edited', () => {
    const text = hoverText(at('/src/main.c', 12), { ...run, stale: true }, link);
    expect(text).toContain('**50.0%** on this line: 1 of 5 samples, in `work`');
    expect(text).toContain('The source has changed');
  });

  it('show instructions per operation where all were counted', () => {
    const counted = {
      ...run,
      event: 'instructions (callgrind)',
      fallback: undefined,
      exact: true,
      perOp: 80,
    };
    const line = hoverText(at('/src/main.c', 12), counted, link);
    expect(line).toContain('**50.0%** on this line: 40.0 instructions/op, in `work`');
    expect(line).toContain('80.0 instructions/op · `instructions (callgrind)`');
    const func = hoverText(at('/src/lookup.h', 5), counted, link);
    expect(func).toMatch(/Self\/op[^]*39\.0%.*39\.0%.*31\.2.*Lookup/);
    const unknown = hoverText(at('/src/main.c', 12), { ...counted, perOp: undefined }, link);
    expect(unknown).toContain('**50.0%** on this line, in `work`');
    expect(line + func + unknown).not.toMatch(/samples/i);
  });

  it('take nothing in a name for Markdown', () => {
    const [func] = at('/src/lookup.h', 5).functions;
    const odd = { ...func, name: 'a|b`c', category: '[x](command:evil)' };
    const text = hoverText({ line: 1, functions: [odd] as never, cost: undefined }, run, link);
    expect(text).toContain("a\\|b'c");
    expect(text).toContain('\\[x\\]\\(command:evil\\)');
  });
});
