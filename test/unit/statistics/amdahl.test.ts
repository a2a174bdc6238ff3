import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionLines } from '../../../src/views/functionLines.js';
import { cutsOf, predict, type Measured, type Target } from '../../../src/statistics/amdahl.js';

const throughput = { value: 10e6, low: 9.8e6, high: 10.3e6 };
const measured: Measured = { weight: 1000, effective: 1000, throughput };

const cut = fc.record({
  weight: fc.integer({ min: 0, max: 100 }),
  remaining: fc.double({ min: 0, max: 2, noNaN: true }),
});

describe('what if', () => {
  it('nothing changes: the throughput is the measured one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 10 }), (weights) => {
        const {
          removed,
          speedup,
          throughput: after,
        } = predict(
          weights.map((weight) => ({ weight, remaining: 1 })),
          measured,
        );
        expect([removed.value, speedup.value, speedup.low, speedup.high]).toEqual([0, 1, 1, 1]);
        for (const bound of ['value', 'low', 'high'] as const)
          expect(after?.[bound]).toBeCloseTo(throughput[bound], 3);
      }),
    );
  });

  it('the reference cuts its lookups from 41.5% to 21.5%: a quarter more, not +100% to +150%', () => {
    const {
      removed,
      speedup,
      throughput: after,
    } = predict([{ weight: 415, remaining: 21.5 / 41.5 }], measured);
    expect(removed.value).toBeCloseTo(0.2, 12);
    expect(speedup.value).toBeCloseTo(1.25, 12);
    expect(after?.value).toBeCloseTo(12.5e6, 3);
  });

  it('several are cut: shares add up before the law is applied', () => {
    const cuts = [
      { weight: 200, remaining: 0 },
      { weight: 300, remaining: 0.5 },
    ];
    expect(predict(cuts, measured).speedup.value).toBeCloseTo(1 / (1 - 0.35), 12);
  });

  it('more is cut: never slower', () => {
    fc.assert(
      fc.property(
        fc.array(cut, { minLength: 1, maxLength: 9 }),
        fc.nat(8),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (cuts, at, less) => {
          const i = at % cuts.length;
          const further = cuts.map((c, j) => (i === j ? { ...c, remaining: c.remaining * less } : c));
          const [before, after] = [predict(cuts, measured), predict(further, measured)];
          expect(after.speedup.value).toBeGreaterThanOrEqual(before.speedup.value * (1 - 1e-12));
          expect(after.throughput?.low).toBeLessThanOrEqual(after.throughput?.value ?? 0);
          expect(after.throughput?.high).toBeGreaterThanOrEqual(after.throughput?.value ?? 0);
        },
      ),
    );
  });

  it('is as uncertain as simulated recordings are', () => {
    // A category of 30% cut to a third, 2,000 samples: how often does the interval hold the true 1.25?
    let state = 7;
    const random = () => ((state = Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    let covered = 0;
    const rounds = 1000;
    for (let round = 0; round < rounds; round++) {
      let seen = 0;
      for (let i = 0; i < 2000; i++) seen += random() < 0.3 ? 1 : 0;
      const { speedup } = predict([{ weight: seen, remaining: 1 / 3 }], {
        weight: 2000,
        effective: 2000,
        throughput: null,
      });
      if (speedup.low <= 1.25 && speedup.high >= 1.25) covered++;
    }
    expect(covered / rounds).toBeGreaterThan(0.93);
    expect(covered / rounds).toBeLessThan(0.97);
  });

  it('of complete counts is as certain as the throughput', () => {
    const { speedup } = predict([{ weight: 500, remaining: 0.5 }], { ...measured, effective: Infinity });
    expect([speedup.low, speedup.high]).toEqual([speedup.value, speedup.value]);
  });

  it('without a measured throughput gives the ratio alone', () => {
    expect(predict([{ weight: 500, remaining: 0 }], { ...measured, throughput: null })).toMatchObject({
      speedup: { value: 2 },
      throughput: null,
    });
  });

  it('everything is cut: there is no end to it, and no error', () => {
    expect(predict([{ weight: 1000, remaining: 0 }], measured).speedup.value).toBe(Infinity);
    expect(predict([], { weight: 0, effective: 0, throughput: null }).speedup.value).toBe(1);
  });
});

describe('targets', () => {
  const self = Float64Array.of(100, 200, 300, 400);
  const category = Int32Array.of(0, 0, 1, 1);

  it('never count a function twice', () => {
    const targets: Target[] = [
      { kind: 'category', index: 0, share: 0.1 },
      { kind: 'function', index: 1, share: 0.05 },
    ];
    const cuts = cutsOf(targets, self, category, 1000);
    expect(cuts).toEqual([
      { weight: 100, remaining: 1 },
      { weight: 200, remaining: 0.25 },
    ]);
    expect(predict(cuts, { weight: 1000, effective: 1000, throughput: null }).removed.value).toBeCloseTo(
      0.15,
      12,
    );
  });

  it('equal to the present cost change nothing', () => {
    const target: Target = { kind: 'category', index: 1, share: 0.7 };
    expect(predict(cutsOf([target], self, category, 1000), measured).speedup.value).toBe(1);
  });

  it('of what costs nothing are ignored', () => {
    expect(cutsOf([{ kind: 'category', index: 5, share: 0 }], self, category, 1000)).toEqual([]);
  });
});

describe('lines of a function', () => {
  const tables = {
    frames: {
      length: 3,
      func: Int32Array.of(0, 0, 1),
      file: Int32Array.of(4, 4, -1),
      line: Int32Array.of(10, 12, 0),
      inlined: new Uint8Array(3),
    },
    stacks: { length: 3, parent: Int32Array.of(-1, -1, 0), frame: Int32Array.of(0, 1, 2) },
    samples: {
      length: 5,
      stack: Int32Array.of(0, 1, 1, 2, -1),
      thread: new Int32Array(5),
      event: new Uint8Array(5),
      time: new Float64Array(5),
      weight: Float64Array.of(1, 2, 3, 4, 5),
    },
  };

  it('add up to it, heaviest first', () => {
    expect(functionLines(tables, 0)).toEqual([
      { file: 4, line: 12, weight: 5, samples: 2 },
      { file: 4, line: 10, weight: 1, samples: 1 },
    ]);
  });

  it('name what has no line, and follow the selection', () => {
    expect(functionLines(tables, 1)).toEqual([{ file: -1, line: 0, weight: 4, samples: 1 }]);
    expect(functionLines(tables, 0, Uint8Array.of(1, 0, 0, 1, 1))).toEqual([
      { file: 4, line: 10, weight: 1, samples: 1 },
    ]);
  });
});
