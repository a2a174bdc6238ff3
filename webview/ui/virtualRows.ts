/** The rows of a long table: only those in view exist, between two empty ones that take the space of the others. */
import { el } from './dom.js';

/** Rows beyond either edge, so that a short scroll shows no gap before they are drawn. */
const margin = 12;

export class VirtualRows {
  private count = 0;
  /** By index. */
  private drawn = new Map<number, HTMLElement>();
  private first = 0;
  private end = 0;

  /**
   * @param box scrolls, and has a sticky head of the same height as a row above `body`
   * @param height of a row, in pixels
   */
  constructor(
    private readonly box: HTMLElement,
    private readonly body: HTMLElement,
    private readonly height: number,
    private readonly row: (index: number) => HTMLElement,
  ) {
    box.addEventListener('scroll', () => {
      this.draw();
    });
    new ResizeObserver(() => {
      this.draw();
    }).observe(box);
  }

  /** Whole rows that fit. */
  get page(): number {
    return Math.max(1, Math.floor(this.box.clientHeight / this.height) - 1);
  }

  /** Draws all rows in view again. */
  show(count: number): void {
    this.count = count;
    this.drawn.clear();
    this.end = -1;
    this.draw();
  }

  reveal(index: number): void {
    const { box, height } = this;
    const top = index * height;
    const room = (this.page - 1) * height;
    if (top < box.scrollTop) box.scrollTop = top;
    else if (top > box.scrollTop + room) box.scrollTop = top - room;
    this.draw();
  }

  private draw(): void {
    const { box, height, count } = this;
    // In a tab that is hidden.
    if (box.clientHeight === 0) return;
    const top = Math.floor(box.scrollTop / height);
    const first = Math.max(0, Math.min(top, count - this.page) - margin);
    const end = Math.min(count, top + this.page + 1 + margin);
    if (first === this.first && end === this.end) return;
    this.first = first;
    this.end = end;
    const before = this.drawn;
    this.drawn = new Map();
    for (let i = first; i < end; i++) this.drawn.set(i, before.get(i) ?? this.row(i));
    this.body.replaceChildren(this.gap(first), ...this.drawn.values(), this.gap(count - end));
  }

  private gap(rows: number): HTMLElement {
    const gap = el('tr', { class: 'gap', 'aria-hidden': 'true' });
    gap.style.height = `${String(rows * this.height)}px`;
    gap.hidden = rows === 0;
    return gap;
  }
}
