/**
 * The axis of the time order. Frames are as wide as their weight, as in every other view, so that widths add up; the
 * axis shows the time at each position. It is not linear: a period without samples has no width, and is marked as a
 * pause with its length. Pure. Cost: number of labels times the logarithm of the samples.
 */
import type { Range } from '../graph/layout.js';
import { multiples, niceStep, timeLabel } from '../text/times.js';

/** The part of `TimeOrder` that the axis needs. */
export interface TimedOrder {
  readonly stretches: readonly { readonly first: number; readonly end: number }[];
  timeAt(position: number): number;
  weightBefore(position: number): number;
  positionOf(weight: number): number;
  firstSince(stretch: { readonly first: number; readonly end: number }, seconds: number): number;
}

export interface OrderAxis {
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** `labeled` if there is room for its length. */
  readonly pauses: readonly { readonly x: number; readonly seconds: number; readonly labeled: boolean }[];
  /** Where the row of another thread begins, and time restarts. */
  readonly starts: readonly number[];
}

/** Width in pixels of a label, and of a pause with its length. */
const labelWidth = 60;
const pauseWidth = 92;
/** Pixels between labels, and the narrowest row of a thread that has labels. */
const labelDistance = 84;
const minWidth = 60;
/** Probes between two labels, and how many of them without a sample make a pause. */
const parts = 10;
const minPauseParts = 4;
/** Tolerance, as a share of a step, for a label just before the first sample. */
const labelTolerance = 0.04;
/** More rows of threads than this are indistinguishable on any screen. */
const maxStretches = 2000;

export function orderAxis(order: TimedOrder, range: Range, width: number): OrderAxis {
  const ticks: { x: number; label: string }[] = [];
  const pauses: { x: number; seconds: number; labeled: boolean }[] = [];
  const starts: number[] = [];
  const scale = range.to > range.from ? width / (range.to - range.from) : 0;
  const { stretches } = order;
  if (scale === 0 || stretches.length > maxStretches) return { ticks, pauses, starts };
  for (const stretch of stretches) {
    const xOf = (position: number): number => (order.weightBefore(position) - range.from) * scale;
    const [left, right] = [Math.max(0, xOf(stretch.first)), Math.min(width, xOf(stretch.end))];
    if (right <= left) continue;
    if (xOf(stretch.first) > 0) starts.push(left);
    if (right - left < minWidth) continue;
    const first = Math.max(stretch.first, order.positionOf(range.from));
    const last = Math.min(stretch.end - 1, Math.max(first, order.positionOf(range.to)));
    const [from, to] = [order.timeAt(first), order.timeAt(last)];
    if (!(to > from)) continue;
    const step = niceStep(((to - from) * labelDistance) / (right - left));
    const taken: { readonly from: number; readonly to: number }[] = [];
    let before = -1;
    for (const time of multiples(from, to, step / parts)) {
      const at = order.firstSince(stretch, time);
      // No sample between the two times: the whole pause lies before the sample that ends it.
      if (at === before && at > first && at < stretch.end) {
        const x = xOf(at);
        const seconds = order.timeAt(at) - order.timeAt(at - 1);
        const last = taken.at(-1);
        if (x !== last?.from && seconds >= (step / parts) * minPauseParts) {
          const labeled = (last === undefined || x >= last.to) && x + pauseWidth <= right;
          pauses.push({ x, seconds, labeled });
          taken.push({ from: x, to: x + (labeled ? pauseWidth : 8) });
        }
      }
      before = at;
    }
    let free = left;
    // A round time just before the first sample gets a label.
    for (const seconds of multiples(from - step * labelTolerance, to, step)) {
      const at = order.firstSince(stretch, seconds);
      if (at >= stretch.end) continue;
      const x = Math.max(left, xOf(at));
      const end = x + labelWidth;
      if (x < free || end > right || taken.some((pause) => pause.from < end && x < pause.to)) continue;
      ticks.push({ x, label: timeLabel(seconds, step, to) });
      free = end;
    }
  }
  return { ticks, pauses, starts };
}
