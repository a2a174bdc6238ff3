import { gunzipSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { exportProfile } from '../../../src/core/export/exportProfile.js';
import { detectFormat, type ImportFormat } from '../../../src/core/import/detect.js';
import { foreignFormat } from '../../../src/core/import/foreign.js';
import { importers, importProfile } from '../../../src/core/import/importProfile.js';
import type { Profile } from '../../../src/model/profile.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { fixture, recordingContext } from '../support/fixtures.js';
import { runImporter } from '../support/importBytes.js';
import { bytes } from '../support/refusal.js';
import { MemoryLimit } from '../../../src/core/memoryLimit.js';
import { roundedShares } from '../support/shares.js';

const script = (text: string) => runImporter(importers['perf-script'](new MemoryLimit()), bytes(text));
const leaf = '\t          401134 leaf+0x4 (/tmp/b)\n';
const main = '\t          401150 main+0x10 (/tmp/b)\n';

/** Its threads, times and stacks, outermost first. */
function samplesOf({ strings, functions, frames, stacks, samples, threads }: Profile): string[] {
  return Array.from(samples.stack, (stack, i) => {
    const names: string[] = [];
    for (let at = stack; at >= 0; at = stacks.parent[at] as number)
      names.unshift(
        strings[functions.name[frames.func[stacks.frame[at] as number] as number] as number] ?? '',
      );
    const { name = '', pid, tid } = threads[samples.thread[i] as number] ?? {};
    return `${name} ${pid}/${tid} ${Math.round((samples.time[i] as number) * 1e6)} ${names.join(';')}`;
  });
}

describe('a thread that is called like a time', () => {
  it.each<readonly [string, string]>([
    ['job 10.30:', '77/78 [001] 99.000002: 5 cycles: '],
    ['job 10.30: x', '77/78 [001] 99.000002: 5 cycles: '],
    ['12.5:', '77/78 99.000002: 5 cycles: '],
    ['job 5 1.5: q', '77/78 99.000002: cycles:u: '],
    ['1.5:', '77/78 99.000002:'],
    ['a 1.5: b: c', '77/78 [000] 99.000002: 5 cycles: '],
  ])('%s %s', (name, rest) => {
    const [first, second] = samplesOf(
      script(`b 77/77 99.000001: 5 cycles: \n${leaf}\n${name} ${rest}\n${leaf}${main}\n`),
    );
    expect(first).toBe('b 77/77 0 leaf');
    expect(second).toBe(`${name} 77/78 1 main;leaf`);
  });

  it('has no time where none is printed', () => {
    const profile = script(`job 1.5: x 77/78 5 cycles: \n${leaf}\n`);
    expect(samplesOf(profile)).toEqual(['job 1.5: x 77/78 0 leaf']);
    expect(profile.events).toEqual([{ name: 'cycles' }]);
    expect(samplesOf(script(`job 99.5: 5 cycles: \n${leaf}\n`))[0]).toMatch(/^job /);
  });

  it('does not hide the fields of tracepoints that look like one', () => {
    const event = 'kworker/0:1 12 [000] 3.000001: printk:console: [ 12.345678: 9 usb: x';
    expect(script(`${event}\n${leaf}\n`).events).toEqual([{ name: 'printk:console' }]);
  });
});

describe('what perf script prints behind a frame', () => {
  const header = 'b 8000/8000 100.000001: 1 cycles:u: ';
  const flat = `${header}           401134 main+0x4 (/tmp/b (deleted))`;
  it.each<readonly [string, string]>([
    ['addresses', `${flat} 0x401134/0x401126/P/-/-/0  0x401120/0x401140/M/-/-/3 \n`],
    ['addresses and modules', `${flat} 0x401134(/tmp/b)/0x401126(/tmp/b)/P/-/-/0 \n`],
    ['symbols', `${flat} main+0x14/leaf+0x0/P/-/-/1  operator new(unsigned long)+0x1/main+0x8/M/X/A/3 \n`],
    ['symbols and types', `${flat} main+0x14/leaf+0x0/P/-/-/1/CALL/-  foo+0x1/main+0x8/-/-/-/3/RET/- \n`],
    ['no module', `${header}  401134 main+0x4 0x401134/0x401126/P/-/-/0 \n`],
    ['instructions', `${flat} ilen: 3 insn: 48 89 e5\n`],
    ['registers', `${flat} ABI:2    AX:0x1    BX:0x7ffd \n`],
  ])('isn’t part of a name: %s', (_, text) => {
    expect(samplesOf(script(text + text))).toEqual(Array(2).fill('b 8000/8000 0 main'));
  });

  it('branches below a call chain end its sample, and are mentioned', () => {
    const branches = [' main+0x14/leaf+0x0/P/-/-/1  main+0x20/leaf+0x0/P/-/-/9 \n', ' 0x40/0x41/P/-/-/1 \n'];
    const profile = script(branches.map((b) => `${header}\n${leaf}${main}${b}`).join(''));
    expect(samplesOf(profile)).toEqual(Array(2).fill('b 8000/8000 0 main;leaf'));
    expect(profile.notes).toEqual(['The branch stacks of the text are not shown; its samples are.']);
  });

  it('a raw dump isn’t a profile', () => {
    const dump = fixture('dump.script.txt');
    expect(foreignFormat(dump)?.what).toMatch(/raw dump/);
    expect(foreignFormat(bytes('0 0x108 [0x50]: PERF_RECORD_ID_INDEX nr: 2\n'))?.remedy).toMatch(
      /without -D/,
    );
    const task = `b 8000 1.0: PERF_RECORD_FORK(8000:8000):(1:1)\n${header}\n${leaf}\n`;
    expect(foreignFormat(bytes(task))).toBeUndefined();
  });
});

describe('a pprof file', () => {
  const classifier = new Classifier([]);
  const profile = runImporter(importers['perf-script'](new MemoryLimit()), fixture('variants.srcline.txt'));
  const plain = gunzipSync(
    exportProfile({ profile: ofEvent(profile), classifier, title: 't' }, 'pprof') as Buffer,
  );

  const varint = (value: number): number[] =>
    value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
  /** The fields of a message: number, kind, and content as it is written. */
  const fieldsOf = (message: Buffer) => {
    const fields: { number: number; wire: number; content: Buffer }[] = [];
    let at = 0;
    const next = () => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = message[at++] as number;
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    };
    while (at < message.length) {
      const tag = next();
      const start = at;
      const value = next();
      const from = tag % 8 === 2 ? at : start;
      if (tag % 8 === 2) at += value;
      fields.push({ number: Math.floor(tag / 8), wire: tag % 8, content: message.subarray(from, at) });
    }
    return fields;
  };
  const written = (fields: ReturnType<typeof fieldsOf>) =>
    Buffer.concat(
      fields.flatMap(({ number, wire, content }) => [
        Buffer.from([...varint(number * 8 + wire), ...(wire === 2 ? varint(content.length) : [])]),
        content,
      ]),
    );
  /** With each number of a sample in a field of its own. */
  const unpacked = (sample: Buffer) =>
    written(
      fieldsOf(sample).flatMap((field) => {
        const numbers = [...field.content.toString('latin1').matchAll(/[\x80-\xff]*[\0-\x7f]/g)];
        return field.wire === 2 && field.number < 3
          ? numbers.map(([n]) => ({ number: field.number, wire: 0, content: Buffer.from(n, 'latin1') }))
          : [field];
      }),
    );

  it('is recognized and read whatever the order of its fields, packed or not', () => {
    const expected = roundedShares(profile);
    const fields = fieldsOf(plain);
    expect(written(fields).equals(plain)).toBe(true);
    const order = (group: (field: number) => number) =>
      fields.map((f) => ({ f, key: group(f.number) })).sort((a, b) => a.key - b.key);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([1, 2, 3, 4, 5, 6], { minLength: 6 }),
        fc.boolean(),
        (groups, unpack) => {
          const shuffled = order((number) => groups.indexOf(number)).map(({ f }) =>
            unpack && f.number === 2 ? { ...f, content: unpacked(f.content) } : f,
          );
          const file = written(shuffled);
          expect(detectFormat(file, 'profile')).toBe('pprof');
          expect(roundedShares(runImporter(importers.pprof(new MemoryLimit()), file))).toEqual(expected);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is read where functions have no IDs, as a tool for .NET writes it', () => {
    const without = written(
      fieldsOf(plain).map((field) =>
        field.number === 5
          ? { ...field, content: written(fieldsOf(field.content).filter(({ number }) => number !== 1)) }
          : field,
      ),
    );
    expect(without.length).toBeLessThan(plain.length);
    expect(roundedShares(runImporter(importers.pprof(new MemoryLimit()), without))).toEqual(
      roundedShares(profile),
    );
  });

  it('isn’t text, nor another file', () => {
    for (const text of ['\n\n\n', '2\n2\n', '"a" "b"\n', 'zjhpZP@8*"\n'])
      expect(detectFormat(bytes(text), 'a'), text).not.toBe('pprof');
    for (const name of ['calls.script.txt', 'calls.callgrind.no', 'calls.folded'])
      expect(detectFormat(fixture(name), 'a')).not.toBe('pprof');
  });
});

describe('a file that was taken for what it is not', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-doubts-'))));
  afterAll(() => rmSync(folder, { recursive: true }));

  const notes = async (text: string, format?: ImportFormat) => {
    const file = path.join(folder, 'profile');
    writeFileSync(file, text);
    return (await importProfile(file, { format }, recordingContext())).notes.join('\n');
  };
  const times = (count: number, line: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => line(i)).join('');

  it('has a note where most lines are unread', async () => {
    const log = `a;b 1\nc;d 2\n${times(9, (i) => `message ${i} of a program\n`)}`;
    expect(await notes(log, 'folded')).toMatch(/may not be folded: only 2 of its 11 lines/);
    expect(await notes(`b 1/1 1.0: 1 cycles: \n${leaf}\n${log}`)).toMatch(/may not be perf-script.*only/);
  });

  it('has a note where events have one sample each, or samples a function each, naming the other reading', async () => {
    const events = times(20, (i) => `b 1/1 ${i}.0: 1 event${i}: \n${leaf}\n`);
    expect(await notes(events)).toMatch(/20 events have hardly more than one sample each/);
    const lines = times(60, (i) => `main;job 1 ${i}.5: f${i}: a 3\n`);
    expect(await notes(lines)).toMatch(
      /^Functions have no source lines: folded stacks have names only[^\n]*$/,
    );
    expect(await notes(lines, 'perf-script')).toMatch(/may not be perf-script.*--format folded/);
    const unique = times(60, (i) => `b 1/1 ${i}.0: 1 cycles: \n\t 4011${i} f${i} (/b)\n\n`);
    expect(await notes(unique)).toMatch(/nearly every sample is of a function of its own/);
  });

  it('has none where it was not', async () => {
    for (const name of ['calls.script.txt', 'flat.script.txt', 'events.script.txt', 'calls.folded'])
      expect(await notes(fixture(name).toString())).not.toMatch(/may not be/);
  });
});
