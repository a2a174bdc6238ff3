/**
 * The coloured rectangles of the flame graph as one line of pixels a row, stretched to the row's height. A fill for each
 * rectangle costs the canvas more than everything else, since there can be one for every pixel of every row; this costs
 * as much as there are pixels in the lines, however many rectangles share them.
 */
import { parseColour } from '../ui/palette.js';
import type { FlameScene, FlameViewport } from './scene.js';

export class RowFills {
  private readonly canvas = new OffscreenCanvas(1, 1);
  private readonly context = this.canvas.getContext('2d', { willReadFrequently: true });
  private image = new ImageData(1, 1);
  private pixels = new Uint32Array(this.image.data.buffer);

  /**
   * Paints the rows `firstRow .. endRow - 1`. Edges lie on device pixels, so that neighbours neither overlap nor leave
   * a blur; one pixel of gap where it fits. The transformation of `target` is that of device pixels afterwards.
   * @param slots by rectangle of those rows: the colour's index in `colours`
   * @param colours as CSS writes them
   */
  draw(
    target: CanvasRenderingContext2D,
    scene: FlameScene,
    viewport: FlameViewport,
    rows: { readonly firstRow: number; readonly endRow: number },
    slots: Int32Array,
    colours: readonly string[],
  ): void {
    const { layout, rowHeight } = scene;
    const { firstRow, endRow } = rows;
    const ratio = viewport.pixelRatio;
    const width = Math.max(1, Math.round(viewport.width * ratio));
    this.resize(width, endRow - firstRow);
    const { pixels } = this;
    const packed = Uint32Array.from(colours, packedColour);
    const gapWidth = Math.round(ratio);
    const first = layout.rowStart[firstRow] as number;
    pixels.fill(packedColour(scene.background), 0, width * (endRow - firstRow));
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
        const colour = packed[slots[i - first] as number] as number;
        // Most are a pixel or two wide: for those, calling `fill` takes longer than filling.
        if (stop - left > 16) pixels.fill(colour, line + left, line + stop);
        else for (let x = left; x < stop; x++) pixels[line + x] = colour;
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

  /** Grows in steps: each new size is another image. */
  private resize(width: number, rows: number): void {
    if (this.image.width === width && this.image.height >= rows) return;
    const height = Math.ceil(rows / 16) * 16;
    this.canvas.width = width;
    this.canvas.height = height;
    this.image = new ImageData(width, height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }
}

/** As `ImageData` has it on a little-endian machine, which all that run browsers are. */
function packedColour(colour: string): number {
  const [red, green, blue] = parseColour(colour) ?? [127, 127, 127];
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}
