import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { exportProfile } from '../../../src/core/export/exportProfile.js';
import { gunzip } from '../../../src/core/import/gunzip.js';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { fixture, recordingContext } from '../support/fixtures.js';
import { importFolded } from '../support/importBytes.js';
import { roundedShares } from '../support/shares.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-unpack-'));
afterAll(() => rmSync(folder, { recursive: true }));

const imported = (name: string, ...parts: Uint8Array[]) => {
  const file = path.join(folder, name);
  writeFileSync(file, Buffer.concat(parts));
  return importProfile(file, {}, recordingContext());
};
const large = gzipSync(Array.from({ length: 90_000 }, (_, i) => `main;f${i};g${i % 7} 1\n`).join(''));
const more = gzipSync('more 10000\n');
const garbage = Buffer.from('garbage');

/** All counts, and how many bytes a note says were left out. */
async function counted(...parts: Uint8Array[]) {
  const { samples, notes } = await imported('a.folded.gz', ...parts);
  const left = notes.filter((note) => note.includes('left out')).map((note) => /[\d,]+/.exec(note)?.[0]);
  return [samples.weight.reduce((a, b) => a + b, 0), ...left];
}

describe('what follows gzip data', () => {
  it('is read where it is gzip data, also after zeros', async () => {
    expect(await counted(large)).toEqual([90_000]);
    expect(await counted(large, more)).toEqual([100_000]);
    expect(await counted(large, Buffer.alloc(700), more, Buffer.alloc(2 ** 21))).toEqual([100_000]);
  });

  it('is counted in a note where it is anything else, and nothing before it is lost', async () => {
    expect(await counted(large, garbage)).toEqual([90_000, '7']);
    expect(await counted(more, Buffer.from('\n'))).toEqual([10_000, '1']);
    expect(await counted(more, Buffer.alloc(70_000), Buffer.from('x'), more)).toEqual([
      10_000,
      String(more.length + 1),
    ]);
  });

  it('is counted after recordings and binary formats, too', async () => {
    const profile = ofEvent(importFolded(fixture('calls.folded')));
    const pprof = exportProfile({ profile, classifier: new Classifier([]), title: 't' }, 'pprof') as Buffer;
    for (const content of [gzipSync(fixture('calls.perf.data')), pprof]) {
      const { notes } = await imported('a.gz', content, garbage);
      expect(notes[0]).toMatch(/^The 7 bytes after the end of the gzip data were left out/);
    }
  });

  it('is refused where it begins as gzip data and is damaged', async () => {
    const damaged = (...parts: Uint8Array[]) =>
      imported('a.folded.gz', ...parts).then(
        () => 'read',
        ({ code, detail }: { code: string; detail: string }) => `${code}: ${detail}`,
      );
    expect(await damaged(more, Buffer.from([0x1f, 0x8b, 7]))).toBe(
      'profile-corrupt: gzip: unexpected end of file',
    );
    expect(await damaged(more, more.subarray(0, more.length - 9))).toMatch(/unexpected end of file$/);
    const changed = Buffer.from(large);
    changed.writeUInt32LE(0, changed.length - 8);
    expect(await damaged(changed)).toMatch(/incorrect data check$/);
  });

  it('is found wherever the pieces end', async () => {
    const named = Buffer.concat([
      Buffer.from([0x1f, 0x8b, 8, 4 + 8 + 16 + 2, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7]),
      Buffer.from('name\0comment\0'),
      Buffer.from([0, 0]),
      more.subarray(10),
    ]);
    const all = Buffer.concat([named, Buffer.alloc(3), more, garbage]);
    for (const size of [1, 2, 3, 7, all.length]) {
      let rest = 0;
      const read: Buffer[] = [];
      const pieces = Array.from({ length: Math.ceil(all.length / size) }, (_, i) =>
        all.subarray(i * size, (i + 1) * size),
      );
      async function* content() {
        yield* pieces;
        await Promise.resolve();
      }
      for await (const piece of gunzip(content(), (bytes) => (rest = bytes))) read.push(piece);
      expect([Buffer.concat(read).toString(), rest]).toEqual(['more 10000\nmore 10000\n', 7]);
    }
  });
});

describe('text whose lines end with carriage returns alone', () => {
  it.each([
    'calls.script.txt',
    'flat.script.txt',
    'calls.folded',
    'calls.callgrind.no',
    'variants.report.txt',
  ])('%s is read as with newlines, packed or not', async (name) => {
    const text = fixture(name).toString('latin1');
    const returns = Buffer.from(text.replaceAll('\n', '\r'), 'latin1');
    const expected = await imported(name, fixture(name));
    for (const read of [await imported(name, returns), await imported(`${name}.gz`, gzipSync(returns))]) {
      expect(roundedShares(read)).toEqual(roundedShares(expected));
      expect(read.notes).toEqual(expected.notes);
    }
  });
});
