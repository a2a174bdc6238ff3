/**
 * The colored rectangles of the flame graph as one line of pixels per row, stretched to the row's height. One canvas
 * fill per rectangle would cost more than everything else, since there can be one for every pixel of every row; this
 * costs one write per pixel of the lines, however many rectangles there are.
 */
import { parseColor } from '../ui/palette.js';
import type { FlameScene, FlameViewport } from './scene.js';

export class RowFills {
  private readonly canvas = new OffscreenCanvas(1, 1);
  private readonly context = this.canvas.getContext('2d', { willReadFrequently: true });
  private image = new ImageData(1, 1);
  private pixels = new Uint32Array(this.image.data.buffer);

  /**
   * Paints the rows `firstRow .. endRow - 1`. Edges lie on device pixels, so that neighbors neither overlap nor
   * blur, with a gap of one pixel where it fits. Leaves `target` with the transform of device pixels.
   * @param slots index into `colors` of each rectangle in those rows
   * @param colors in CSS notation
   */
  draw(
    target: CanvasRenderingContext2D,
    scene: FlameScene,
    viewport: FlameViewport,
    rows: { readonly firstRow: number; readonly endRow: number },
    slots: Int32Array,
    colors: readonly string[],
  ): void {
    const { layout, rowHeight } = scene;
    const { firstRow, endRow } = rows;
    const ratio = viewport.pixelRatio;
    const width = Math.max(1, Math.round(viewport.width * ratio));
    this.resize(width, endRow - firstRow);
    const { pixels } = this;
    const packed = Uint32Array.from(colors, packedColor);
    const gapWidth = Math.round(ratio);
    const first = layout.rowStart[firstRow] as number;
    pixels.fill(packedColor(scene.background), 0, width * (endRow - firstRow));
    for (let row = firstRow; row < endRow; row++) {
      const line = (row - firstRow) * width;
      const end = layout.rowStart[row + 1] as number;
      for (let i = layout.rowStart[row] as number; i < end; i++) {
        const left = Math.round((layout.x[i] as number) * ratio);
        const right = Math.max(
          Math.round(((layout.x[i] as number) + (layout.width[i] as number)) * ratio),
          left + 1,
        );
        const stop = Math.min(right - left > 3 ? right - gapWidth : right, width);
        const color = packed[slots[i - first] as number] as number;
        // Most are a pixel or two wide: for those, the call of `fill` costs more than the loop.
        if (stop - left > 16) pixels.fill(color, line + left, line + stop);
        else for (let x = left; x < stop; x++) pixels[line + x] = color;
      }
    }
    if (this.context === null) return;
    this.context.putImageData(this.image, 0, 0);
    target.setTransform(1, 0, 0, 1, 0, 0);
    target.imageSmoothingEnabled = false;
    const height = Math.max(1, Math.round((rowHeight - 1) * ratio));
    for (let row = firstRow; row < endRow; row++) {
      const top = Math.round((scene.topOf(row) - viewport.scrollTop) * ratio);
      target.drawImage(this.canvas, 0, row - firstRow, width, 1, 0, top, width, height);
    }
  }

  /** Grows in steps: each new size allocates another image. */
  private resize(width: number, rows: number): void {
    if (this.image.width === width && this.image.height >= rows) return;
    const height = Math.ceil(rows / 16) * 16;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }
}

/** In the byte order of `ImageData` on little-endian machines, which all that run browsers are. */
function packedColor(color: string): number {
  const [red, green, blue] = parseColor(color) ?? [127, 127, 127];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
