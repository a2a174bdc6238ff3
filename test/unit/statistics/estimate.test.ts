import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  difference,
  effectiveSamples,
  exactly,
  falseDiscoveryRates,
  product,
  proportion,
  ratesP,
  twoSidedP,
} from '../../../src/statistics/estimate.js';

describe('the normal distribution', () => {
  // As Python computes math.erfc(z / sqrt 2).
  it.each([
    [0, 1],
    [0.5, 0.6170750774519738],
    [1.959963984540054, 0.05],
    [2.5, 0.012419330651552278],
    [2.9, 0.003731626600768077],
    [5, 5.733031437583892e-7],
    [10, 1.5239706048321186e-23],
  ])('gives the tail beyond %d', (z, p) => {
    expect(twoSidedP(z) / p).toBeCloseTo(1, 9);
    expect(twoSidedP(-z)).toBe(twoSidedP(z));
  });
});

describe('proportions', () => {
  it('have the intervals that Newcombe 1998 prints', () => {
    // Table I of Statistics in Medicine 17:857, method 3: 81/263, 15/148, 0/20, 1/29.
    for (const [x, n, low, high] of [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const) {
      const interval = proportion(x / n, n);
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
      const interval = difference(proportion(y / m, m), proportion(x / n, n));
      expect(interval.low).toBeCloseTo(low, 4);
      expect(interval.high).toBeCloseTo(high, 4);
    }
  });

  it('of nothing are unknown', () => {
    expect(proportion(0, 0)).toEqual({ value: 0, low: 0, high: 1 });
  });

  it('keep the estimate inside the interval', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 1, max: 1e6 }), (p, n) => {
        const { low, high } = proportion(p, n);
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
    expect(product(exactly(3), exactly(4))).toEqual(exactly(12));
  });

  it('are as wide as the uncertain factor alone', () => {
    expect(product({ value: 2, low: 1, high: 4 }, exactly(10))).toEqual({ value: 20, low: 10, high: 40 });
  });
});

describe('rates', () => {
  it('are compared by the exact binomial test', () => {
    // Twice the binomial tails P(X <= 1; 11, 1/2) = 12 / 2^11 and P(X <= 2; 12, 1/3).
    expect(ratesP(1, 100, 10, 100)).toBeCloseTo(0.01171875, 10);
    expect(ratesP(2, 100, 10, 200)).toBeCloseTo(2 * 0.18112288, 6);
    expect(ratesP(5, 100, 6, 100)).toBe(1);
    expect(ratesP(0, 100, 0, 100)).toBe(1);
  });

  it('find one sample more to be no news', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (x) => {
        expect(ratesP(x, 5000, x + 1, 5000)).toBeGreaterThan(0.5);
      }),
    );
  });

  it('do not depend on which is first', () => {
    const count = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(count, count, (x, y) => {
        expect(ratesP(x, 300, y, 700)).toBeCloseTo(ratesP(y, 700, x, 300), 12);
      }),
    );
  });
});

describe('many tests', () => {
  it('are adjusted as Benjamini and Hochberg do', () => {
    // Sorted: 0.005 x 5, 0.01 x 5/2, 0.03 x 5/3 -> 0.04 x 5/4, 0.5.
    const q = falseDiscoveryRates(Float64Array.of(0.01, 0.04, 0.03, 0.005, 0.5));
    [0.025, 0.05, 0.05, 0.025, 0.5].forEach((expected, i) => expect(q[i]).toBeCloseTo(expected, 12));
  });

  it('never make a test stronger, and keep the order', () => {
    const p = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(p, (values) => {
        const q = falseDiscoveryRates(Float64Array.from(values));
        values.forEach((value, i) => {
          expect(q[i]).toBeGreaterThanOrEqual(value);
          values.forEach((other, j) => {
            if (value < other) expect(q[i]).toBeLessThanOrEqual(q[j] as number);
          });
        });
      }),
    );
  });
});

it('counts unequal periods as fewer samples', () => {
  expect(effectiveSamples(10, 10)).toBe(10);
  expect(effectiveSamples(10, 50)).toBe(2);
  expect(effectiveSamples(0, 0)).toBe(0);
});
