import { describe, expect, it } from 'vitest';
import { mkdtempSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findSource } from '../../../src/core/lab/findSource.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { indexByRealPath } from '../../../src/vscode/annotations/annotatedDocument.js';
import {
  annotationText,
  lensText,
  heatStep,
  visiblePart,
} from '../../../src/vscode/annotations/annotationText.js';
import { hoverText, type HoverLinks, type HoverRun } from '../../../src/vscode/annotations/hoverText.js';
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

describe('source files', () => {
  it('with relative names are found below the source roots of the lab', async () => {
    const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'sources-')));
    const file = path.join(folder, 'code/src/t.cpp');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, '');
    const lab = folderLab(folder);
    const rooted = { ...lab, definition: { ...lab.definition, sourceRoots: ['none', 'code'] } };
    const index = await indexByRealPath(['src/t.cpp', file, 'src/none.cpp'], (name) =>
      findSource(name, rooted),
    );
    expect(index.get(file)).toEqual(['src/t.cpp', file]);
    expect(index.get('src/none.cpp')).toEqual(['src/none.cpp']);
  });
});

describe('costs by source line', () => {
  it('stand in the order of the file, with each function at its definition', () => {
    expect([...costs.fileNames()].sort()).toEqual(['/src/lookup.h', '/src/main.c']);
    expect(costs.ofFile('/src/main.c').map(({ line }) => line)).toEqual([1, 3, 10, 12, 13]);
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

  it('add up where a file has several names', () => {
    const twice = new SourceCosts(
      profileOf([
        [['a@/x/f.c:7'], 30],
        [['b@/y/f.c:7'], 50],
        [['b@/y/f.c:3'], 20],
      ]),
      classifier,
    );
    const lines = twice.ofFiles(['/x/f.c', '/y/f.c']);
    expect(lines.map(({ line, cost }) => [line, cost?.selfPercent, cost?.samples])).toEqual([
      [3, 20, 1],
      [7, 80, 2],
    ]);
    expect(lines[1]?.cost?.functions.map(({ name }) => name)).toEqual(['b', 'a']);
  });

  it('are empty for an empty profile', () => {
    expect([...new SourceCosts(profileOf([]), classifier).fileNames()]).toEqual([]);
  });
});

const self = { kind: 'self', style: 'endOfLine' } as const;

describe('annotation texts', () => {
  it('show shares and category behind a signature, and the share behind a line', () => {
    expect(annotationText(at('/src/lookup.h', 5), self)).toBe('self 39.0% · total 39.0% · Lookup');
    expect(annotationText(at('/src/main.c', 12), self)).toBe('50.0%');
  });

  it('are one text where a line is both', () => {
    expect(annotationText(at('/src/main.c', 10), self)).toBe('self 60.0% · total 80.0% · Other · line 10.0%');
  });

  it('add up only self shares where several functions are defined in one line', () => {
    const [lookup] = at('/src/lookup.h', 5).functions;
    const [work] = at('/src/main.c', 10).functions;
    const text = annotationText({ line: 1, functions: [work, lookup] as never, cost: undefined }, self);
    expect(text).toBe('self 99.0% · 2 functions · Other');
  });

  it('show lines with what they call, and what was edited', () => {
    const total = { kind: 'total', style: 'endOfLine', notes: ['edited since'] } as const;
    expect(annotationText(at('/src/main.c', 13), total)).toBe('edited since · total 20.0%');
    expect(visiblePart(at('/src/main.c', 13), { minimumPercent: 0, kind: 'self' })).toBeUndefined();
    expect(visiblePart(at('/src/main.c', 13), { minimumPercent: 0, kind: 'total' })?.cost).toBeDefined();
  });

  it('of functions stand above them in the style for that, and no text stands anywhere in others', () => {
    const [line, both] = [at('/src/main.c', 12), at('/src/main.c', 10)];
    const lens = { kind: 'self', style: 'codeLens', notes: ['edited since'] } as const;
    expect(annotationText(both, lens)).toBe('line 10.0%');
    expect(lensText(both, ['edited since'])).toBe('edited since · self 60.0% · total 80.0% · Other');
    expect(annotationText(at('/src/lookup.h', 5), lens)).toBe('');
    expect(annotationText(line, { kind: 'self', style: 'codeLens' })).toBe('50.0%');
    for (const style of ['gutter', 'ruler'] as const)
      expect(annotationText(both, { kind: 'self', style })).toBe('');
  });

  it('leave out what is below the threshold', () => {
    expect(visiblePart(at('/src/main.c', 3), { minimumPercent: 2, kind: 'self' })).toBeUndefined();
    expect(visiblePart(at('/src/main.c', 1), { minimumPercent: 2, kind: 'self' })?.functions).toHaveLength(1);
    expect(visiblePart(at('/src/main.c', 10), { minimumPercent: 20, kind: 'self' })).toMatchObject({
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
    edited: false,
    difference: undefined,
    relations: undefined,
  };
  const link: HoverLinks = {
    flameGraph: (func) => `command:show?${func}`,
    source: (func) => `command:source?${func}`,
    path: (func) => `command:path?${func}`,
    code: (func) => `command:code?${func}`,
    whatIf: (func) => `command:whatif?${func}`,
    profileAgain: 'command:again',
    compare: 'command:compare',
  };

  it('show a function as a row of a table, with the way to the flame graph', () => {
    const text = hoverText(at('/src/lookup.h', 5), run, link);
    expect(text).toMatch(/\| \[`lookup`\]\(command:show\?\d+ .*39\.0%.*39\.0%.*2.*Lookup/);
    expect(text).toContain('Show in Flame Graph](command:show?');
    expect(text).toContain('5 samples · `cpu-clock:u` instead of `cycles:u`: no counters');
    expect(text).toContain('A_B');
    expect(text).not.toContain('changed');
  });

  it('shorten names in the table, except where they would be the same', () => {
    const [func] = at('/src/lookup.h', 5).functions;
    const named = (...names: string[]) =>
      hoverText(
        { line: 1, functions: names.map((name) => ({ ...func, name })) as never, cost: undefined },
        run,
        link,
      );
    expect(named('void ns::f<int>(std::vector<int> const&)')).toContain('[`ns::f<…>`]');
    const cost = {
      ...at('/src/main.c', 12).cost,
      functions: [{ name: 'int ns::f(long, char)', func: 0, percent: 50 }],
    };
    const line = hoverText({ line: 1, functions: [], cost: cost as never }, run, link);
    expect(line).toContain('in `ns::f`\n');
    const both = named('ns::f(int)', 'ns::f(char)').replaceAll('\u200b', '');
    expect(both).toMatch(/\[`ns::f\(int\)`\][^]*\[`ns::f\(char\)`\]/);
  });

  it('show a line with its samples and functions, and that the source was edited', () => {
    const text = hoverText(at('/src/main.c', 12), { ...run, edited: true, difference: 'edited' }, link);
    expect(text).toContain('**50.0%** on this line: 1 of 5 samples (95% CI 17.0%–83.0%), in `work`');
    expect(text).toContain(
      'This function was edited since. [Profile Again](command:again) · [Compare with Profiled Version](command:compare)',
    );
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
    const known = { ...counted, perOp: undefined, counted: { amount: 9_328_581, thing: 'instructions' } };
    const whole = hoverText(at('/src/main.c', 12), known, link);
    expect(whole).toContain('**50.0%** on this line: 4,664,291 instructions, in `work`');
    expect(whole).toContain('9.33M instructions · ');
    expect(line + func + unknown).not.toMatch(/samples/i);
  });

  it('name the hottest instructions of a line', () => {
    const instructions = [
      { text: '40113a add rax,rsi', share: 0.4 },
      { text: '401140 jmp 401136 <work+0x10>', share: 0.1 },
    ];
    expect(hoverText(at('/src/main.c', 12), { ...run, instructions }, link)).toContain(
      'Hottest instructions: `40113a add rax,rsi` 40.0%, `401140 jmp 401136 <work+0x10>` 10.0%',
    );
    expect(hoverText(at('/src/main.c', 12), { ...run, instructions: [] }, link)).not.toContain(
      'instructions',
    );
  });

  it('lead to callers and callees, to the code, and to the flame graph', () => {
    const relations = {
      callers: [{ func: 1, name: 'main', share: 0.8 }],
      callees: [{ func: 2, name: 'lookup', share: 0.2 }],
      inlinedInto: [],
    };
    const text = hoverText(at('/src/main.c', 12), { ...run, relations }, link);
    expect(text).toContain('Called by [`main`](command:source?1) 80.0%');
    expect(text).toContain('Calls [`lookup`](command:source?2) 20.0%');
    expect(text).not.toContain('Inlined');
    expect(text).toMatch(/Show Machine Code\]\(command:code\?\d+\).*What If\]\(command:whatif\?\d+\)/);
    expect(hoverText(at('/src/main.c', 12), run, { ...link, code: undefined })).not.toContain('Machine');
    const calling = hoverText(at('/src/main.c', 13), run, link);
    expect(calling).toContain('**20.0%** with what this line calls: 1 sample');
    expect(calling).not.toContain('on this line');
  });

  it('take nothing in a name for Markdown', () => {
    const [func] = at('/src/lookup.h', 5).functions;
    const odd = { ...func, name: 'a|b`c', category: '[x](command:evil)' };
    const text = hoverText({ line: 1, functions: [odd] as never, cost: undefined }, run, link);
    expect(text).toContain("a\\|b'c");
    expect(text).toContain('\\[x\\](command:evil)');
  });
});
