import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adjustedPValues, rateDifferenceP, twoSidedP } from '../../../src/statistics/significance.js';

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

describe('rates', () => {
  it('are compared by the exact binomial test', () => {
    // Twice the binomial tails P(X <= 1; 11, 1/2) = 12 / 2^11 and P(X <= 2; 12, 1/3).
    expect(rateDifferenceP(1, 100, 10, 100)).toBeCloseTo(0.01171875, 10);
    expect(rateDifferenceP(2, 100, 10, 200)).toBeCloseTo(2 * 0.18112288, 6);
    expect(rateDifferenceP(5, 100, 6, 100)).toBe(1);
    expect(rateDifferenceP(0, 100, 0, 100)).toBe(1);
  });

  it('find one more sample insignificant', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1000 }), (x) => {
        expect(rateDifferenceP(x, 5000, x + 1, 5000)).toBeGreaterThan(0.5);
      }),
    );
  });

  it('do not depend on which is first', () => {
    const count = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(count, count, (x, y) => {
        expect(rateDifferenceP(x, 300, y, 700)).toBeCloseTo(rateDifferenceP(y, 700, x, 300), 12);
      }),
    );
  });
});

describe('many tests', () => {
  it('are adjusted as Benjamini and Hochberg do', () => {
    // Sorted: 0.005 x 5, 0.01 x 5/2, 0.03 x 5/3 -> 0.04 x 5/4, 0.5.
    const q = adjustedPValues(Float64Array.of(0.01, 0.04, 0.03, 0.005, 0.5));
    [0.025, 0.05, 0.05, 0.025, 0.5].forEach((expected, i) => expect(q[i]).toBeCloseTo(expected, 12));
  });

  it('never make a test stronger, and keep the order', () => {
    const p = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 50 });
    fc.assert(
      fc.property(p, (values) => {
        const q = adjustedPValues(Float64Array.from(values));
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
