import { describe, expect, it } from 'vitest';
import { Classifier } from '../../../src/core/categories/classifier.js';
import { ProfileBuilder } from '../../../src/model/builder.js';
import {
  chosenSamples,
  isWhole,
  sameChoice,
  wholeProfile,
} from '../../../src/vscode/runs/shown/selection.js';
import { SourceCosts } from '../../../src/vscode/runs/shown/sourceCosts.js';

/** Two events and two threads, each sample in a line of its own. */
const builder = new ProfileBuilder();
const threads = [1, 2].map((tid) => builder.thread(1, tid, new Map([[1, `t${tid}`]])));
const work = builder.func({ name: 'work', module: '/bin/p', file: '/a.c', line: 1 });
[0, 1, 0, 1].forEach((thread, i) => {
  const stack = builder.stack(-1, builder.frame(work, '/a.c', 10 + i, false));
  builder.sample(stack, threads[thread] as number, i, 1, i === 3 ? 1 : 0);
});
const recorded = builder.finish([{ name: 'cycles' }, { name: 'page-faults' }], []);

const classifier = new Classifier([{ name: 'Work', rules: [{ symbol: '^work$' }] }]);

const linesOf = (choice: Partial<typeof wholeProfile>) => {
  const chosen = chosenSamples(recorded, { ...wholeProfile, ...choice }, classifier);
  return new SourceCosts(chosen, classifier)
    .ofFile('/a.c')
    .flatMap(({ line, cost }) => (cost ? [[line, Math.round(cost.selfPercent)]] : []));
};

describe('the samples that are chosen in the panel', () => {
  it('are all of the first event at first', () => {
    expect(linesOf({})).toEqual([
      [10, 33],
      [11, 33],
      [12, 33],
    ]);
    expect(isWhole(wholeProfile)).toBe(true);
  });

  it('are of an event, of threads, and of a time, and their shares are of these alone', () => {
    expect(linesOf({ event: 1 })).toEqual([[13, 100]]);
    expect(linesOf({ threads: [0] })).toEqual([
      [10, 50],
      [12, 50],
    ]);
    expect(linesOf({ time: { from: 1, to: 2 } })).toEqual([[11, 100]]);
    expect(linesOf({ threads: [0], time: { from: 1, to: 2 } })).toEqual([]);
    // An event of another profile.
    expect(linesOf({ event: 7 })).toHaveLength(3);
  });

  it('are of functions of categories and modules', () => {
    expect(linesOf({ categories: ['Work'] })).toHaveLength(3);
    expect(linesOf({ categories: ['Other'] })).toEqual([]);
    expect(linesOf({ modules: ['/bin/p'], threads: [0] })).toHaveLength(2);
    expect(linesOf({ categories: ['Work'], modules: ['/bin/q'] })).toEqual([]);
  });

  it('are compared by what they say', () => {
    expect(sameChoice({ ...wholeProfile, threads: [1] }, { ...wholeProfile, threads: [1] })).toBe(true);
    expect(sameChoice(wholeProfile, { ...wholeProfile, time: { from: 0, to: 1 } })).toBe(false);
  });
});
