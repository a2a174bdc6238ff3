import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { medianInterval } from '../../../src/statistics/medianInterval.js';

describe('the median and its interval', () => {
  it('follow the order statistics of the sign test', () => {
    expect(medianInterval([3, 1, 2])).toEqual({ median: 2, ci95: [1, 3], samples: [3, 1, 2] });
    expect(medianInterval([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).ci95).toEqual([2, 9]);
    const twenty = Array.from({ length: 20 }, (_, i) => i + 1);
    expect(medianInterval(twenty).ci95).toEqual([6, 15]);
  });

  it('bracket the median and stay in the range', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 1, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 }),
        (samples) => {
          const { median, ci95 } = medianInterval(samples);
          expect(ci95[0]).toBeLessThanOrEqual(median);
          expect(ci95[1]).toBeGreaterThanOrEqual(median);
          expect(ci95[0]).toBeGreaterThanOrEqual(Math.min(...samples));
          expect(ci95[1]).toBeLessThanOrEqual(Math.max(...samples));
        },
      ),
    );
  });

  it('cover the true median about as often as they claim', () => {
    // A fixed linear congruential sequence: the same numbers, and so the same coverage, every time.
    let state = 12345;
    const uniform = () => (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
    let covered = 0;
    const trials = 2000;
    for (let t = 0; t < trials; t++) {
      const { ci95 } = medianInterval(Array.from({ length: 15 }, uniform));
      if (ci95[0] <= 0.5 && ci95[1] >= 0.5) covered++;
    }
    expect(covered / trials).toBeGreaterThan(0.94);
    expect(covered / trials).toBeLessThan(0.99);
  });
});
