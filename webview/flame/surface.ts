/** The canvas: as large as the viewport in device pixels, painted at most once per animation frame. */
import { el } from '../dom.js';
import type { Model } from '../model.js';
import type { Theme } from '../theme.js';
import { drawFlame, LabelWidths } from './draw.js';
import type { FlameLayout } from './layout.js';

export interface Painting {
  readonly model: Model;
  readonly theme: Theme;
  readonly layout: FlameLayout;
  readonly labelOf: (index: number) => string;
  readonly found: Uint8Array | undefined;
  readonly selectedFunction: number;
  readonly rowHeight: number;
  readonly width: number;
  readonly height: number;
  readonly scrollTop: number;
}

export class Surface {
  readonly canvas = el('canvas', { class: 'flame-canvas', 'aria-hidden': 'true' });
  private readonly context = this.canvas.getContext('2d', { alpha: false });
  private readonly labels = new LabelWidths();
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
    const { model, theme, layout, width, height, scrollTop } = painting;
    const pixelRatio = window.devicePixelRatio || 1;
    this.resize(width, height, pixelRatio);
    drawFlame(
      this.context,
      {
        layout,
        func: model.tree.func,
        root: model.tree.root,
        slots: [...theme.categories, theme.neutral],
        slotOf: (func) => {
          const category = model.categoryOf(func);
          return category < 0 ? theme.categories.length - 1 : category;
        },
        labelOf: painting.labelOf,
        found: painting.found,
        selectedFunction: painting.selectedFunction,
        background: theme.background,
        font: `${String(theme.frameFontSize)}px ${theme.frameFont}`,
        rowHeight: painting.rowHeight,
      },
      { width, height, scrollTop, pixelRatio },
      this.labels,
    );
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
