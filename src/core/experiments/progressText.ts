import type { PairProgress } from './pairs.js';
import type { Bounds } from '../../statistics/confidenceSequence.js';
import { duration, plural, signed, percent } from '../../text/numbers.js';

/** `12 pairs, B is −3.1% to +0.4% as fast as A…` for the progress of a comparison. */
export function pairProgressText({ pairs, bounds, secondsLeft }: PairProgress): string {
  const left = `${duration(Math.max(0, secondsLeft))} left`;
  if (!Number.isFinite(bounds.low) || !Number.isFinite(bounds.high))
    return `${plural(pairs.length, 'pair')}, ${left}…`;
  return `${plural(pairs.length, 'pair')}, speed of B ${changeRange(bounds)} of A, ${left}…`;
}

/** `−3.10% to +0.40%`, of logarithms of ratios. */
export function changeRange({ low, high }: Bounds): string {
  return `${change(Math.exp(low))} to ${change(Math.exp(high))}`;
}

/** `−3.10%`, of a ratio. */
export function change(ratio: number): string {
  return signed(ratio - 1, percent);
}
