/** Which functions of a comparison are listed, and in what order: pure. */
import type { Diff } from '../../../src/views/diffTree.js';

export const filters = ['all', 'more', 'less', 'onlyA', 'onlyB'] as const;
export type Filter = (typeof filters)[number];

export const filterLabels: Readonly<Record<Filter, string>> = {
  all: 'All functions',
  more: 'More in B, significant',
  less: 'Less in B, significant',
  onlyA: 'Only in A',
  onlyB: 'Only in B',
};

/** Aligned indices, and after the last function the samples without one, where there are any. */
export function diffRows(diff: Diff, filter: Filter): number[] {
  const { functions, self, total } = diff;
  const rows: number[] = [];
  for (let i = 0; i < self.length; i++) {
    const all = [self.weightA, self.weightB, total.weightA, total.weightB];
    const costs = all.some((weights) => (weights[i] ?? 0) > 0);
    if (costs && (filter === 'all' || (i < functions.length && passes(diff, filter, i)))) rows.push(i);
  }
  // What is believed comes first, the largest on top; noise after it, so that it cannot be mistaken for news.
  const size = (i: number): number => Math.abs(self.delta[i] ?? 0);
  const news = (i: number): number => Math.abs(self.verdict[i] ?? 0);
  return rows.sort((x, y) => news(y) - news(x) || size(y) - size(x) || x - y);
}

function passes(diff: Diff, filter: Exclude<Filter, 'all'>, i: number): boolean {
  if (filter === 'more') return diff.self.verdict[i] === 1;
  if (filter === 'less') return diff.self.verdict[i] === -1;
  return onlySide(diff, i) === (filter === 'onlyA' ? 'A' : 'B');
}

/** The one side that has samples of the function; empty where both have. */
export function onlySide({ total }: Diff, i: number): 'A' | 'B' | '' {
  const inA = (total.weightA[i] ?? 0) > 0;
  const inB = (total.weightB[i] ?? 0) > 0;
  return inA === inB ? '' : inA ? 'A' : 'B';
}

export function verdictText(verdict: number): string {
  return verdict === 0 ? 'within noise' : verdict > 0 ? 'more in B' : 'less in B';
}
