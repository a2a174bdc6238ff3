/** What a graph tells of the hand that moves about in it. */
import type { Range } from './layout.js';

export interface FlameGraphEvents {
  /** The range or the scrolling changed by hand. */
  moved(range: Range, lasting: boolean): void;
  /** Laid out anew, in a width of so many pixels. */
  laidOut(range: Range, width: number): void;
  /** A frame asks to fill the width. */
  zoomed(node: number): void;
  selected(node: number): void;
  openSource(node: number): void;
  menu(node: number, x: number, y: number): void;
  /** A key that the graph itself has no use for; says whether it was one. */
  key(event: KeyboardEvent): boolean;
}
