/** Which functions of a comparison are listed, and in what order. Pure. */
import type { Diff } from '../../../src/views/diffTree.js';

export const filters = ['all', 'more', 'less', 'onlyA', 'onlyB'] as const;
export type Filter = (typeof filters)[number];

/** Aligned indices, plus one more for samples without a function, if there are any. */
export function diffRows(diff: Diff, filter: Filter): number[] {
  const { functions, self, total } = diff;
  const rows: number[] = [];
  for (let i = 0; i < self.length; i++) {
    const all = [self.weightA, self.weightB, total.weightA, total.weightB];
    const costs = all.some((weights) => (weights[i] ?? 0) > 0);
    if (costs && (filter === 'all' || (i < functions.length && passes(diff, filter, i)))) rows.push(i);
  }
  // Significant differences first, the largest on top; noise follows, so that it cannot be mistaken for a change.
  const size = (i: number): number => Math.abs(self.delta[i] ?? 0);
  const changed = (i: number): number => Math.abs(self.verdict[i] ?? 0);
  return rows.sort((x, y) => changed(y) - changed(x) || size(y) - size(x) || x - y);
}

function passes(diff: Diff, filter: Exclude<Filter, 'all'>, i: number): boolean {
  if (filter === 'more') return diff.self.verdict[i] === 1;
  if (filter === 'less') return diff.self.verdict[i] === -1;
  return onlySide(diff, i) === (filter === 'onlyA' ? 'A' : 'B');
}

/** The only side that has samples of the function; empty if both have. */
export function onlySide({ total }: Diff, i: number): 'A' | 'B' | '' {
  const inA = (total.weightA[i] ?? 0) > 0;
  const inB = (total.weightB[i] ?? 0) > 0;
  return inA === inB ? '' : inA ? 'A' : 'B';
}
