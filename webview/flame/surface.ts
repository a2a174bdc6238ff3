/** The canvas: as large as the viewport in device pixels, painted at most once per animation frame. */
import { el } from '../dom.js';
import { Brushes, drawFlame, type FlameScene } from './draw.js';

export interface Painting extends FlameScene {
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
}

export class Surface {
  readonly canvas = el('canvas', { class: 'flame-canvas', 'aria-hidden': 'true' });
  private readonly context = this.canvas.getContext('2d', { alpha: false });
  private readonly brushes = new Brushes();
  private pending = 0;

  /** `painting` is asked when the frame comes, so that several changes before it cost one drawing. */
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
    drawFlame(this.context, painting, { width, height, scrollTop, pixelRatio }, this.brushes);
  }

  /** Setting a canvas's size clears it and costs, also when the size is the same. */
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
