/** What is painted and where: shared by the drawing, the row fills and the texture. */
import type { CategoryColors } from '../ui/palette.js';
import type { FlameLayout } from './layout.js';

export interface FlameScene {
  readonly layout: FlameLayout;
  /** Function of a node; negative for the root and for threads. */
  readonly func: (node: number) => number;
  /** The upper edge of a row, before scrolling. */
  readonly topOf: (row: number) => number;
  readonly rows: { readonly first: number; readonly end: number };
  /** Color slots; the last is for nodes without a function. */
  readonly slots: readonly CategoryColors[];
  readonly slotOf: (func: number) => number;
  /** Label of a rectangle of the layout. */
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
