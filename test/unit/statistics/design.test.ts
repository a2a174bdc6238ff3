import { describe, expect, it } from 'vitest';
import { designOf, interaction, mainEffect } from '../../../src/statistics/design.js';

describe('designs', () => {
  it('take every combination of up to four factors', () => {
    expect(designOf([2, 3])).toEqual([
      [0, 0],
      [0, 1],
      [0, 2],
      [1, 0],
      [1, 1],
      [1, 2],
    ]);
    expect(designOf([2, 2, 2, 2])).toHaveLength(16);
  });

  it.each([5, 7, 8, 11, 12, 19, 20, 23])('of %i factors are balanced and orthogonal', (factors) => {
    const cells = designOf(Array.from({ length: factors }, () => 2));
    expect(cells.length).toBeLessThanOrEqual(48);
    for (let a = 0; a < factors; a++) {
      expect(cells.filter((cell) => cell[a] === 1)).toHaveLength(cells.length / 2);
      for (let b = 0; b < a; b++)
        expect(cells.filter((cell) => cell[a] === 1 && cell[b] === 1)).toHaveLength(cells.length / 4);
    }
  });

  it('keep main effects clear of interactions of two factors', () => {
    const cells = designOf(Array.from({ length: 6 }, () => 2));
    const values = cells.map((cell) => 5 * (cell[0] ?? 0) + 3 * (cell[1] ? 1 : -1) * (cell[2] ? 1 : -1));
    expect(mainEffect(cells, values, 0, 1)).toBeCloseTo(5, 9);
    for (const factor of [1, 2, 3, 4, 5]) expect(mainEffect(cells, values, factor, 1)).toBeCloseTo(0, 9);
  });

  it('separate main effects from an interaction', () => {
    const cells = designOf([2, 2]);
    const values = cells.map(([a = 0, b = 0]) => 2 * a + b + 4 * a * b);
    expect(mainEffect(cells, values, 0, 1)).toBe(4);
    expect(interaction(cells, values, 0, 1)).toBe(2);
  });

  it('refuse what they have no cells for', () => {
    expect(() => designOf([2, 2, 2, 2, 3])).toThrow(RangeError);
    expect(() => designOf(Array.from({ length: 24 }, () => 2))).toThrow(RangeError);
  });
});
