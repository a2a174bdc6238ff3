import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import {
  Function,
  Label,
  Line,
  Location,
  Mapping,
  Profile as Pprof,
  Sample,
  StringTable,
  ValueType,
} from 'pprof-format';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import {
  importFolded,
  importPerfReport,
  importPerfScript,
  importPprof,
  importSpeedscope,
} from '../support/importBytes.js';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { exportProfile, type ExportFormat } from '../../../src/core/export/exportProfile.js';
import { eventNamed } from '../../../src/core/import/events.js';
import { detectFormat } from '../../../src/core/import/detect.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import { lineCosts } from '../../../src/views/costs.js';
import type { Profile } from '../../../src/model/profile.js';
import { fixture, fixtureText, foldedProfile, letterCategories } from '../support/fixtures.js';
import { roundedShares, selfSum } from '../support/shares.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

const classifier = new Classifier(letterCategories);

function write(profile: Profile, format: ExportFormat, title = 'A title'): string | Buffer {
  return exportProfile({ profile: ofEvent(profile), classifier, title }, format);
}

const text = (profile: Profile, format: ExportFormat, title?: string) =>
  write(profile, format, title).toString();
const pprof = (profile: Profile) => write(profile, 'pprof') as Buffer;

/** Names that folded stacks can hold: no `;`, no line end, none of the annotations of stackcollapse-perf.pl. */
const anyName = fc
  .oneof(
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    fc.constantFrom('__proto__', 'constructor', 'operator new(unsigned long)', '<b>&"', 'a|b', 'x 12', '#x'),
  )
  .filter((name) => !/[;\r\n\0]|_\[.\]$/.test(name) && name.trim() === name && name !== '');
const anyStack = fc.tuple(
  fc.array(anyName, { minLength: 1, maxLength: 8 }),
  fc.integer({ min: 1, max: 1e6 }),
);
const anyFolded = fc
  .array(anyStack, { minLength: 1, maxLength: 20 })
  .map((stacks) => stacks.map(([names, count]) => `${names.join(';')} ${count}\n`).join(''));

/** A profile with lines, modules and a function inlined into another. */
function inlinedProfile(): Profile {
  const builder = new ProfileBuilder();
  const thread = builder.thread(1, 1, new Map());
  const func = (name: string, line: number) => builder.func({ name, module: '/bin/p', file: '/s/p.c', line });
  const main = builder.stack(-1, builder.frame(func('main', 10), '/s/p.c', 12, false));
  const alloc = builder.stack(main, builder.frame(func('alloc', 20), '/s/p.c', 22, false));
  const fast = builder.stack(alloc, builder.frame(func('b_fast', 30), '/s/p.c', 33, true));
  builder.sample(fast, thread, 0, 3);
  builder.sample(alloc, thread, 1, 1);
  return builder.finish([{ name: 'cpu-clock:u' }], ['A note.']);
}

describe('round trips', () => {
  it('keep every share through folded stacks, speedscope and pprof', () => {
    fc.assert(
      fc.property(anyFolded, (folded) => {
        const profile = importFolded(Buffer.from(folded));
        const expected = roundedShares(profile);
        expect(roundedShares(importFolded(Buffer.from(text(profile, 'folded'))))).toEqual(expected);
        expect(roundedShares(importSpeedscope(Buffer.from(text(profile, 'speedscope'))))).toEqual(expected);
        expect(roundedShares(importPprof(pprof(profile)))).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('keep a recorded profile, its event, and fractional shares', () => {
    const recorded = importPerfScript(fixture('calls.script.txt'));
    const report = importPerfReport(fixture('reference.report.txt'));
    for (const profile of [recorded, report]) {
      const expected = roundedShares(profile, 4);
      expect(roundedShares(importFolded(Buffer.from(text(profile, 'folded'))), 4)).toEqual(expected);
      const speedscope = importSpeedscope(Buffer.from(text(profile, 'speedscope')));
      expect(roundedShares(speedscope, 4)).toEqual(expected);
      expect(speedscope.events[0]?.name).toBe(profile.events[0]?.name);
      expect(roundedShares(importPprof(pprof(profile)), 4)).toEqual(expected);
    }
    expect(importPprof(pprof(recorded)).events[0]?.name).toBe(recorded.events[0]?.name);
  });

  it('keep modules, definitions, lines and inlining in pprof', () => {
    const profile = inlinedProfile();
    const read = importPprof(gzipSync(gunzipSync(pprof(profile))));
    expect(lineCosts(ofEvent(read))).toEqual(lineCosts(ofEvent(profile)));
    const functions = ({ functions: f, strings }: Profile) =>
      Array.from(f.name, (n, i) =>
        [n, f.module[i], f.file[i]].map((s) => strings[s as number]).concat(`${f.line[i]}`),
      ).sort();
    expect(functions(read)).toEqual(functions(profile));
    expect(Array.from(read.frames.inlined).filter((i) => i === 1)).toHaveLength(1);
  });
});

describe('samples without any frame', () => {
  const builder = new ProfileBuilder();
  const frame = builder.frame(builder.func({ name: 'f', module: '', file: '', line: 0 }), '', 0, false);
  builder.sample(builder.stack(-1, frame), builder.thread(1, 1, new Map()), 0, 3);
  builder.sample(-1, 0, 0, 0.5);
  const profile = builder.finish([{ name: 'e' }], []);

  it('are part of the whole in every format', () => {
    const shares = {
      f: { self: 85.714286, total: 85.714286 },
      '[unknown]': { self: 14.285714, total: 14.285714 },
    };
    expect(roundedShares(importFolded(Buffer.from(text(profile, 'folded'))))).toEqual(shares);
    expect(roundedShares(importSpeedscope(Buffer.from(text(profile, 'speedscope'))))).toEqual(shares);
    expect(roundedShares(importPprof(pprof(profile)))).toEqual(shares);
  });
});

describe('folded stacks', () => {
  const script = [
    ['my app 7/7', 'leaf', 5],
    ['my app 7/8', 'leaf', 7],
    ['w;x 7/9', 'leaf', 1],
    ['swapper 0/0', 'idle', 2],
  ]
    .map(([thread, name, period], i) => `${thread} ${i}.0: ${period} cycles: \n\t 4011 ${name} (m)\n\n`)
    .join('');
  const profile = importPerfScript(Buffer.from(script));
  const lines = (outermost?: 'process' | 'thread') =>
    exportProfile({ profile: ofEvent(profile), classifier, title: 't', outermost }, 'folded')
      .toString()
      .trimEnd()
      .split('\n')
      .sort();

  it('begin with the process or the thread as those of stackcollapse-perf.pl do', () => {
    expect(lines()).toEqual(['idle 2', 'leaf 13']);
    expect(lines('process')).toEqual(['my_app;leaf 12', 'swapper;idle 2', 'w:x;leaf 1']);
    expect(lines('thread')).toEqual([
      'my_app-7/7;leaf 5',
      'my_app-7/8;leaf 7',
      'swapper-0/0;idle 2',
      'w:x-7/9;leaf 1',
    ]);
  });

  it('begin with functions where the profile knows no process', () => {
    for (const read of [
      importFolded(Buffer.from('a;b 1\n')),
      importSpeedscope(Buffer.from(text(importFolded(Buffer.from('a;b 1\n')), 'speedscope'))),
    ])
      expect(
        exportProfile({ profile: ofEvent(read), classifier, title: 't', outermost: 'thread' }, 'folded'),
      ).toBe('a;b 1\n');
  });

  it('hold all samples whatever the names begin with', () => {
    const named = foldedProfile('#x;b 3\n# a;#b 5\n  c 2\n');
    const read = importFolded(Buffer.from(text(named, 'folded')));
    expect(read.samples.weight.reduce((a, b) => a + b)).toBe(10);
  });
});

describe('several events', () => {
  const recorded = importPerfScript(fixture('events.script.txt'));
  const both = (format: ExportFormat, shown: number) =>
    Buffer.from(
      exportProfile({ profile: ofEvent(recorded, shown), all: recorded, classifier, title: 't' }, format),
    );

  it('are all in speedscope and pprof files, the shown one first', () => {
    for (const shown of [0, 1]) {
      for (const read of [importSpeedscope(both('speedscope', shown)), importPprof(both('pprof', shown))]) {
        const names = [shown, 1 - shown].map((i) => recorded.events[i]?.name);
        expect(read.events).toMatchObject(names.map((name) => ({ name, unit: 'nanoseconds' })));
        expect(roundedShares(read)).toEqual(roundedShares(recorded, 6, shown));
        expect(roundedShares(read, 6, 1)).toEqual(roundedShares(recorded, 6, 1 - shown));
      }
    }
    expect(importFolded(both('folded', 1)).samples.weight.reduce((a, b) => a + b)).toBe(
      ofEvent(recorded, 1).samples.weight.reduce((a, b) => a + b),
    );
  });

  it('have a profile for each thread in speedscope, in the order of time', () => {
    const script = ['a 1/1 1.0: 5 cycles:', 'b 1/2 2.0: 7 cycles:', 'a 1/1 3.0: 9 cycles:']
      .map((header, i) => `${header} \n\t1 f${i} (m)\n\n`)
      .join('');
    const json = JSON.parse(text(importPerfScript(Buffer.from(script)), 'speedscope')) as {
      profiles: { name: string; weights: number[]; unit: string }[];
    };
    expect(json.profiles.map(({ name, weights }) => [name, weights])).toEqual([
      ['cycles', [5, 7, 9]],
      ['cycles · thread a 1', [5, 9]],
      ['cycles · thread b 2', [7]],
    ]);
    expect(importSpeedscope(Buffer.from(JSON.stringify(json))).events).toEqual([{ name: 'cycles' }]);
  });
});

/** All that pprof's own check of a profile asks for (profile.go, CheckValid), and sums of the values by kind. */
function checkedPprof(bytes: Buffer): { decoded: Pprof; totals: number[]; name: (index: unknown) => string } {
  const decoded = Pprof.decode(gunzipSync(bytes));
  const { strings } = decoded.stringTable;
  expect(strings[0]).toBe('');
  expect(new Set(strings).size).toBe(strings.length);
  const name = (index: unknown) => {
    expect(Number(index)).toBeLessThan(strings.length);
    return strings[Number(index)] as string;
  };
  const byId = <T extends { id: unknown }>(entries: readonly T[]) => {
    const map = new Map(entries.map((entry) => [Number(entry.id), entry]));
    expect(map.size).toBe(entries.length);
    expect(map.has(0)).toBe(false);
    return map;
  };
  const mappings = byId(decoded.mapping);
  const functions = byId(decoded.function);
  const locations = byId(decoded.location);
  for (const { name: n, systemName, filename } of decoded.function) {
    expect(name(n)).not.toBe('');
    // Where both are the same, pprof demangles what is demangled already: arguments and templates vanish.
    expect(name(systemName)).toBe('');
    name(filename);
  }
  for (const { id, line, mappingId } of decoded.location) {
    expect(line.length, `location ${Number(id)}`).toBeGreaterThan(0);
    for (const { functionId } of line) expect(functions.has(Number(functionId))).toBe(true);
    expect(Number(mappingId) === 0 || mappings.has(Number(mappingId))).toBe(true);
  }
  for (const [id, mapping] of mappings) {
    const mine = decoded.location
      .filter(({ mappingId }) => Number(mappingId) === id)
      .flatMap((l) => [l.line]);
    expect(mapping.hasFunctions).toBe(true);
    expect(mapping.hasLineNumbers).toBe(mine.some((lines) => lines.some(({ line }) => Number(line) > 0)));
    expect(mapping.hasInlineFrames).toBe(mine.some(({ length }) => length > 1));
    expect(Number(mapping.memoryStart)).toBeLessThanOrEqual(Number(mapping.memoryLimit));
  }
  const kinds = decoded.sampleType.map(({ type }) => name(type));
  expect(kinds.length).toBeGreaterThan(0);
  expect(kinds).toContain(name(decoded.defaultSampleType));
  for (const { value, locationId } of decoded.sample) {
    expect(value).toHaveLength(kinds.length);
    for (const id of locationId) expect(locations.has(Number(id))).toBe(true);
  }
  const totals = kinds.map((_, k) => decoded.sample.reduce((sum, { value }) => sum + Number(value[k]), 0));
  return { decoded, totals, name };
}

describe('pprof', () => {
  it('holds what the tool checks, whatever the profile', () => {
    fc.assert(
      fc.property(anyFolded, (folded) => {
        // Names that end in numbers may look like stacks with two counts, which are two events.
        const profile = ofEvent(importFolded(Buffer.from(folded)));
        const { totals } = checkedPprof(pprof(profile));
        expect(totals[0]).toBe(profile.samples.weight.reduce((a, b) => a + b, 0));
      }),
      { numRuns: 100 },
    );
    for (const recorded of ['events.script.txt', 'calls.script.txt', 'variants.srcline.txt']) {
      const all = importPerfScript(fixture(recorded));
      const { totals } = checkedPprof(
        exportProfile({ profile: ofEvent(all), all, classifier, title: 't' }, 'pprof') as Buffer,
      );
      const sum = (event: number) => ofEvent(all, event).samples.weight.reduce((a, b) => a + b, 0);
      expect(totals).toEqual(all.events.map((_, event) => sum(event)));
    }
  });

  it('scales weights that are not whole only where rounding them would be seen', () => {
    const unit = (...weights: number[]) => {
      const builder = new ProfileBuilder();
      weights.forEach((weight, i) => {
        const func = builder.func({ name: `f${i}`, module: '', file: '', line: 0 });
        builder.sample(builder.stack(-1, builder.frame(func, '', 0, false)), 0, 0, weight);
      });
      builder.thread(1, 1, new Map());
      const { decoded, totals, name } = checkedPprof(pprof(builder.finish([{ name: 'e' }], [])));
      return [totals[0], name(decoded.sampleType[0]?.unit)];
    };
    expect(unit(120_000_040.25, 90_000_000.5)).toEqual([210_000_041, 'count']);
    expect(unit(9.32, 90.68)).toEqual([10_000, 'count/100']);
    expect(unit(1 / 3, 2 / 3)).toEqual([1e6, 'count/1000000']);
  });

  it('names the program first, since the tool calls the whole after its first mapping', () => {
    const builder = new ProfileBuilder();
    const thread = builder.thread(1, 1, new Map());
    for (const module of ['/lib/ld.so', '/x/bench', '[kernel.kallsyms]']) {
      const func = builder.func({ name: 'f', module, file: '', line: 0 });
      builder.sample(builder.stack(-1, builder.frame(func, '', 0, false)), thread, 0, 1);
    }
    const profile = ofEvent(builder.finish([{ name: 'cycles' }], []));
    const first = (program: string) => {
      const { decoded, name } = checkedPprof(
        exportProfile({ profile, classifier, title: 't', program }, 'pprof') as Buffer,
      );
      return decoded.mapping.map(({ filename }) => name(filename))[0];
    };
    expect(first('/x/bench')).toBe('/x/bench');
    expect(first('build/bench')).toBe('/x/bench');
    expect(first('/bin/other')).toBe('/lib/ld.so');
  });

  it('is read by another implementation of the format', () => {
    const decoded = Pprof.decode(gunzipSync(pprof(inlinedProfile())));
    const { strings } = decoded.stringTable;
    expect(strings[0]).toBe('');
    expect(decoded.sampleType.map((t) => strings[Number(t.type)])).toEqual(['cpu-clock:u']);
    expect(decoded.sample.map((s) => Number(s.value[0])).sort()).toEqual([1, 3]);
    const hottest = decoded.sample.find((s) => Number(s.value[0]) === 3);
    const location = decoded.location.find((l) => l.id === hottest?.locationId[0]);
    const names = location?.line.map((line) => {
      const func = decoded.function.find((f) => f.id === line.functionId);
      return `${strings[Number(func?.name)]}:${Number(line.line)}`;
    });
    expect(names).toEqual(['b_fast:33', 'alloc:22']);
    expect(strings[Number(decoded.mapping[0]?.filename)]).toBe('/bin/p');
    // The tool maps ids to entries: each must be there once.
    for (const list of [decoded.location, decoded.function, decoded.mapping])
      expect(new Set(list.map((e) => e.id)).size).toBe(list.length);
  });

  it('reads what another implementation writes: two kinds of samples, the last comes first', () => {
    const stringTable = new StringTable();
    const s = (value: string) => stringTable.dedup(value);
    const big = 2n ** 63n + 1n;
    const other = new Pprof({
      stringTable,
      sampleType: [
        new ValueType({ type: s('samples'), unit: s('count') }),
        new ValueType({ type: s('cpu'), unit: s('nanoseconds') }),
      ],
      sample: [
        new Sample({
          locationId: [big, 2],
          value: [1, 30],
          label: [new Label({ key: s('k'), str: s('v') })],
        }),
        new Sample({ locationId: [2], value: [1, 10] }),
      ],
      mapping: [new Mapping({ id: 1, filename: s('/bin/x') })],
      location: [
        new Location({ id: big, mappingId: 1, line: [new Line({ functionId: 1, line: 5 })] }),
        new Location({ id: 2, mappingId: 1 }),
      ],
      function: [new Function({ id: 1, name: s('work'), filename: s('w.c'), startLine: 3 })],
    });
    const profile = importPprof(Buffer.from(other.encode()));
    // A sample of the file is a stack; the file counts those that were taken.
    expect(profile.events).toEqual([
      { name: 'cpu', unit: 'nanoseconds', taken: 2 },
      { name: 'samples', taken: 2 },
    ]);
    expect(roundedShares(profile)).toEqual({
      work: { self: 75, total: 75 },
      '[x]': { self: 25, total: 100 },
    });
    expect(eventNamed(profile, 'cpu (nanoseconds)')).toBe(0);
    expect(roundedShares(profile, 6, eventNamed(profile, 'samples')).work).toEqual({ self: 50, total: 50 });
    expect(detectFormat(Buffer.from(other.encode()), 'x')).toBe('pprof');
  });
});

describe('speedscope', () => {
  it('fits its published schema', () => {
    const schema = z.fromJSONSchema(JSON.parse(fixtureText('speedscope.schema.json')) as never);
    for (const profile of [inlinedProfile(), importPerfScript(fixture('calls.script.txt'))]) {
      const json: unknown = JSON.parse(text(profile, 'speedscope'));
      expect(schema.safeParse(json).error).toBeUndefined();
      expect(json).toMatchObject({ name: 'A title', profiles: [{ type: 'sampled', startValue: 0 }] });
    }
    expect(schema.safeParse({ profiles: [] }).success).toBe(false);
  });
});

describe('SVG', () => {
  const boxes = (svg: string) =>
    [...svg.matchAll(/<rect x="([\d.]+)" y="([\d.]+)" width="([\d.]+)" height="17" fill="(#\w+)"/g)].map(
      ([, x, y, width, fill]) => ({ x: Number(x), y: Number(y), width: Number(width), fill }),
    );

  it('draws boxes as wide as their totals, inside their callers, colored by category', () => {
    const svg = text(foldedProfile('main;a1;b1 3\nmain;a2 1'), 'svg');
    const drawn = boxes(svg);
    expect(drawn.map((b) => b.width)).toEqual([1180, 885, 885, 295]);
    expect(new Set(drawn.map((b) => b.fill)).size).toBe(3);
    expect(svg).toContain('<title>b1\n75.0% total, 75.0% self\nB</title>');
    expect(svg).toMatch(/^<svg xmlns/);
    expect(svg).not.toMatch(/script|href|url\(/);
  });

  it('is well-formed whatever the names, and clips them to their boxes', () => {
    fc.assert(
      fc.property(anyFolded, fc.string({ unit: 'binary' }), (folded, title) => {
        const svg = text(importFolded(Buffer.from(folded)), 'svg', title);
        // eslint-disable-next-line no-control-regex
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/);
        // Nothing but our own elements, whose content has no markup.
        const rest = svg.replace(/<\/?(svg|g|title|text|rect)( [a-zA-Z-]+(:[a-z]+)?="[^"<>]*")*\/?>/g, '');
        expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#39);)/);
      }),
      { numRuns: 100 },
    );
    const svg = text(foldedProfile(`main;${'n'.repeat(500)} 1\nmain;b 9`), 'svg');
    expect(svg).toMatch(/<text [^>]*>n+…<\/text>/);
    for (const [, x, label = ''] of svg.matchAll(/<text x="([\d.]+)" y="\d+">([^<]*)</g))
      expect(Number(x) + label.length * 6.62).toBeLessThan(1200);
  });

  it('draws a deep and a wide profile without running out of stack', () => {
    const deep = foldedProfile(`${Array.from({ length: 5000 }, (_, i) => `f${i}`).join(';')} 1`);
    expect(boxes(text(deep, 'svg')).length).toBe(500);
    const wide = foldedProfile(Array.from({ length: 20_000 }, (_, i) => `main;f${i} 1`).join('\n'));
    expect(boxes(text(wide, 'svg')).length).toBe(1);
  });
});

describe('Markdown', () => {
  it('has tables whose cells hold whatever a name holds', () => {
    const profile = importFolded(Buffer.from('main;a|b<script` 3\nmain;void n::b1<int>(int) 1\n'));
    const markdown = text({ ...profile, notes: ['Lost *3* samples'] }, 'markdown', 'A | title');
    expect(markdown).toContain('# A \\| title');
    expect(markdown).toContain('| a\\|b\\<script\\` | 75.0% | 75.0% | A |');
    expect(markdown).toContain('| n::b1\\<…\\> | 25.0%');
    expect(markdown).toContain('| Total | 100% |');
    expect(markdown).toContain('- Lost \\*3\\* samples');
    expect(markdown).toMatch(/^4 samples\.$/m);
    for (const row of markdown.split('\n').filter((line) => line.startsWith('| ')))
      expect([4, 3, 6]).toContain(row.replace(/\\./g, '').split('|').length - 1);
  });
});

describe('folded stacks', () => {
  it('have no name that breaks a line or a stack', () => {
    const builder = new ProfileBuilder();
    const frame = (name: string) =>
      builder.frame(builder.func({ name, module: '', file: '', line: 0 }), '', 0, false);
    const stack = builder.stack(builder.stack(-1, frame('Lcom/foo;::bar')), frame('two\nlines'));
    builder.sample(stack, builder.thread(1, 1, new Map()), 0, 1e22);
    const profile = builder.finish([{ name: 'e' }], []);
    expect(text(profile, 'folded')).toBe('Lcom/foo:::bar;two lines 10000000000000000000000\n');
    expect(selfSum(importFolded(Buffer.from(text(profile, 'folded'))))).toBe(100);
  });
});
