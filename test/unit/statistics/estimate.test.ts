import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  differenceOfEstimates,
  effectiveSamples,
  exactly,
  productOf,
  wilsonInterval,
} from '../../../src/statistics/estimate.js';

describe('proportions', () => {
  it('have the intervals that Newcombe 1998 prints', () => {
    // Table I of Statistics in Medicine 17:857, method 3: 81/263, 15/148, 0/20, 1/29.
    for (const [x, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = wilsonInterval(x / n, n);
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it('differ by the hybrid score interval that Newcombe 1998 prints', () => {
    // Table II of Statistics in Medicine 17:873, method 10: 56/70 - 48/80, 9/10 - 3/10, 10/10 - 0/10.
    for (const [x, n, y, m, low, high] of [
      [56, 70, 48, 80, 0.0524, 0.3339],
      [9, 10, 3, 10, 0.1705, 0.809],
      [10, 10, 0, 10, 0.6075, 1],
    ] as const) {
      const interval = differenceOfEstimates(wilsonInterval(y / m, m), wilsonInterval(x / n, n));
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it('of nothing are unknown', () => {
    expect(wilsonInterval(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
  });

  it('keep the estimate inside the interval', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (p, n) => {
        const { low, high } = wilsonInterval(p, n);
        expect(low).toBeLessThanOrEqual(p);
        expect(high).toBeGreaterThanOrEqual(p);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe('products', () => {
  it('of what is certain are certain', () => {
    expect(productOf(exactly(3), exactly(4))).toEqual(exactly(12));
  });

  it('are as wide as the uncertain factor alone', () => {
    expect(productOf({ value: 2, low: 1, high: 4 }, exactly(10))).toEqual({ value: 20, low: 10, high: 40 });
  });
});

it('counts unequal periods as fewer samples', () => {
  expect(effectiveSamples(10, 10)).toBe(10);
  expect(effectiveSamples(10, 50)).toBe(2);
  expect(effectiveSamples(0, 0)).toBe(0);
});
