import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJitDump } from '../../../src/core/symbols/jitDump.js';

const u32 = (...values: number[]) => {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => bytes.writeUInt32LE(value, i * 4));
  return bytes;
};
const u64 = (...values: number[]) => u32(...values.flatMap((v) => [v % 2 ** 32, Math.floor(v / 2 ** 32)]));
const record = (kind: number, ...body: Buffer[]) => {
  const content = Buffer.concat(body);
  return Buffer.concat([u32(kind, 16 + content.length), u64(0), content]);
};
const text = (value: string) => Buffer.from(`${value}\0`);
const header = Buffer.concat([u32(0x4a695444, 1, 40, 62, 0, 7), u64(0, 0)]);

const load = (at: number, size: number, name: string) =>
  record(0, u32(7, 7), u64(at, at, size, 1), text(name), Buffer.alloc(size));
const move = (from: number, to: number, size: number) => record(1, u32(7, 7), u64(to, from, to, size, 1));
const lines = (at: number, ...entries: [number, number, string | undefined][]) =>
  record(
    2,
    u64(at, entries.length),
    ...entries.flatMap(([address, line, file]) => [
      u64(address),
      u32(line, 0),
      file === undefined ? Buffer.from([0xff, 0]) : text(file),
    ]),
  );

const high = 0x7f00_0000_1000;
const whole = Buffer.concat([
  header,
  load(high, 64, 'first'),
  lines(high + 128, [high + 128, 3, '/x/äa.js'], [high + 144, 5, undefined], [high + 160, 9, '/x/b.js']),
  load(high + 128, 64, 'second a.js:3'),
  load(high, 32, 'replaced'),
  move(high + 128, high + 512, 64),
]);

describe('the dump of a runtime', () => {
  const at = (address: number) =>
    parseJitDump(whole)
      ?.find(address)
      .map((f) => `${f.name} ${f.file}:${f.line} from ${f.declarationLine}`);

  it('names code, with its lines, also where code moved or was replaced', () => {
    expect(at(high + 8)).toEqual(['replaced undefined:0 from 0']);
    expect(at(high + 40)).toEqual([]);
    expect(at(high + 128)).toEqual([]);
    expect(at(high + 512)).toEqual(['second a.js:3 /x/äa.js:3 from 3']);
    expect(at(high + 512 + 20)).toEqual(['second a.js:3 /x/äa.js:5 from 3']);
    expect(at(high + 512 + 63)).toEqual(['second a.js:3 /x/b.js:9 from 3']);
  });

  it("has V8's lines where they are: it adds the size of an ELF header to them", () => {
    const js = 'JS:*hot /x/a b.js:1:9';
    const dump = parseJitDump(
      Buffer.concat([
        header,
        lines(high, [high + 64, 1, '/x/a b.js'], [high + 80, 3, undefined]),
        load(high, 64, js),
      ]),
    );
    expect([0, 15, 16, 63].map((offset) => dump?.find(high + offset)[0]?.line)).toEqual([1, 1, 3, 3]);
  });

  it("has V8's lines where it wrote freed memory instead of the name of the script", () => {
    // Recorded of Node.js 20.20.2: memory with zeros in it, in as many bytes as the name has.
    const freed = Buffer.from('27b501000000000000d45d1301527500', 'hex');
    const file = '/var/tmp/hj2.js';
    const entry = (address: number, line: number) => Buffer.concat([u64(address), u32(line, 0), freed]);
    const of = (name: string) =>
      parseJitDump(
        Buffer.concat([
          header,
          record(2, u64(high, 2), entry(high + 64, 4), entry(high + 80, 7), Buffer.alloc(0)),
          load(high, 64, name),
        ]),
      )?.find(high + 20)[0];
    expect(freed.length).toBe(file.length + 1);
    expect(of(`JS:*hot ${file}:3:15`)).toMatchObject({ file, line: 7, declarationFile: file });
    // No other name fits.
    expect(of('JS:*hot /other/name.js:3:15')).toMatchObject({ file: undefined, line: 0 });
    expect(of('hot')).toMatchObject({ file: undefined, line: 0 });
  });

  it('tells addresses that several functions had', () => {
    const dump = parseJitDump(whole);
    const reused = [8, 40, 128, 512].map((offset) => dump?.isReused(high + offset));
    expect(reused).toEqual([true, false, false, false]);
  });

  it('may end anywhere, and damage is ignored', () => {
    expect(parseJitDump(Buffer.from('not a dump of a runtime'))).toBeUndefined();
    const cut = whole.subarray(0, whole.length - 30);
    expect(parseJitDump(cut)?.find(high + 128)[0]?.name).toBe('second a.js:3');
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (index, byte) => {
        const bytes = Buffer.from(whole);
        bytes[index] = byte;
        const found = parseJitDump(bytes);
        if (index >= 4) expect(found?.find(high + 520).length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
