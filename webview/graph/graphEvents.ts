/** Events of a graph that the user caused. */
import type { Range } from './layout.js';

export interface FlameGraphEvents {
  /** The user changed the range or scrolled. */
  moved(range: Range, lasting: boolean): void;
  /** A new layout was computed; `width` in pixels. */
  laidOut(range: Range, width: number): void;
  /** A frame should fill the width. */
  zoomed(node: number): void;
  selected(node: number): void;
  openSource(node: number): void;
  menu(node: number, x: number, y: number): void;
  /** A key that the graph does not handle itself; returns whether it was handled. */
  key(event: KeyboardEvent): boolean;
}
