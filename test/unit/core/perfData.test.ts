import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LabError } from '../../../src/core/labError.js';
import { readPerfData } from '../../../src/core/perfData/reader.js';
import { fixture, fixtureText } from '../support/fixtures.js';

interface ScriptSample {
  readonly ids: string;
  readonly time: number;
  readonly period: number;
  /** Offsets in the file of each frame, as perf prints them, 0 and unknown ones left out. */
  readonly offsets: readonly number[];
}

/** What `perf script` said of the same recording. */
function scriptSamples(text: string): ScriptSample[] {
  return text
    .trim()
    .split('\n\n')
    .map((block) => {
      const [header = '', ...frames] = block.split('\n');
      const [, ids = '', time = '', period = ''] = /\s(\d+\/\d+)\s+([\d.]+):\s+(\d+)\s/.exec(header) ?? [];
      return {
        ids,
        time: Number(time),
        period: Number(period),
        offsets: frames.map((f) => Number.parseInt(f, 16)).filter((offset) => offset !== 0),
      };
    });
}

const data = fixture('calls.perf.data');
const recording = await readPerfData(data);

describe('perf.data', () => {
  const expected = scriptSamples(fixtureText('calls.script.txt'));

  it('holds the samples that perf script prints: threads, times, periods, call chains', () => {
    const { samples, locations, stacks, threads } = recording;
    expect(samples.length).toBe(expected.length);
    expected.forEach((want, i) => {
      const thread = threads[samples.thread[i] as number];
      expect(`${thread?.pid}/${thread?.tid}`).toBe(want.ids);
      expect(samples.time[i]).toBeCloseTo(want.time - (expected[0]?.time ?? 0), 5);
      expect(samples.weight[i]).toBe(want.period);
      // Callers are counted one byte before the return address that perf prints.
      const offsets: number[] = [];
      for (let at = samples.stack[i] as number; at >= 0; at = stacks.parent[at] as number) {
        const offset = locations[stacks.location[at] as number]?.offset ?? -1;
        offsets.push(offset + (offsets.length > 0 ? 1 : 0));
      }
      expect(offsets).toEqual(want.offsets);
    });
  });

  it('names the event and the thread', () => {
    expect(recording.events).toHaveLength(1);
    expect(recording.events[0]).toMatch(/^cpu-clock:u/);
    expect(recording.threads.map((t) => t.name)).toEqual(['calls']);
    expect(recording.notes).toEqual([]);
    expect(recording.lost).toBe(0);
  });

  it('refuses what is not a recording and says where', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(500, 7)]) {
      await expect(readPerfData(bytes)).rejects.toBeInstanceOf(LabError);
    }
    const error = await readPerfData(data.subarray(0, 100)).catch((e: unknown) => e);
    expect((error as LabError).code).toBe('profile-corrupt');
    expect((error as LabError).detail).toMatch(/beyond the end of the file.*at byte 100/);
  });

  it('reads the intact part of a recording that perf could not finish', async () => {
    const unfinished = Buffer.from(data.subarray(0, data.length - 20_001));
    unfinished.fill(0, 48, 56);
    const { samples, notes, events } = await readPerfData(unfinished);
    expect(samples.length).toBeGreaterThan(10);
    expect(samples.length).toBeLessThan(recording.samples.length);
    expect(samples.weight).toEqual(recording.samples.weight.slice(0, samples.length));
    expect(notes.join()).toMatch(/recording is incomplete/);
    // As perf names it where the name that was asked for is not known.
    expect(events[0]).toBe('cpu-clock:uH');
  });

  it('never does anything but read or refuse, however it is damaged', async () => {
    const damage = fc.array(fc.tuple(fc.nat(data.length - 1), fc.nat(255)), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(damage, fc.integer({ min: 0, max: data.length }), async (changes, length) => {
        const damaged = Buffer.from(data.subarray(0, length > data.length / 2 ? data.length : length));
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        await readOrRefuse(damaged);
      }),
      { numRuns: 300 },
    );
  });

  it('never allocates or loops by a size, count or type that lies', async () => {
    const lie = fc.constantFrom(0, 1, 7, 8, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff);
    const place = fc.oneof(fc.nat(300), fc.nat(data.length - 8));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(place, lie), { minLength: 1, maxLength: 4 }), async (lies) => {
        const damaged = Buffer.from(data);
        for (const [at, value] of lies) damaged.writeUInt32LE(value, at & ~3);
        await readOrRefuse(damaged);
      }),
      { numRuns: 300 },
    );
  });
});

async function readOrRefuse(bytes: Buffer): Promise<void> {
  try {
    await readPerfData(bytes);
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    expect(error.detail).toMatch(/at byte \d+|big-endian|first version/);
  }
}
