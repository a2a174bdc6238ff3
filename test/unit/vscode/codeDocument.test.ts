import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import type { ListingRow } from '../../../src/core/machineCode/listing.js';
import type { MachineCode } from '../../../src/core/machineCode/machineCode.js';
import {
  codeDocument,
  hottestFrom,
  linesFrom,
  placesAt,
} from '../../../src/vscode/machineCode/codeDocument.js';
import { codeHover } from '../../../src/vscode/machineCode/codeHover.js';
import type { ShownRun } from '../../../src/vscode/runs/shown/shownRun.js';
import { SourceCosts } from '../../../src/vscode/runs/shown/sourceCosts.js';
import { hottestLineOf, neighborIn, type HotLine } from '../../../src/vscode/navigation/hotLines.js';
import { profileOf } from './profiles.js';

const frame = (name: string, file: string, line: number) => ({ name, file, line });
const code = {
  symbol: 'work(int)',
  module: '/bin/program',
  syntax: 'intel',
  instructions: [
    { address: 0x1000, mnemonic: 'xor', operands: 'eax,eax' },
    { address: 0x1002, mnemonic: 'add', operands: 'eax,1' },
    { address: 0x1005, mnemonic: 'jne', operands: '1002 <work(int)+0x2>' },
  ],
  weight: Float64Array.of(0, 60, 20),
  samples: Int32Array.of(0, 6, 2),
  symbolWeight: 80,
  all: 100,
  frames: [
    [frame('work(int)', '/a.c', 3)],
    [frame('inner', '/b.h', 7), frame('work(int)', '/a.c', 4)],
    [frame('work(int)', '/a.c', 4)],
  ],
  targets: Int32Array.of(-1, -1, 1),
  hottest: { from: 1, to: 3 },
  copies: [
    { symbol: 'work(int)', module: '/bin/program', weight: 80 },
    { symbol: 'main', module: '/bin/program', weight: 5 },
  ],
} as unknown as MachineCode;
const rows: ListingRow[] = [
  { kind: 'source', file: '/a.c', line: 3, text: 'int sum = 0;' },
  { kind: 'instruction', index: 0 },
  { kind: 'inlined', names: ['work(int)', 'inner'] },
  { kind: 'source', file: '/b.h', line: 7, text: undefined },
  { kind: 'instruction', index: 1 },
  { kind: 'instruction', index: 2 },
];
const made = codeDocument(code, rows, { event: { name: 'cpu-clock:u' }, samples: 10 });
const lines = made.text.split('\n');

describe('machine code as a document', () => {
  it('says what it is of, and shows each instruction with its share, target, and block', () => {
    expect(lines.slice(0, made.heading).join('\n').replaceAll('\n  ', ' ')).toBe(
      [
        'work(int) in program',
        '80.0% of the profile: 8 of 10 samples of cpu-clock:u. Shares below are of this function.',
        'Hottest block (marked ▌): 1002–1005, 100%.',
        'Also in: main 5.00%',
        'Arrows are branches, · is the end of one that is not drawn, ↗ leaves the function.',
        'A sample may count for the instruction after the one that took the time (skid).',
        '',
      ].join('\n'),
    );
    expect(Math.max(...lines.slice(0, made.heading).map(({ length }) => length))).toBeLessThanOrEqual(48);
    expect(lines.slice(made.heading)).toEqual([
      '             a.c:3  int sum = 0;',
      '             1000  xor     eax,eax',
      '             ▸ inner',
      '             b.h:7  ',
      '  75.0% ▌┌─> 1002  add     eax,1',
      '  25.0% ▌└── 1005  jne     1002 ↑',
      '',
    ]);
  });

  it('has a grammar that knows each of its rows, whatever stands in it', () => {
    const small = { ...code, weight: Float64Array.of(0.001, 60, 20) };
    const more: ListingRow[] = [
      ...rows,
      { kind: 'inlined', names: ['work(int)'] },
      { kind: 'skipped', count: 2 },
    ];
    const { text, heading } = codeDocument(small, more, { event: { name: 'cpu-clock:u' }, samples: 10 });
    const { patterns } = JSON.parse(readFileSync('media/machineCode.tmLanguage.json', 'utf8')) as {
      patterns: {
        match: string;
        captures: Record<string, { name?: string; patterns?: { match: string; name: string }[] }>;
      }[];
    };
    const found = text
      .split('\n')
      .slice(heading, -1)
      .map((line) => {
        for (const { match, captures } of patterns) {
          const parts = new RegExp(match).exec(line);
          if (parts)
            return parts
              .flatMap((part, i) => (part?.trim() ? [[captures[i]?.name, part.trim()]] : []))
              .slice(1);
        }
        return undefined;
      });
    expect(found[1]?.[0]).toEqual(['source.share', '<0.01%']);
    expect(found[5]?.slice(1, 3)).toEqual([
      ['keyword.other.block', '▌'],
      ['keyword.control.target', '└──'],
    ]);
    expect(found.slice(6)).toEqual([
      [['entity.name.function', 'work']],
      [['comment.skipped', '⋮ 2 instructions without cost']],
    ]);
    expect(found).not.toContain(undefined);

    const operands = patterns[0]?.captures['6']?.patterns ?? [];
    const partsOf = (text: string) => {
      const parts: string[] = [];
      for (let at = 0; at < text.length;) {
        const matches = operands.flatMap(({ match, name }) => {
          const part = new RegExp(match, 'g');
          part.lastIndex = at;
          const here = part.exec(text);
          return here ? [{ name, here }] : [];
        });
        const [first] = matches.sort((a, b) => a.here.index - b.here.index);
        if (!first) break;
        parts.push(`${first.name}: ${first.here[0]}`);
        at = first.here.index + first.here[0].length;
      }
      return parts;
    };
    // All addresses alike, and a name to its end.
    expect(partsOf('21380 <A<int, B<char>, c>::f(int)>')).toEqual([
      'source.address: 21380',
      'entity.name.function: <A<int, B<char>, c>::f(int)>',
    ]);
    expect(partsOf('70c0 ↑')).toEqual(['source.address: 70c0', 'keyword.control.target: ↑']);
    expect(partsOf('eax,0x10')).toEqual(['variable.language.register: eax', 'constant.numeric: 0x10']);
  });

  it('relates its lines to those of the source, inlined ones included', () => {
    const at = (line: number) => placesAt(made, made.heading + line);
    expect(at(0)).toEqual([{ file: '/a.c', line: 3 }]);
    expect(at(4)).toEqual([
      { file: '/b.h', line: 7 },
      { file: '/a.c', line: 4 },
    ]);
    expect([at(2), at(-1), at(99)]).toEqual([[], [], []]);
    const from = (file: string, line: number) =>
      linesFrom(made, (place) => place.file === file && place.line === line);
    expect(from('/a.c', 4)).toEqual([made.heading + 4, made.heading + 5]);
    expect(from('/b.h', 7)).toEqual([made.heading + 4]);
  });

  it('tells of an instruction what it cost, and where it comes from', () => {
    const link = ({ file, line }: { file: string; line: number }) =>
      file === '/a.c' ? `file:///a.c#L${line}` : undefined;
    const hover = (line: number) =>
      codeHover(made, made.heading + line, { event: { name: 'cpu-clock:u' }, samples: 10 }, link);
    expect(hover(4)).toBe(
      '**75.0%** of this function, 60.0% of the profile: 6 of 10 samples (95% CI 31.3%–83.2%)\n\n' +
        '`inner` `b.h:7`  \ninlined into `work(int)` [`a.c:4`](file:///a.c#L4)',
    );
    expect(hover(1)).toBe('`work(int)` [`a.c:3`](file:///a.c#L3)');
    expect(hover(0)).toBe('');
    const counted = { ...made, code: { ...code, samples: undefined } };
    const event = { name: 'Ir', exact: true };
    expect(codeHover(counted, made.heading + 4, { event, samples: 10 }, link)).toContain(
      '60.0% of the profile\n\n60 of 100 instructions',
    );
  });

  it('begins at the hottest instruction of a line, else of all', () => {
    expect(hottestFrom(code, undefined)).toBe(1);
    expect(hottestFrom(code, { file: '/a.c', line: 3 })).toBe(0);
    // What is of the line itself, before what was inlined there.
    expect(hottestFrom(code, { file: '/a.c', line: 4 })).toBe(2);
    expect(hottestFrom(code, { file: '/a.c', line: 99 })).toBe(1);
  });

  it('names the innermost functions of many that were inlined', () => {
    const deep: ListingRow = { kind: 'inlined', names: ['work(int)', 'a', 'b', 'fold<int, int>', 'inner'] };
    const { text } = codeDocument(code, [deep], { event: { name: 'cpu-clock:u' }, samples: 10 });
    expect(text.trimEnd().split('\n').at(-1)?.trim()).toBe('▸ … 2 … ▸ fold<…> ▸ inner');
  });

  it('says what was counted exactly', () => {
    const counted = { ...code, samples: undefined };
    const document = codeDocument(counted, rows, { event: { name: 'Ir', exact: true }, samples: 10 });
    expect(document.text.replaceAll('\n  ', ' ')).toContain('80.0% of the profile: 80 of 100 instructions.');
  });

  it('has 10,000 instructions at once', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => ({
      address: i * 4,
      mnemonic: 'nop',
      operands: '',
    }));
    const large = {
      ...code,
      instructions: many,
      weight: new Float64Array(10_000).fill(1),
      samples: new Int32Array(10_000).fill(1),
      frames: many.map((_, i) => [frame('work', '/a.c', i >> 2)]),
      targets: new Int32Array(10_000).fill(-1),
    } as unknown as MachineCode;
    const all = many.map((_, index): ListingRow => ({ kind: 'instruction', index }));
    const started = performance.now();
    const document = codeDocument(large, all, { event: { name: 'cpu-clock:u' }, samples: 10_000 });
    expect(linesFrom(document, ({ line }) => line === 5)).toHaveLength(4);
    // 20 ms on an idle machine.
    expect(performance.now() - started).toBeLessThan(500);
    expect(document.text.split('\n').length).toBeGreaterThan(10_000);
  });
});

describe('the hottest line of a function', () => {
  it('is that with most self cost in it, whatever else is on the line', () => {
    const profile = profileOf([
      [['main@/src/main.c:3', 'work@/src/main.c:12'], 20],
      [['main@/src/main.c:3', 'work@/src/main.c:13'], 30],
      [['main@/src/main.c:12'], 50],
    ]);
    const run = {
      costs: new SourceCosts(profile, new Classifier([])),
      recorded: profile,
    } as unknown as ShownRun;
    const func = (name: string) =>
      Array.from(profile.functions.name).findIndex((at) => profile.strings[at] === name);
    expect(hottestLineOf(run, func('work'))).toEqual({ file: '/src/main.c', line: 13 });
    expect(hottestLineOf(run, func('main'))).toEqual({ file: '/src/main.c', line: 12 });
    expect(hottestLineOf(run, 99)).toBeUndefined();
  });
});

describe('the next hotspot', () => {
  const line = (at: number): HotLine => ({ file: '/a.c', path: '/a.c', line: at, percent: 1 });
  const all = [line(3), line(1), line(2)];
  const cursor = (at: number) => ({ path: '/a.c', line: at });

  it('is the next by cost, round at the ends, and the hottest from anywhere else', () => {
    expect(neighborIn(all, cursor(3), 1)).toBe(1);
    expect(neighborIn(all, cursor(2), 1)).toBe(0);
    expect(neighborIn(all, cursor(3), -1)).toBe(2);
    expect(neighborIn(all, cursor(99), 1)).toBe(0);
    expect(neighborIn(all, undefined, -1)).toBe(0);
  });
});
