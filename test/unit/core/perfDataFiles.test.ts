import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { count } from '../../../src/text/numbers.js';
import { openFiles } from '../../../src/core/perfData/byteSource.js';
import { readPerfData } from '../../../src/core/perfData/reader.js';
import { unwindWithPerf } from '../../../src/core/perfData/unwind.js';
import { fixture } from '../support/fixtures.js';

describe('what perf could not write, or a copy has lost', () => {
  const data = fixture('kinds.perf.data');
  const whole = data.readUInt32LE(40) + data.readUInt32LE(48);

  it('zeros in place of the last records end it, and a note says how much', async () => {
    const zeroed = Buffer.concat([data.subarray(0, whole - 5000), Buffer.alloc(200_000)]);
    zeroed.fill(0, 48, 56);
    for (const end of [zeroed.length, whole - 4000]) {
      const { samples, notes } = await readPerfData(zeroed.subarray(0, end));
      expect(samples.length).toBeGreaterThan(10);
      expect(notes.join()).toMatch(/recording is incomplete.*up to byte/);
    }
    const finished = Buffer.from(data);
    const at = endOfRecord(data, whole - 3000);
    finished.fill(0, at);
    const { notes, samples } = await readPerfData(finished);
    expect(samples.length).toBeGreaterThan(10);
    expect(notes).toContain(
      `The last ${count(whole - at)} bytes of the records, from byte ${count(at)} on, were never written. Data before them is shown.`,
    );
    finished[whole - 1] = 1;
    await expect(readPerfData(finished)).rejects.toMatchObject({ code: 'profile-corrupt' });
  });

  it('a file that is cut keeps its whole records, and a note says where it ends', async () => {
    const all = await readPerfData(data);
    const cut = await readPerfData(data.subarray(0, whole - 3001));
    expect(cut.samples.length).toBeGreaterThan(10);
    expect(cut.samples.length).toBeLessThan(all.samples.length);
    expect(cut.samples.weight).toEqual(all.samples.weight.slice(0, cut.samples.length));
    expect(cut.notes.join()).toMatch(
      new RegExp(`truncated: it has ${count(whole - 3001)} of at least ${count(whole)} bytes`),
    );
    const without = await readPerfData(data.subarray(0, whole + 20));
    expect(without.samples).toEqual(all.samples);
    expect(without.notes.join()).toMatch(/all samples are there, but event names/);
  });
});

describe('the folder of perf record --threads', () => {
  it('is one recording, whose files are compressed each on its own', async () => {
    const data = fixture('kinds.zstd.perf.data');
    const start = data.readUInt32LE(40);
    const records = data.subarray(start, start + data.readUInt32LE(48));
    const folder = await mkdtemp(path.join(tmpdir(), 'threads-'));
    try {
      await writeFile(path.join(folder, 'data'), data);
      // The same records once more, as those of other processors.
      await writeFile(path.join(folder, 'data.0'), records);
      await writeFile(path.join(folder, 'data.10'), records);
      await writeFile(path.join(folder, 'data.txt'), 'not of it');
      const files = await openFiles(folder);
      try {
        const recording = await readPerfData(files.main, { parts: files.parts });
        const one = await readPerfData(data);
        expect(files.parts).toHaveLength(2);
        expect(recording.samples.length).toBe(3 * one.samples.length);
        expect(recording.locations.map((l) => l.module)).toEqual(one.locations.map((l) => l.module));
      } finally {
        await files.close();
      }
      await rm(path.join(folder, 'data'));
      await expect(openFiles(folder)).rejects.toMatchObject({ code: 'format-unsupported' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('a recording that the perf of this machine cannot unwind', () => {
  it('opens with the addresses that were recorded, and says why', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'old-perf-'));
    const search = process.env.PATH;
    try {
      await writeFile(path.join(folder, 'perf'), '#!/bin/sh\necho incompatible file format >&2\nexit 255\n', {
        mode: 0o755,
      });
      process.env.PATH = `${folder}:${search}`;
      const { samples, stacks, notes } = await readPerfData(fixture('dwarf.perf.data'), {
        unwind: (reader) =>
          unwindWithPerf('dwarf.perf.data', reader, { progress: () => undefined, signal: undefined }),
      });
      expect(samples.length).toBeGreaterThan(10);
      // The sample's own address, and no caller.
      expect(Array.from(samples.stack, (stack) => stacks.parent[stack])).toEqual(
        Array.from(samples.stack, () => -1),
      );
      expect(notes.join()).toMatch(/couldn't unwind the recording \(incompatible file format\).*perf script/);
    } finally {
      process.env.PATH = search;
      await rm(folder, { recursive: true });
    }
  });
});

/** The first record that begins at `from` or behind. */
function endOfRecord(data: Buffer, from: number): number {
  let at = data.readUInt32LE(40);
  while (at < from) at += data.readUInt16LE(at + 6);
  return at;
}
