import { describe, expect, it } from 'vitest';
import { changePoints, fewestForChangePoints } from '../../../src/statistics/changePoints.js';
import { mostOf, pairsOf } from './noise.js';

/** Independent of each other, from any of the machines. */
function noise(machine: string, seed: number, length: number): number[] {
  const next = pairsOf(machine, 0, seed);
  return Array.from({ length }, next);
}

describe('change points', () => {
  it.each(['normal', 'spiky', 'bimodal'])(
    'are seldom found where nothing changed: %s',
    (machine) => {
      const trials = 150;
      let wrong = 0;
      // A level of 5%, since one of 0.1% could not be told from 0 with so few trials.
      for (let seed = 1; seed <= trials; seed++)
        if (changePoints(noise(machine, seed, 40), 0.05, seed).length > 0) wrong++;
      expect(wrong).toBeLessThanOrEqual(mostOf(trials, 0.05));
    },
    60_000,
  );

  it('are where the values change, all of them', () => {
    const values = noise('normal', 3, 90).map((value, i) => value + (i < 30 ? 0 : i < 60 ? 0.2 : 0.05));
    expect(changePoints(values).map(({ at }) => at)).toEqual([30, 60]);
  });

  it('are never a single odd run, nor found among too few', () => {
    const values = noise('normal', 5, 60);
    values[30] = 3;
    expect(changePoints(values)).toEqual([]);
    const few = Array.from({ length: fewestForChangePoints - 1 }, (_, i) => (i < 15 ? 0 : 1));
    expect(changePoints(few)).toEqual([]);
    expect(changePoints([...few, 1])).toEqual([{ at: 15, p: 0.001 }]);
  });
});
