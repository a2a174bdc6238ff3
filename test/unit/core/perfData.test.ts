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

describe('perf.data', () => {
  const data = fixture('calls.perf.data');
  const recording = readPerfData(data);
  const expected = scriptSamples(fixtureText('calls.script.txt'));

  it('holds the samples that perf script prints: threads, times, periods, call chains', () => {
    const { samples, locations } = recording;
    expect(samples.length).toBe(expected.length);
    expected.forEach((want, i) => {
      expect(`${samples.pid[i]}/${samples.tid[i]}`).toBe(want.ids);
      expect((samples.time[i] as number) / 1e9).toBeCloseTo(want.time, 5);
      expect(samples.period[i]).toBe(want.period);
      // Callers are counted one byte before the return address that perf prints.
      const chain = samples.chain.subarray(samples.chainStart[i], samples.chainStart[i + 1]);
      const offsets = Array.from(chain, (l, depth) => (locations[l]?.offset ?? -1) + (depth > 0 ? 1 : 0));
      expect(offsets).toEqual(want.offsets);
    });
  });

  it('names the event and the thread', () => {
    expect(recording.event).toMatch(/^cpu-clock:u/);
    expect([...recording.comms.values()]).toEqual(['calls']);
    expect(recording.lost).toBe(0);
  });

  it('refuses what is not a recording and says where', () => {
    for (const bytes of [Buffer.alloc(0), Buffer.from('hello'), Buffer.alloc(500, 7)]) {
      expect(() => readPerfData(bytes)).toThrowError(LabError);
    }
    const unfinished = Buffer.from(data);
    unfinished.fill(0, 48, 56);
    expect(() => readPerfData(unfinished)).toThrowError(/cannot be read/);
    try {
      readPerfData(data.subarray(0, 5000));
      expect.unreachable();
    } catch (error) {
      expect((error as LabError).code).toBe('profile-corrupt');
      expect((error as LabError).detail).toMatch(/ends early.*at byte 5000/);
    }
  });

  it('never does anything but read or refuse, however it is damaged', () => {
    const damage = fc.array(fc.tuple(fc.nat(data.length - 1), fc.nat(255)), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(damage, fc.integer({ min: 0, max: data.length }), (changes, length) => {
        const damaged = Buffer.from(data.subarray(0, length > data.length / 2 ? data.length : length));
        for (const [at, value] of changes) if (at < damaged.length) damaged[at] = value;
        try {
          readPerfData(damaged);
        } catch (error) {
          expect(error).toBeInstanceOf(LabError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
