/** Paints the visible rows of a layout on a 2D canvas. Knows nothing of events and state. */
import type { CategoryColours } from '../palette.js';
import type { FlameLayout } from './layout.js';

export interface FlameScene {
  readonly layout: FlameLayout;
  /** Function of a node; negative for the root and for threads. */
  readonly func: (node: number) => number;
  /** The upper edge of a row, before scrolling. */
  readonly topOf: (row: number) => number;
  readonly rows: { readonly first: number; readonly end: number };
  /** Colour slots; the last is for what is no function. */
  readonly slots: readonly CategoryColours[];
  readonly slotOf: (func: number) => number;
  /** What to write on a rectangle of the layout. */
  readonly labelOf: (index: number) => string;
  /** 1 for functions that a search found; undefined while nothing is searched. */
  readonly found: Uint8Array | undefined;
  /** All frames of this function get an outline; -1 for none. */
  readonly selectedFunction: number;
  readonly background: string;
  readonly font: string;
  readonly rowHeight: number;
}

export interface FlameViewport {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  readonly pixelRatio: number;
}

const textPadding = 4;
/** Frames narrower than this cannot hold three letters and an ellipsis. */
const minTextWidth = 30;
/** Longer names are cut before they are measured: no screen shows more, and measuring costs by length. */
const maxLabel = 400;

/** Widths of names in the current font, measured once per function: measuring is the dearest part of drawing. */
export class LabelWidths {
  private font = '';
  private widths = new Map<string, number>();

  measure(context: CanvasRenderingContext2D, font: string, text: string): number {
    if (font !== this.font) {
      this.font = font;
      this.widths.clear();
    }
    let width = this.widths.get(text);
    if (width === undefined) {
      // Zooming through a large profile must not keep every name it ever drew.
      if (this.widths.size > 20_000) this.widths.clear();
      width = context.measureText(text).width;
      this.widths.set(text, width);
    }
    return width;
  }
}

/**
 * Cost: proportional to the rectangles in the visible rows. They lie next to one another in the layout, and are
 * sorted by colour first, since changing the fill style costs more than a rectangle.
 */
export function drawFlame(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  viewport: FlameViewport,
  labels: LabelWidths,
): void {
  const { layout, rowHeight } = scene;
  const ratio = viewport.pixelRatio;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = scene.background;
  context.fillRect(0, 0, viewport.width, viewport.height);
  const firstRow = Math.max(0, scene.rows.first);
  const endRow = Math.min(layout.rows, scene.rows.end);
  if (firstRow >= endRow) return;

  const from = layout.rowStart[firstRow] ?? 0;
  const to = layout.rowStart[endRow] ?? 0;
  const { order, slotStart } = sortByColour(scene, from, to);
  const tops = rowTops(scene, viewport, firstRow, endRow, from, to);
  context.font = scene.font;
  context.textBaseline = 'middle';

  const colours = scene.slots.length;
  for (let slot = 0; slot + 1 < slotStart.length; slot++) {
    const start = slotStart[slot] ?? 0;
    const end = slotStart[slot + 1] ?? 0;
    if (start === end) continue;
    const colour = scene.slots[slot % colours];
    const dimmed = slot >= colours;
    context.fillStyle = (dimmed ? colour?.dimFill : colour?.fill) ?? scene.background;
    for (let k = start; k < end; k++) {
      const i = order[k] ?? 0;
      fillFrame(context, layout.x[i] ?? 0, layout.width[i] ?? 0, tops[i - from] ?? 0, rowHeight, ratio);
    }
    context.fillStyle = (dimmed ? colour?.dimText : colour?.text) ?? scene.background;
    for (let k = start; k < end; k++) {
      const i = order[k] ?? 0;
      if ((layout.width[i] ?? 0) >= minTextWidth) drawLabel(context, scene, i, tops[i - from] ?? 0, labels);
    }
  }
  if (scene.selectedFunction >= 0) outlineFunction(context, scene, from, to, tops);
}

/** Counting sort of the rectangles from..to by colour; dimmed colours follow the plain ones. */
function sortByColour(
  scene: FlameScene,
  from: number,
  to: number,
): { order: Int32Array; slotStart: Int32Array } {
  const { layout, func, found } = scene;
  const colours = scene.slots.length;
  const slots = new Int32Array(to - from);
  const slotStart = new Int32Array(colours * 2 + 1);
  for (let i = from; i < to; i++) {
    const node = layout.node[i] ?? -1;
    const f = node >= 0 ? func(node) : -1;
    const base = f < 0 ? colours - 1 : scene.slotOf(f);
    const plain = found === undefined || found[f] === 1 || (f < 0 && node >= 0);
    const slot = plain ? base : base + colours;
    slots[i - from] = slot;
    slotStart[slot + 1] = (slotStart[slot + 1] ?? 0) + 1;
  }
  for (let s = 0; s + 1 < slotStart.length; s++)
    slotStart[s + 1] = (slotStart[s + 1] ?? 0) + (slotStart[s] ?? 0);
  const next = slotStart.slice();
  const order = new Int32Array(to - from);
  for (let k = 0; k < slots.length; k++) {
    const slot = slots[k] ?? 0;
    const at = next[slot] ?? 0;
    order[at] = from + k;
    next[slot] = at + 1;
  }
  return { order, slotStart };
}

function rowTops(
  scene: FlameScene,
  viewport: FlameViewport,
  firstRow: number,
  endRow: number,
  from: number,
  to: number,
): Float32Array {
  const tops = new Float32Array(to - from);
  for (let row = firstRow; row < endRow; row++) {
    const top = scene.topOf(row) - viewport.scrollTop;
    tops.fill(top, (scene.layout.rowStart[row] ?? 0) - from, (scene.layout.rowStart[row + 1] ?? 0) - from);
  }
  return tops;
}

/** Edges on device pixels, so that neighbours neither overlap nor leave a blur; one pixel of gap where it fits. */
function fillFrame(
  context: CanvasRenderingContext2D,
  x: number,
  width: number,
  top: number,
  rowHeight: number,
  ratio: number,
): void {
  const left = Math.round(x * ratio);
  const right = Math.max(Math.round((x + width) * ratio), left + 1);
  const gap = right - left > 3 ? Math.round(ratio) : 0;
  context.fillRect(left / ratio, top, (right - left - gap) / ratio, rowHeight - 1);
}

function drawLabel(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  index: number,
  top: number,
  labels: LabelWidths,
): void {
  const available = (scene.layout.width[index] ?? 0) - 2 * textPadding;
  const name = scene.labelOf(index).slice(0, maxLabel);
  const full = labels.measure(context, scene.font, name);
  const text = full <= available ? name : shorten(context, scene.font, name, full, available, labels);
  if (text !== '') {
    context.fillText(text, (scene.layout.x[index] ?? 0) + textPadding, top + scene.rowHeight / 2);
  }
}

/** The longest beginning that fits with an ellipsis; nothing when fewer than two letters would be left. */
function shorten(
  context: CanvasRenderingContext2D,
  font: string,
  name: string,
  full: number,
  available: number,
  labels: LabelWidths,
): string {
  const room = available - labels.measure(context, font, '…');
  let length = Math.floor((name.length * room) / full);
  while (length > 1 && context.measureText(name.slice(0, length)).width > room) length--;
  return length > 1 ? `${name.slice(0, length)}…` : '';
}

function outlineFunction(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  from: number,
  to: number,
  tops: Float32Array,
): void {
  const { layout } = scene;
  context.lineWidth = 2;
  for (let i = from; i < to; i++) {
    const node = layout.node[i] ?? -1;
    const width = layout.width[i] ?? 0;
    if (node < 0 || width < 4 || scene.func(node) !== scene.selectedFunction) continue;
    context.strokeStyle = scene.slots[scene.slotOf(scene.selectedFunction)]?.text ?? scene.background;
    context.strokeRect((layout.x[i] ?? 0) + 1, (tops[i - from] ?? 0) + 1, width - 3, scene.rowHeight - 3);
  }
}
