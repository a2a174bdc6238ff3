/** Labels on rectangles, shortened to fit. */
import { lastName } from '../../src/text/lastName.js';
import type { FlameScene } from './scene.js';

const textPadding = 4;
/** Frames narrower than this cannot hold three letters and an ellipsis. */
export const minTextWidth = 30;
/** Longer names are cut before measuring: no screen shows more, and the cost of measuring grows with the length. */
const maxLabel = 400;

/** Widths of names in the current font, each measured once: measuring is the most expensive part of drawing. */
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
      // Zooming through a large profile must not keep every name ever drawn.
      if (this.widths.size > 20_000) this.widths.clear();
      width = context.measureText(text).width;
      this.widths.set(text, width);
    }
    return width;
  }
}

export function drawLabel(
  context: CanvasRenderingContext2D,
  scene: FlameScene,
  index: number,
  top: number,
  labels: LabelWidths,
): void {
  const available = (scene.layout.width[index] ?? 0) - 2 * textPadding;
  const name = scene.labelOf(index).slice(0, maxLabel);
  const full = labels.measure(context, scene.font, name);
  const text = full <= available ? name : shorten(context, scene.font, lastName(name), available, labels);
  if (text !== '') {
    context.fillText(text, (scene.layout.x[index] ?? 0) + textPadding, top + scene.rowHeight / 2);
  }
}

/** The name if it fits, else the longest prefix that does with an ellipsis; empty if fewer than two letters would be left. */
function shorten(
  context: CanvasRenderingContext2D,
  font: string,
  name: string,
  available: number,
  labels: LabelWidths,
): string {
  const full = labels.measure(context, font, name);
  if (full <= available) return name;
  const room = available - labels.measure(context, font, '…');
  let length = Math.floor((name.length * room) / full);
  while (length > 1 && context.measureText(name.slice(0, length)).width > room) length--;
  return length > 1 ? `${name.slice(0, length)}…` : '';
}
