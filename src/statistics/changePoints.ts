import { SeededOrder } from './random.js';

/** Below this, a change can't be told from the ups and downs of a machine. */
export const fewestForChangePoints = 30;
/** Values on each side of a change: a single odd run is none. */
const shortest = 5;
const permutations = 999;

export interface ChangePoint {
  /** Index of the first value after the change. */
  readonly at: number;
  /** Of the permutation test: the share of random orders in which a split is as clear. */
  readonly p: number;
}

/**
 * Where the distribution of values changes: E-divisive means (Matteson & James 2014, J. Am. Stat. Assoc. 109:334), with the
 * energy statistic of exponent 1 and splits of whole segments, as performance tracking uses it (Daly et al. 2020, ICPE). The
 * clearest split is kept if at most `level` of 999 random orders have one as clear; then both sides are searched.
 * The default level is strict, since a history is read again after every run.
 *
 * Needs `fewestForChangePoints` values, or finds nothing. O(1000 n²) for each segment.
 * @param values in the order of time
 */
export function changePoints(values: readonly number[], level = 0.001, seed = 1): ChangePoint[] {
  if (values.length < fewestForChangePoints) return [];
  const order = new SeededOrder(seed);
  const search = (from: number, to: number): ChangePoint[] => {
    const segment = values.slice(from, to);
    const split = clearestSplit(segment);
    if (!split) return [];
    let asClear = 0;
    for (let i = 0; i < permutations; i++) {
      const shuffled = order.next(segment.length).map((k) => segment[k] as number);
      if ((clearestSplit(shuffled)?.energy ?? 0) >= split.energy) asClear++;
    }
    const p = (asClear + 1) / (permutations + 1);
    if (p > level) return [];
    const at = from + split.at;
    return [...search(from, at), { at, p }, ...search(at, to)];
  };
  return search(0, values.length);
}

/**
 * The split whose sides are furthest apart by the energy distance of their values, scaled by mn/(m+n). As values move from the
 * right side to the left one by one, the three sums of distances change by a row of distances: O(n²) in all.
 */
function clearestSplit(values: readonly number[]): { at: number; energy: number } | undefined {
  const n = values.length;
  let [left, right, across] = [0, 0, 0];
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) right += Math.abs((values[i] as number) - (values[j] as number));
  let best: { at: number; energy: number } | undefined;
  for (let at = 1; at <= n - shortest; at++) {
    const moved = values[at - 1] as number;
    let [toLeft, toRight] = [0, 0];
    for (let i = 0; i < at - 1; i++) toLeft += Math.abs(moved - (values[i] as number));
    for (let i = at; i < n; i++) toRight += Math.abs(moved - (values[i] as number));
    left += toLeft;
    right -= toRight;
    across += toRight - toLeft;
    if (at < shortest) continue;
    const m = n - at;
    const energy =
      ((at * m) / n) * ((2 * across) / (at * m) - (2 * left) / (at * (at - 1)) - (2 * right) / (m * (m - 1)));
    if (!best || energy > best.energy) best = { at, energy };
  }
  return best;
}
