/**
 * Fills the strips of the time order: samples too narrow to draw as frames still have colors. Each pixel column shows
 * the stack of the sample taken there. Pure, except for the painting. Cost: pixels of the width times visible rows.
 */
import type { TimeOrder } from '../../src/views/timeOrder.js';
import { parseColor } from '../ui/palette.js';
import type { FlameScene, FlameViewport } from './scene.js';
import type { FlameLayout } from './layout.js';

/** Slots by row and pixel column, plus one; 0 where there is nothing. */
interface Texture {
  readonly width: number;
  readonly first: number;
  readonly rows: number;
  readonly slots: Uint8Array;
}

/** @param ratio device pixels per CSS pixel; @param slotOf a function's color */
export function stripTexture(
  order: Pick<TimeOrder, 'positionOf' | 'stackAt'>,
  layout: FlameLayout,
  seen: { readonly first: number; readonly end: number },
  ratio: number,
  slotOf: (func: number) => number,
): Texture {
  const first = Math.max(0, seen.first);
  const rows = Math.max(0, seen.end - first);
  const span = (layout.range.to - layout.range.from) * layout.scale;
  const width = Math.round(span * ratio);
  const slots = new Uint8Array(width * rows);
  for (let row = 0; row < layout.rows; row++) {
    for (let i = layout.rowStart[row] ?? 0; i < (layout.rowStart[row + 1] ?? 0); i++) {
      if ((layout.node[i] ?? 0) >= 0) continue;
      const from = Math.round((layout.x[i] ?? 0) * ratio);
      const to = Math.min(width, Math.round(((layout.x[i] ?? 0) + (layout.width[i] ?? 0)) * ratio));
      for (let column = from; column < to; column++) {
        const weight = layout.range.from + (column + 0.5) / ratio / layout.scale;
        order.stackAt(order.positionOf(weight), row, (depth, func) => {
          const at = depth - first;
          if (at >= 0 && at < rows && func >= 0) slots[at * width + column] = slotOf(func) + 1;
        });
      }
    }
  }
  return { width, first, rows, slots };
}

let scratch: OffscreenCanvas | undefined;

/** One line of pixels per row, stretched to the row's height. */
export function paintTexture(
  context: CanvasRenderingContext2D,
  { width, first, rows, slots }: Texture,
  scene: FlameScene,
  viewport: FlameViewport,
): void {
  scratch ??= new OffscreenCanvas(1, 1);
  const line = scratch.getContext('2d');
  if (line === null || width === 0 || rows === 0) return;
  const fills = scene.slots.flatMap(({ fill, dimFill }) => [parseColor(fill), parseColor(dimFill)]);
  scratch.width = width;
  scratch.height = rows;
  const image = line.createImageData(width, rows);
  for (let i = 0; i < slots.length; i++) {
    const slot = slots[i] as number;
    if (slot === 0) continue;
    const color = fills[slot - 1];
    image.data.set(color ?? [0, 0, 0], i * 4);
    image.data[i * 4 + 3] = 255;
  }
  line.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = false;
  const wide = width / viewport.pixelRatio;
  for (let row = 0; row < rows; row++) {
    const top = scene.topOf(first + row) - viewport.scrollTop;
    context.drawImage(scratch, 0, row, width, 1, 0, top, wide, scene.rowHeight - 1);
  }
}
