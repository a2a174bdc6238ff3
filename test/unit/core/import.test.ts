import { gzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  importCallgrind,
  importFolded,
  importPerfScript,
  importPprof,
  importSpeedscope,
} from '../support/importBytes.js';
import { detectFormat } from '../../../src/core/import/detect.js';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { LabError } from '../../../src/core/labError.js';
import { lineCosts } from '../../../src/views/costs.js';
import { exactCount } from '../../../src/views/sampleCount.js';
import { fixture, fixtureText, recordingContext, root } from '../support/fixtures.js';
import { roundedShares, selfSum, shares } from '../support/shares.js';
import { bytes, refusal } from '../support/refusal.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

describe('folded stacks', () => {
  it('are those of the recording they were made of', () => {
    const folded = importFolded(fixture('calls.folded'));
    expect(roundedShares(folded, 1)).toEqual(roundedShares(importPerfScript(fixture('calls.script.txt')), 1));
  });

  it('have names with spaces, fractions and annotations', () => {
    const profile = importFolded(
      bytes('\ufeffmain;operator new(unsigned long) 1.5\r\nmain_[0];tick_[k] 0.5\n\n__proto__ 2'),
    );
    expect(roundedShares(profile)).toEqual({
      main: { self: 0, total: 50 },
      'operator new(unsigned long)': { self: 37.5, total: 37.5 },
      tick: { self: 12.5, total: 12.5 },
      ['__proto__']: { self: 50, total: 50 },
    });
    // As google-pprof --collapsed writes them.
    const ofPprof = importFolded(bytes('_start<0000000000001070>;work<0000000000001159> 3\nwork<int> 1\n'));
    expect(Object.keys(roundedShares(ofPprof))).toEqual(['_start', 'work', 'work<int>']);
    expect(importFolded(bytes('a;b 1\na;b\n')).notes.join()).toMatch(/\(1 of 2\).*line 2: a;b/);
  });

  it('have two counts where all have two: before and after', () => {
    const profile = importFolded(bytes('a;b 10 30\na;c 10 0\n'));
    expect(profile.events).toEqual([{ name: 'samples' }, { name: 'samples before' }]);
    expect(roundedShares(profile)).toMatchObject({ b: { self: 100, total: 100 } });
    expect(roundedShares(profile, 6, 1)).toMatchObject({
      b: { self: 50, total: 50 },
      c: { self: 50, total: 50 },
    });
    // A name that ends with a number is one.
    const names = importFolded(bytes('a;thread 1 5\na;main 5\n'));
    expect([...shares(names).keys()]).toEqual(['a', 'thread 1', 'main']);
    expect(roundedShares(importFolded(bytes('a;b c\t3\n')))).toMatchObject({
      'b c': { self: 100, total: 100 },
    });
    const late = 'a;b 1\n'.repeat(300);
    expect(importFolded(bytes(`${late}broken\n`)).notes.join()).toMatch(/\(1 of 301\).*line 301: broken/);
    expect(importFolded(bytes('a 1\nbroken\na 1\n')).notes.join()).toMatch(/\(1 of 3\).*line 2: broken/);
    expect(refusal(() => importFolded(bytes('broken\n'))).detail).toMatch(/no stack with a count/);
  });
});

describe('speedscope', () => {
  const file = (profiles: object[], activeProfileIndex = 0) =>
    bytes(
      JSON.stringify({
        activeProfileIndex,
        shared: { frames: [{ name: 'a' }, { name: 'b', file: 'b.c', line: 7 }] },
        profiles,
      }),
    );
  const bounds = { startValue: 0, endValue: 10, unit: 'milliseconds' };
  const event = (type: string, frame: number, at: number) => ({ type, frame, at });

  it('reads sampled and evented profiles, each an event, the active one first', () => {
    const sampled = { type: 'sampled', name: 's', ...bounds, samples: [[0], [0, 1]], weights: [1, 3] };
    const events = [event('O', 0, 0), event('O', 1, 1), event('C', 1, 4), event('C', 0, 4)];
    const evented = { type: 'evented', name: 'e', ...bounds, events };
    const first = importSpeedscope(file([sampled, evented]));
    expect(first.events).toEqual([
      { name: 's', unit: 'milliseconds' },
      // Times between events aren’t samples.
      { name: 'e', taken: null, unit: 'milliseconds' },
    ]);
    expect(Array.from(first.samples.time)).toEqual([0, 0.001, 0, 0.001]);
    expect(roundedShares(first)).toEqual({ a: { self: 25, total: 100 }, b: { self: 75, total: 75 } });
    expect(roundedShares(first, 6, 1)).toEqual(roundedShares(first));
    const active = importSpeedscope(file([sampled, { ...evented, name: 's' }], 1));
    expect(active.events.map((e) => e.name)).toEqual(['s', 's #2']);
    expect(active.samples.weight[0]).toBe(1);
    expect(lineCosts(ofEvent(first))).toEqual([{ file: 'b.c', line: 7, self: 3 }]);
  });

  it('leaves out what has negative weights, and is refused with what to do when all has', () => {
    const stacks = { type: 'sampled', ...bounds, samples: [[0], [0, 1]] };
    const freed = { ...stacks, name: 'in use', weights: [5, -3] };
    const profile = importSpeedscope(file([freed, { ...stacks, name: 'allocated', weights: [1, 3] }]));
    expect(profile.events.map(({ name }) => name)).toEqual(['allocated']);
    expect(profile.notes).toEqual(['in use is omitted: it has negative weights.']);
    expect(roundedShares(profile)).toEqual({ a: { self: 25, total: 100 }, b: { self: 75, total: 75 } });
    expect(refusal(() => importSpeedscope(file([freed]))).message).toMatch(/negative weights/);
  });

  it('says where it is broken', () => {
    const evented = { type: 'evented', name: 'e', ...bounds, events: [event('C', 0, 1)] };
    expect(refusal(() => importSpeedscope(file([evented]))).detail).toMatch(/profiles\[0\]\.events\[0\]/);
    const sampled = { type: 'sampled', name: 's', ...bounds, samples: [[9]], weights: [1] };
    expect(refusal(() => importSpeedscope(file([sampled]))).detail).toMatch(/no frame 9.*samples\[0\]/);
  });
});

describe('callgrind', () => {
  /** What callgrind_annotate says, by function: it has a row for each file that a function's lines are in. */
  const annotated = (name: string, join: (a: number, b: number) => number) => {
    const sums = new Map<string, number>();
    for (const [, cost = '', func = ''] of fixtureText(name).matchAll(
      /^ *([\d,]+) {2}.*?:([^/:[]+?)(?: \[.*)?$/gm,
    ))
      if (!/^0x/.test(func)) sums.set(func, join(sums.get(func) ?? 0, Number(cost.replaceAll(',', ''))));
    return sums;
  };

  it('has the costs of functions that callgrind_annotate prints, with and without instructions', () => {
    const profile = importCallgrind(fixture('calls.callgrind.no'));
    const all = Number(/^summary: (\d+)/m.exec(fixtureText('calls.callgrind.no'))?.[1]);
    const read = shares(profile);
    const cost = (name: string) => Math.round(((read.get(name)?.self ?? 0) * all) / 100);
    const expected = annotated('calls.annotate.txt', (a, b) => a + b);
    expect(expected.size).toBeGreaterThan(20);
    for (const name of [
      'once',
      'twice.constprop.0',
      'main',
      '_int_malloc',
      '__vfprintf_internal',
      'do_lookup_x',
    ])
      expect([name, cost(name)]).toEqual([name, expected.get(name)]);
    expect(selfSum(profile)).toBeCloseTo(100, 6);
    expect(profile.events[0]?.name).toBe('Ir');
    const instructions = importCallgrind(fixture('calls.callgrind.yes'));
    expect(
      Math.abs((shares(instructions).get('once')?.self ?? 0) - (read.get('once')?.self ?? 0)),
    ).toBeLessThan(0.2);
    expect(lineCosts(ofEvent(profile))[0]?.file).toMatch(/calls\.c$/);
  });

  it('has totals that are the inclusive costs, where nothing recurs', () => {
    const profile = importCallgrind(fixture('calls.callgrind.no'));
    const all = Number(/^summary: (\d+)/m.exec(fixtureText('calls.callgrind.no'))?.[1]);
    const read = shares(profile);
    const expected = annotated('calls.inclusive.txt', Math.max);
    for (const name of ['twice.constprop.0', 'once', 'printf', '_IO_doallocbuf', '_dl_fixup', 'recurse'])
      expect([name, Math.round(((read.get(name)?.total ?? 0) * all) / 100)]).toEqual([
        name,
        expected.get(name),
      ]);
    expect(read.get('main')?.total).toBeCloseTo(100, 6);
  });

  it('reads compressed names, relative positions and files of inlined lines', () => {
    const text = [
      'events: Cycles Misses',
      'fl=(1) a.c',
      'fn=(1) main',
      '10 5 1',
      '+2 5',
      'fi=(2) b.h',
      '* 10',
      'fe=(1)',
      '-2 5',
      'cfn=(2) leaf',
      'calls=3 40',
      '11 75',
      'fn=(2)',
      '40 70',
      '* 5',
    ].join('\n');
    const profile = importCallgrind(bytes(text));
    expect(roundedShares(profile)).toEqual({ main: { self: 25, total: 100 }, leaf: { self: 75, total: 75 } });
    expect(lineCosts(ofEvent(profile))).toEqual([
      { file: 'a.c', line: 40, self: 75 },
      { file: 'a.c', line: 10, self: 10 },
      { file: 'b.h', line: 12, self: 10 },
      { file: 'a.c', line: 12, self: 5 },
    ]);
    expect(refusal(() => importCallgrind(bytes('events: Ir\nfn=(1)\n1 1\n'))).detail).toMatch(/line 2/);
  });

  it('reads an object that is never named, and functions without a header', () => {
    const text = 'events: Ticks\n\nfn=main\n1 20\ncob=(8)\ncfn=leaf\ncalls=1 50\n1 30\n\nfn=leaf\n50 30\n';
    expect(detectFormat(bytes(text), 'file')).toBe('callgrind');
    expect(roundedShares(importCallgrind(bytes(text)))).toMatchObject({ main: { self: 40 } });
  });

  it('reads costs that are relative to those of the line before', () => {
    // A `*` tells: what a sign means is not clear before it.
    const text = 'events: Ir\nfn=main\n16 20\ncfn=leaf\ncalls=1 50\n* 100\nfn=leaf\n+35 *\n* -20\n-1 +20\n';
    expect(roundedShares(importCallgrind(bytes(text)))).toEqual({
      main: { self: 6.666667, total: 40 },
      leaf: { self: 93.333333, total: 93.333333 },
    });
    const unclear = 'events: Ir\nfn=main\n1 20\n2 -5\n3 *\n';
    expect(refusal(() => importCallgrind(bytes(unclear))).detail).toMatch(/relative.*line 5/);
  });

  it('has negative costs, which are absolute, and leaves their event out: what Xdebug counts of memory', () => {
    const file = (events: string, ...costs: string[]) =>
      bytes(
        `creator: xdebug 3\nevents: ${events}\nfn=(1) {main}\n\n1 ${costs[0]}\ncfn=(2) free\ncalls=1 0\n9 ${costs[1]}\n\nfn=(2)\n+5 ${costs[1]}\n`,
      );
    const shares = { '{main}': { self: 25, total: 100 }, free: { self: 75, total: 75 } };
    for (const text of [
      file('Time Memory', '100 4096', '300 -2048'),
      file('Memory Time', '4096 100', '-8192 300'),
      file('Memory Time', '+4096 100', '-1 300'),
    ]) {
      const profile = importCallgrind(text);
      expect(profile.events).toEqual([{ name: 'Time', taken: null }]);
      expect(roundedShares(profile)).toEqual(shares);
      expect(profile.samples.weight.reduce((a, b) => a + b)).toBe(400);
      expect(profile.notes.join('\n')).toContain('Memory is left out');
    }
    const kept = importCallgrind(file('Time Memory Calls', '100 -1 7', '300 5 7'));
    expect(kept.events.map(({ name }) => name)).toEqual(['Time', 'Calls']);
    expect(roundedShares(kept, 6, 1)).toMatchObject({ free: { self: 50 } });
    const error = refusal(() => importCallgrind(file('Memory', '5', '-5')));
    expect(`${error.message} ${error.detail} ${error.remedy?.text}`).toMatch(/negative.*Memory.*time/);
  });

  it("takes cachegrind's dot for no count", () => {
    const profile = importCallgrind(
      bytes('events: Ir I1mr\nfl=a.c\nfn=main\n10 100 1\n11 50 .\nfn=g\n3 50 .\nsummary: 200 1\n'),
    );
    expect(roundedShares(profile)).toMatchObject({ main: { self: 75 }, g: { self: 25 } });
    expect(roundedShares(profile, 6, 1)).toMatchObject({ main: { self: 100 } });
    expect(profile.notes).toHaveLength(1);
  });

  it('keeps every event, whose missing costs are 0, and adds the parts of a file up', () => {
    const part = ['fn=main', '1 10 4', 'cfn=leaf', 'calls=1 9', '1 90', 'fn=leaf', '9 90', 'totals: 100 4'];
    const head = ['events: Ir Dr', ...part];
    const profile = importCallgrind(bytes([...head, 'part: 2', ...head].join('\n')));
    expect(profile.events).toEqual([
      { name: 'Ir', exact: true, taken: null },
      { name: 'Dr', exact: true, taken: null },
    ]);
    expect(exactCount(profile)).toEqual({ event: 'Ir', amount: 200 });
    expect(profile.notes).toHaveLength(1);
    expect(roundedShares(profile)).toEqual({ leaf: { self: 90, total: 90 }, main: { self: 10, total: 100 } });
    expect(roundedShares(profile, 6, 1)).toEqual({ main: { self: 100, total: 100 } });
    expect(profile.samples.weight.reduce((a, b) => a + b)).toBe(208);
    expect(refusal(() => importCallgrind(bytes('events: Ir\nevents: Dr\n'))).detail).toMatch(/line 2/);
  });
});

describe('importing a file', () => {
  const fixtures = path.join(root, 'test/fixtures');

  it('tells every format by its content', () => {
    const formats = {
      'calls.perf.data': 'perf.data',
      'calls.script.txt': 'perf-script',
      'flat.script.txt': 'perf-script',
      'variants.notime.txt': 'perf-script',
      'calls.report.txt': 'perf-report',
      'reference.report.txt': 'perf-report',
      'variants.report.txt': 'perf-report',
      'calls.folded': 'folded',
      'calls.callgrind.no': 'callgrind',
      'calls.callgrind.yes': 'callgrind',
    };
    for (const [name, format] of Object.entries(formats))
      expect(detectFormat(fixture(name), 'file'), name).toBe(format);
    expect(detectFormat(bytes('{"profiles":[]}'), 'file')).toBe('speedscope');
    expect(detectFormat(bytes('{"name":"a package","version":"1"}'), 'package.json')).toBeUndefined();
    expect(detectFormat(Buffer.from([0x1f, 0x8b, 8, 0]), 'file')).toBe('pprof');
    expect(detectFormat(bytes('a;b 1\na;c 2.\nno count here\n'), 'file')).toBe('folded');
    for (const text of ['', 'hello', 'int main(void) {\n}\n', '\0\0\0'])
      expect(detectFormat(bytes(text), 'file')).toBeUndefined();
  });

  it('reads it in pieces, and says what it cannot read', async () => {
    const context = recordingContext();
    const profile = await importProfile(path.join(fixtures, 'calls.script.txt'), {}, context);
    expect(roundedShares(profile)).toEqual(roundedShares(importPerfScript(fixture('calls.script.txt'))));
    const code = (file: string) => importProfile(file, {}, context).catch((error: LabError) => error.code);
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-import-'));
    const utf16 = path.join(folder, 'utf16.folded');
    writeFileSync(utf16, Buffer.from('\ufeffa;b 1\n', 'utf16le'));
    await expect(importProfile(utf16, {}, context)).rejects.toThrow(/UTF-16/);
    await expect(importProfile(folder, {}, context)).rejects.toMatchObject({ code: 'format-unsupported' });
    rmSync(folder, { recursive: true });
    expect(await code(path.join(fixtures, 'absent'))).toBe('read-failed');
    expect(await code(fixtures)).toBe('format-unsupported');
    expect(await code(path.join(fixtures, 'record.sh'))).toBe('format-unsupported');
    const canceled = recordingContext(AbortSignal.abort());
    const stopped = importProfile(path.join(fixtures, 'calls.script.txt'), {}, canceled);
    await expect(stopped).rejects.toMatchObject({ code: 'canceled' });
  });

  it('unpacks what is gzipped, text and recordings', async () => {
    const context = recordingContext();
    const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-import-'));
    const packed = (name: string, content: Buffer) => {
      const file = path.join(folder, name);
      writeFileSync(file, content);
      return importProfile(file, {}, context);
    };
    try {
      for (const name of ['calls.script.txt', 'calls.folded', 'calls.perf.data', 'calls.callgrind.no']) {
        const plain = await importProfile(path.join(fixtures, name), {}, context);
        const unpacked = await packed(`${name}.gz`, gzipSync(fixture(name)));
        expect(roundedShares(unpacked), name).toEqual(roundedShares(plain));
      }
      // As tapes and some servers fill the last block.
      const padded = Buffer.concat([gzipSync(fixture('calls.folded')), Buffer.alloc(2 ** 21)]);
      expect(roundedShares(await packed('padded.folded.gz', padded))).toEqual(
        roundedShares(importFolded(fixture('calls.folded'))),
      );
      const twice = gzipSync(gzipSync(fixture('calls.folded')));
      await expect(packed('twice.gz', twice)).rejects.toThrow(/is compressed twice/);
      const damaged = gzipSync(fixture('calls.script.txt'));
      await expect(packed('cut.gz', damaged.subarray(0, damaged.length - 9))).rejects.toMatchObject({
        code: 'profile-corrupt',
        detail: expect.stringMatching(/^gzip: /) as string,
      });
      await expect(packed('empty', Buffer.alloc(0))).rejects.toThrow(/is empty/);
      const command = `bunzip2 --keep '${folder}/it'\\''s $&'`;
      await expect(packed("it's $&", Buffer.from('BZh9'))).rejects.toMatchObject({ remedy: { command } });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('callgrind files of samples', () => {
  it('are not called exact', () => {
    const sampled = importCallgrind(bytes('events: Hits\nfn=work\n1 21\n'));
    expect(sampled.events).toEqual([{ name: 'Hits', taken: null }]);
    expect(sampled.notes.join()).not.toContain('exact');
    expect(importCallgrind(bytes('events: Ir\nfn=work\n1 21\n')).notes[0]).toMatch(/^Costs .* are exact/);
  });
});

describe('pprof', () => {
  // profile.proto: sample_type {type, unit}, sample {values}, string_table.
  const field = (number: number, ...content: number[]) => [number * 8 + 2, content.length, ...content];
  const minusOne = [...Array<number>(9).fill(0xff), 1];
  const strings = ['', 'alloc', 'inuse'].flatMap((name) => field(6, ...Buffer.from(name)));

  it('is refused where it is several, one after another: each has names of its own', () => {
    const func = field(5, 8, 1, 16, 1);
    const one = [...field(1, 8, 1, 16, 0), ...field(2, ...field(2, 5)), ...func, ...strings];
    expect(importPprof(Buffer.from(one)).events).toEqual([{ name: 'alloc', taken: null }]);
    const timed = [...one, 9 * 8, 7];
    expect(importPprof(Buffer.from(timed)).events).toEqual([{ name: 'alloc', taken: null }]);
    for (const part of [one, timed]) {
      const error = refusal(() => importPprof(Buffer.from([...part, ...part])));
      expect(error.message).toMatch(/several profiles/);
      expect(error.remedy?.command).toMatch(/^pprof /);
    }
  });

  it('leaves out what has negative values, and is refused with what to do when all has', () => {
    const types = [1, 2].flatMap((name) => field(1, 8, name, 16, 0));
    const heap = [...types, ...field(2, ...field(2, 5, ...minusOne)), ...strings];
    const profile = importPprof(Buffer.from(heap));
    expect(profile.events).toEqual([{ name: 'alloc', taken: null }]);
    expect(Array.from(profile.samples.weight)).toEqual([5]);
    expect(profile.notes).toEqual(['inuse is omitted: it is a difference with negative values.']);

    const difference = [...field(1, 8, 1, 16, 0), ...field(2, ...field(2, ...minusOne)), ...strings];
    const error = refusal(() => importPprof(Buffer.from(difference)));
    expect(`${error.message} ${error.detail} ${error.remedy?.text}`).toMatch(
      /difference.*negative values.*compare/,
    );
  });
});
