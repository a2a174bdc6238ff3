/** The canvas: as large as the viewport in device pixels, painted at most once per animation frame. */
import { el } from '../ui/dom.js';
import type { TimeOrder } from '../../src/views/timeOrder.js';
import { Brushes, drawFlame } from './draw.js';
import type { FlameScene } from './scene.js';
import { paintTexture, stripTexture } from './texture.js';

export interface Painting extends FlameScene {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
  /** In the time order: what is too narrow to be drawn as frames. */
  readonly order?: TimeOrder | undefined;
}

export class Surface {
  readonly canvas = el('canvas', { class: 'flame-canvas', 'aria-hidden': 'true' });
  private readonly context = this.canvas.getContext('2d', { alpha: false });
  private readonly brushes = new Brushes();
  private pending = 0;

  /** `painting` is called in the animation frame, so that several changes before it cost one drawing. */
  constructor(private readonly painting: () => Painting | undefined) {}

  redraw(): void {
    if (this.pending !== 0) return;
    this.pending = requestAnimationFrame(() => {
      this.pending = 0;
      const painting = this.painting();
      if (painting !== undefined) this.paint(painting);
    });
  }

  private paint(painting: Painting): void {
    if (this.context === null) return;
    const { width, height, scrollTop } = painting;
    const pixelRatio = window.devicePixelRatio || 1;
    this.resize(width, height, pixelRatio);
    const viewport = { width, height, scrollTop, pixelRatio };
    drawFlame(this.context, painting, viewport, this.brushes);
    const { order, found } = painting;
    if (order === undefined) return;
    // Each color is followed by its dimmed variant, as in the texture.
    const slotOf = (func: number): number =>
      2 * painting.slotOf(func) + (found === undefined || found[func] === 1 ? 0 : 1);
    const texture = stripTexture(order, painting.layout, painting.rows, pixelRatio, slotOf);
    paintTexture(this.context, texture, painting, viewport);
  }

  /** Setting a canvas's size clears it and is expensive even if the size is the same. */
  private resize(width: number, height: number, pixelRatio: number): void {
    const pixelWidth = Math.round(width * pixelRatio);
    const pixelHeight = Math.round(height * pixelRatio);
    if (this.canvas.width === pixelWidth && this.canvas.height === pixelHeight) return;
    this.canvas.width = pixelWidth;
    this.canvas.height = pixelHeight;
    this.canvas.style.width = `${String(width)}px`;
    this.canvas.style.height = `${String(height)}px`;
  }
}
