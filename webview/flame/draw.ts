/** Paints the visible rows of a layout on a 2D canvas. Knows nothing of events and state. */
import type { CategoryColours } from '../palette.js';
import type { FlameLayout } from './layout.js';
import { RowFills } from './rowFills.js';

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

/** What drawing keeps from one frame to the next. */
export class Brushes {
  readonly labels = new LabelWidths();
  readonly fills = new RowFills();
}

/** Cost: proportional to the pixels of one line a row and to the labels, however many rectangles there are. */
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
  const colours = [...scene.slots.map(({ fill }) => fill), ...scene.slots.map(({ dimFill }) => dimFill)];
  fills.draw(context, scene, viewport, { firstRow, endRow }, slots, colours);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.font = scene.font;
  context.textBaseline = 'middle';
  const textColours = [...scene.slots.map(({ text }) => text), ...scene.slots.map(({ dimText }) => dimText)];
  const first = layout.rowStart[firstRow] ?? 0;
  for (let row = firstRow; row < endRow; row++) {
    const top = scene.topOf(row) - viewport.scrollTop;
    const end = layout.rowStart[row + 1] ?? 0;
    for (let i = layout.rowStart[row] ?? 0; i < end; i++) {
      if ((layout.width[i] ?? 0) < minTextWidth) continue;
      context.fillStyle = textColours[slots[i - first] ?? 0] ?? scene.background;
      drawLabel(context, scene, i, top, labels);
    }
  }
  if (scene.selectedFunction >= 0) outlineFunction(context, scene, viewport, firstRow, endRow);
}

/** By rectangle of the rows: its colour; the dimmed ones follow the plain ones. */
function slotsOf(scene: FlameScene, firstRow: number, endRow: number): Int32Array {
  const { layout, func, found } = scene;
  const from = layout.rowStart[firstRow] ?? 0;
  const colours = scene.slots.length;
  const slots = new Int32Array((layout.rowStart[endRow] ?? 0) - from);
  for (let k = 0; k < slots.length; k++) {
    const node = layout.node[from + k] ?? -1;
    const f = node >= 0 ? func(node) : -1;
    const base = f < 0 ? colours - 1 : scene.slotOf(f);
    const plain = found === undefined || found[f] === 1 || (f < 0 && node >= 0);
    slots[k] = plain ? base : base + colours;
  }
  return slots;
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
