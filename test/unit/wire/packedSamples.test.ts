import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packSamples, unpackSamples } from '../../../src/wire/packedSamples.js';
import type { SampleTable } from '../../../src/model/profile.js';

const sample = fc.record({
  stack: fc.integer({ min: -1, max: 9 }),
  thread: fc.constantFrom<number>(0, 0, 0, 1),
  event: fc.constantFrom<number>(0, 0, 0, 1),
  weight: fc.constantFrom<number>(1e6, 1e6, 1e6, 0.1),
  time: fc.oneof(
    fc.integer({ min: 0, max: 5e9 }).map((ns) => ns / 1e9),
    // The steps that are packed lose the sign of zero, which no time has.
    fc.double().map((s) => s + 0),
  ),
});

type Row = typeof sample extends fc.Arbitrary<infer T> ? T : never;

function table(rows: readonly Row[]): SampleTable {
  return {
    length: rows.length,
    stack: Int32Array.from(rows, (row) => row.stack),
    thread: Int32Array.from(rows, (row) => row.thread),
    event: Uint8Array.from(rows, (row) => row.event),
    weight: Float64Array.from(rows, (row) => row.weight),
    time: Float64Array.from(rows, (row) => row.time),
  };
}

describe('packed samples', () => {
  it('are the samples again when they are unpacked', () => {
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 30 }), (rows) => {
        const samples = table(rows);
        const { length, stack, thread, event, weight, time } = unpackSamples(packSamples(samples));
        expect({ length, stack, thread, event, weight, time }).toEqual(samples);
      }),
    );
  });

  it('of one thread, event and period are their stacks and the steps of their times', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => ({
      stack: i % 7,
      thread: 0,
      event: 0,
      weight: 100_000,
      time: (i * 100_003) / 1e9,
    }));
    const packed = packSamples(table(rows));
    expect(packed).toMatchObject({ thread: 0, event: 0, weight: 100_000 });
    expect(packed.time).toHaveProperty('steps');
  });
});
