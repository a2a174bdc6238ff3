import { describe, expect, it } from 'vitest';
import { presetDeadOptions } from '../../../src/core/experiments/presetDeadOptions.js';
import { madeMatrix } from '../support/experiments.js';

/** By cell; the last of its three options is DEAD, of which the program says that nobody reads it. */
const instructions = (change: (cell: number) => number) =>
  Array.from({ length: 8 }, (_, cell) => 100 * (1 + change(cell)));

describe('an option without effect', () => {
  it('changes the instructions of an operation by less than a thousandth', () => {
    const { dead, notes } = madeMatrix(instructions((cell) => (cell & 1 ? 0.0009 : 0)));
    expect(dead.map(({ name }) => name)).toEqual(['DEAD']);
    expect(dead[0]?.instructionsDiffer).toBeCloseTo(0.0009, 6);
    expect(notes).toEqual([]);
  });

  it('is named as contradicted where one combination executes more instructions', () => {
    const { dead, notes } = madeMatrix(instructions((cell) => (cell === 5 ? 0.002 : 0)));
    expect(dead).toEqual([]);
    expect(notes.join()).toMatch(/says that DEAD has no effect \(nobody reads it\).*up to 0\.2/);
  });

  it('is found where the others change the instructions', () => {
    const { dead } = madeMatrix(instructions((cell) => (cell >> 1) / 10));
    expect(dead.map(({ name, instructionsDiffer }) => [name, instructionsDiffer])).toEqual([['DEAD', 0]]);
  });

  it('is found by its speed and the word of the program where instructions are not counted', () => {
    const { dead } = madeMatrix(null);
    expect(dead).toMatchObject([{ name: 'DEAD', instructionsDiffer: null }]);
  });
});

describe('the variables of a preset', () => {
  const { reasons, ...matrix } = madeMatrix();
  // As of a route: only where ALSO is on.
  const partly = { ...matrix, reasons: reasons.map((one, cell) => ((cell >> 1) & 1 ? one : {})) };

  it('have no effect where they have none in every combination that the preset may be', () => {
    const names = (environment: Record<string, string>) => [
      ...presetDeadOptions([partly], environment).keys(),
    ];
    expect(names({ DEAD: '1', ALSO: '1' })).toEqual(['DEAD']);
    expect(names({ DEAD: '1', ALSO: '0' })).toEqual([]);
    expect(names({ DEAD: '1' })).toEqual([]);
    expect(names({ FAST: '1' })).toEqual([]);
    expect(names({ DEAD: 'another value', ALSO: '1' })).toEqual([]);
  });

  it('are judged by the newest matrix that has them', () => {
    const later = { ...partly, dead: [] };
    expect(presetDeadOptions([partly, later], { DEAD: '1', ALSO: '1' }).size).toBe(0);
    const environment = { DEAD: '1', ALSO: '1' };
    expect(presetDeadOptions([later, partly], environment).get('DEAD')).toEqual({
      reason: 'nobody reads it',
      matrix: 'flags',
    });
  });
});
