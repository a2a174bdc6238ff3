/**
 * The visible part of a graph's rows: size, scroll position, and where a row is. Sizes are cached: reading them from
 * the element would force a layout of the whole page in each step of a zoom.
 */

/** Callers that stay visible where a frame and all on it don't fit. */
const leadingRows = 2;

export class Viewport {
  width = 0;
  height = 0;
  top = 0;
  rows = 1;
  rowHeight = 21;
  /** Rows grow upwards from the bottom. */
  flipped = false;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly content: HTMLElement,
  ) {}

  /** Reads the size of the element; returns whether it changed. */
  measure(): boolean {
    const { clientWidth, clientHeight } = this.scroller;
    const changed = clientWidth !== this.width || clientHeight !== this.height;
    this.width = clientWidth;
    this.height = clientHeight;
    return changed;
  }

  setRows(rows: number): void {
    this.rows = rows;
    const height = `${String(Math.max(rows * this.rowHeight, this.height))}px`;
    if (this.content.style.height === height) return;
    this.content.style.height = height;
    this.top = this.scroller.scrollTop;
  }

  /** Upper edge of a row, before scrolling. */
  readonly topOf = (row: number): number => {
    if (!this.flipped) return row * this.rowHeight;
    return Math.max(this.rows * this.rowHeight, this.height) - (row + 1) * this.rowHeight;
  };

  rowAt(y: number): number {
    if (!this.flipped) return Math.floor(y / this.rowHeight);
    return Math.floor((Math.max(this.rows * this.rowHeight, this.height) - y) / this.rowHeight);
  }

  visibleRows(): { readonly first: number; readonly end: number } {
    const [a, b] = [this.rowAt(this.top), this.rowAt(this.top + this.height)];
    return { first: Math.max(0, Math.min(a, b)), end: Math.max(a, b) + 2 };
  }

  /** @param smooth as an animation, unless the user prefers none; `top` follows it */
  scrollTo(top: number, smooth = false): void {
    if (smooth && !window.matchMedia('(prefers-reduced-motion: reduce)').matches) {
      this.scroller.scrollTo({ top, behavior: 'smooth' });
      return;
    }
    this.scroller.scrollTop = top;
    // The element may stop at the end of its content.
    this.top = this.scroller.scrollTop;
  }

  /** The user scrolled the element. */
  scrolled(): void {
    this.top = this.scroller.scrollTop;
  }

  reveal(row: number): void {
    this.revealRows(row, row);
  }

  /**
   * Scrolls as little as needed to show row `first` and those on it up to `last`; where they don't all fit, `first` comes
   * next to the edge, with a few of the rows that lead to it.
   */
  revealRows(first: number, last: number, smooth = false): void {
    const { rowHeight, height } = this;
    const rows = Math.max(0, last - first) + 1;
    const fits = rows * rowHeight <= height;
    const lead = rowHeight * Math.max(0, Math.min(leadingRows, Math.floor(height / rowHeight) - 1));
    const top = this.topOf(first);
    const bottom = top + rowHeight;
    const rest = (rows - 1) * rowHeight;
    const [lowest, highest] = this.flipped
      ? [bottom - height, fits ? top - rest : bottom - height + lead]
      : [fits ? bottom + rest - height : top - lead, top];
    const wanted = Math.max(0, Math.min(Math.max(this.top, lowest), highest));
    if (wanted !== this.top) this.scrollTo(wanted, smooth);
  }
}
