import { describe, expect, it } from 'vitest';
import type { EventProfile } from '../../../src/model/profile.js';
import { buildCallTree } from '../../../src/views/callTree.js';
import { figureOf } from '../../../src/vscode/annotations/figure.js';
import type { ShownRun } from '../../../src/vscode/runs/shown/shownRun.js';
import { foldedProfile } from '../support/fixtures.js';

/** A run of one event, of four seconds if it is a clock. */
function runOf(event: EventProfile['event'], instructionsPerOp?: number): ShownRun {
  const profile = { ...foldedProfile('main;work 4000000000'), event };
  const stat = instructionsPerOp === undefined ? null : { derived: { instructionsPerOp } };
  return { samples: { profile, tree: buildCallTree(profile) }, run: { stat } } as unknown as ShownRun;
}

const half = { percent: 50, samples: 1234 };

describe('figures in the source', () => {
  it.each([
    ['percent', { name: 'cycles:u' }, '50.0%'],
    ['samples', { name: 'cycles:u' }, '1,234 samples'],
    ['time', { name: 'cpu-clock:u' }, '2.00 s'],
    ['time', { name: 'cpu', unit: 'microseconds' }, '2,000 s'],
    // What the run hasn't got is in percent.
    ['time', { name: 'cycles:u' }, '50.0%'],
    ['samples', { name: 'Ir', exact: true }, '50.0%'],
    ['perOperation', { name: 'cycles:u' }, '50.0%'],
  ] as const)('in %s of %o are %s', (unit, event, text) => {
    expect(figureOf(runOf(event, 80), unit)(half)).toBe(text);
  });

  it('are instructions per operation where these were counted', () => {
    const event = { name: 'Ir', exact: true };
    expect(figureOf(runOf(event, 80), 'perOperation')(half)).toBe('40.0 instructions/op');
    expect(figureOf(runOf(event), 'perOperation')(half)).toBe('50.0%');
    expect(figureOf(runOf({ name: 'cycles' }), 'samples')({ percent: 1, samples: 1 })).toBe('1 sample');
  });
});
