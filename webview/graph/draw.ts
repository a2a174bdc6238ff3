/** Paints the visible rows of a layout on a 2D canvas. Knows nothing of events and state. */
import { drawLabel, LabelWidths, minTextWidth } from './labels.js';
import { RowFills } from './rowFills.js';
import type { FlameScene, FlameViewport } from './scene.js';

/** Caches that outlive one drawing. */
export class Brushes {
  readonly labels = new LabelWidths();
  readonly fills = new RowFills();
}

/** Cost: proportional to one line of pixels per row and to the labels, not to the number of rectangles. */
export function drawFlame(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  viewport: FlameViewport,
  { labels, fills }: Brushes,
): void {
  const { layout } = scene;
  const ratio = viewport.pixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = scene.background;
  context.fillRect(0, 0, viewport.width, viewport.height);
  const firstRow = Math.max(0, scene.rows.first);
  const endRow = Math.min(layout.rows, scene.rows.end);
  if (firstRow >= endRow) return;

  const slots = slotsOf(scene, firstRow, endRow);
  const colors = [...scene.slots.map(({ fill }) => fill), ...scene.slots.map(({ dimFill }) => dimFill)];
  fills.draw(context, scene, viewport, { firstRow, endRow }, slots, colors);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = scene.font;
  context.textBaseline = 'middle';
  const textColors = [...scene.slots.map(({ text }) => text), ...scene.slots.map(({ dimText }) => dimText)];
  const first = layout.rowStart[firstRow] ?? 0;
  for (let row = firstRow; row < endRow; row++) {
    const top = scene.topOf(row) - viewport.scrollTop;
    const end = layout.rowStart[row + 1] ?? 0;
    for (let i = layout.rowStart[row] ?? 0; i < end; i++) {
      if ((layout.width[i] ?? 0) < minTextWidth) continue;
      context.fillStyle = textColors[slots[i - first] ?? 0] ?? scene.background;
      drawLabel(context, scene, i, top, labels);
    }
  }
  if (scene.selectedFunction >= 0) outlineFunction(context, scene, viewport, firstRow, endRow);
}

/** Color slot of each rectangle in the rows; dimmed slots follow the plain ones. */
function slotsOf(scene: FlameScene, firstRow: number, endRow: number): Int32Array {
  const { layout, func, found } = scene;
  const from = layout.rowStart[firstRow] ?? 0;
  const colors = scene.slots.length;
  const slots = new Int32Array((layout.rowStart[endRow] ?? 0) - from);
  for (let k = 0; k < slots.length; k++) {
    const node = layout.node[from + k] ?? -1;
    const f = node >= 0 ? func(node) : -1;
    const base = f < 0 ? colors - 1 : scene.slotOf(f);
    const plain = found === undefined || found[f] === 1 || (f < 0 && node >= 0);
    slots[k] = plain ? base : base + colors;
  }
  return slots;
}

function outlineFunction(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  viewport: FlameViewport,
  firstRow: number,
  endRow: number,
): void {
  const { layout } = scene;
  context.lineWidth = 2;
  context.strokeStyle = scene.slots[scene.slotOf(scene.selectedFunction)]?.text ?? scene.background;
  for (let row = firstRow; row < endRow; row++) {
    const top = scene.topOf(row) - viewport.scrollTop;
    const end = layout.rowStart[row + 1] ?? 0;
    for (let i = layout.rowStart[row] ?? 0; i < end; i++) {
      const node = layout.node[i] ?? -1;
      const width = layout.width[i] ?? 0;
      if (width < 4 || node < 0 || scene.func(node) !== scene.selectedFunction) continue;
      context.strokeRect((layout.x[i] ?? 0) + 1, top + 1, width - 3, scene.rowHeight - 3);
    }
  }
}
