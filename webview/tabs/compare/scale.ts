/** The colors of differences. Pure. */
import { differenceColors, type CategoryColors, type Rgb } from '../../ui/palette.js';

/** Bounds between the steps, in shares of the whole of A: half a point, two points. */
export const stepBounds = [0.005, 0.02] as const;
const steps = stepBounds.length + 1;

/** Slots: less, strongest first; within noise; more, strongest last; nodes without a function. */
export const noiseSlot = steps;
export const neutralSlot = 2 * steps + 1;

/** @param relative the difference as a share of the whole of A; @param verdict of the test */
export function slotOfDifference(relative: number, verdict: number): number {
  if (verdict === 0) return noiseSlot;
  const size = Math.abs(relative);
  const step = 1 + stepBounds.filter((bound) => size >= bound).length;
  return noiseSlot + Math.sign(verdict) * step;
}

/**
 * Blue for less and red-orange for more: the inner steps of Paul Tol's diverging scheme "BuRd", which is distinct under
 * the common color-vision deficiencies and light enough for dark labels. Signs in the table say the same.
 */
const less: readonly Rgb[] = [
  [0x43, 0x93, 0xc3],
  [0x92, 0xc5, 0xde],
  [0xd1, 0xe5, 0xf0],
];
const more: readonly Rgb[] = [
  [0xfd, 0xdb, 0xc7],
  [0xf4, 0xa5, 0x82],
  [0xd6, 0x60, 0x4d],
];

export function scaleColors(background: Rgb, foreground: Rgb): CategoryColors[] {
  return differenceColors(less, more, background, foreground);
}
