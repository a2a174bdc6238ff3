/** The flame graph of a comparison: both sides in one tree, colored by difference. */
import { followPath, MergedFrames, pathTo } from '../../../src/views/frameTree.js';
import { el } from '../../ui/dom.js';
import { AccessibleRows } from './diffFrameList.js';
import { layoutFlame, rectangleAt, rectangleOf, type FlameLayout } from '../../graph/layout.js';
import { neighbor, type Direction } from '../../graph/navigate.js';
import { Surface, type Painting } from '../../graph/surface.js';
import { Tooltip } from '../../graph/tooltip.js';
import type { CategoryColors } from '../../ui/palette.js';
import type { Theme } from '../../ui/theme.js';

/** What the graph shows of its frames. */
export interface DiffFrameTexts {
  name(node: number): string;
  slot(node: number): number;
  facts(node: number): readonly { readonly label: string; readonly value: string }[];
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'caller',
  ArrowDown: 'callee',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};

export class DiffGraph {
  readonly element: HTMLElement;
  private readonly surface = new Surface(() => this.painting());
  private readonly tooltip = new Tooltip();
  private readonly mark = el('div', { class: 'flame-mark flame-selected' });
  private readonly rows = new AccessibleRows();
  private readonly content = el(
    'div',
    { class: 'flame-content' },
    this.surface.canvas,
    this.mark,
    this.rows.element,
  );
  private readonly scroller = el('div', { class: 'flame-scroller diff-scroller' }, this.content);
  private frames: MergedFrames | undefined;
  private texts: DiffFrameTexts | undefined;
  private theme: Theme | undefined;
  private slots: readonly CategoryColors[] = [];
  private layout: FlameLayout | undefined;
  private zoomed = 0;
  private selected = 0;

  /** @param picked a frame was chosen; @param zoomedTo the names down to the frame that fills the width */
  constructor(
    private readonly picked: (node: number) => void,
    private readonly zoomedTo: (path: readonly string[]) => void,
  ) {
    this.element = el('div', { class: 'diff-graph' }, this.scroller, this.tooltip.element);
    this.listen();
  }

  /** @param path of names to the frame that fills the width at first, as far as it exists */
  show(
    frames: MergedFrames,
    texts: DiffFrameTexts,
    theme: Theme,
    slots: readonly CategoryColors[],
    path: readonly string[],
  ): void {
    if (frames !== this.frames)
      this.zoomed = this.selected = followPath(frames, path, (node) => texts.name(node));
    this.frames = frames;
    this.texts = texts;
    this.theme = theme;
    this.slots = slots;
    this.relayout();
  }

  private get rowHeight(): number {
    return Math.round((this.theme?.frameFontSize ?? 12) * 1.25) + 6;
  }

  private relayout(): void {
    const { frames, texts } = this;
    const width = this.scroller.clientWidth;
    if (frames === undefined || texts === undefined || width === 0) return;
    const from = frames.start(this.zoomed);
    const range = { from, to: from + frames.total(this.zoomed) };
    this.layout = layoutFlame(frames, range, width, 1);
    this.content.style.height = `${String(Math.max(this.layout.rows * this.rowHeight, this.scroller.clientHeight))}px`;
    this.rows.update(frames, this.layout, this.rowHeight, this.selected, (node) => ({
      name: texts.name(node),
      label: [texts.name(node), ...texts.facts(node).map(({ label, value }) => `${label} ${value}`)].join(
        ', ',
      ),
      slot: texts.slot(node),
    }));
    this.placeMark();
    this.surface.redraw();
  }

  private painting(): Painting | undefined {
    const { layout, theme, frames, texts } = this;
    if (layout === undefined || theme === undefined || frames === undefined || texts === undefined)
      return undefined;
    const { clientWidth: width, clientHeight: height, scrollTop } = this.scroller;
    const { rowHeight } = this;
    return {
      layout,
      func: (node) => frames.func(node),
      topOf: (row) => row * rowHeight,
      rows: { first: Math.floor(scrollTop / rowHeight), end: Math.ceil((scrollTop + height) / rowHeight) },
      slots: this.slots,
      slotOf: (node) => texts.slot(node),
      labelOf: (index) => {
        const node = layout.node[index] ?? -1;
        return node < 0 ? '' : texts.name(node);
      },
      found: undefined,
      selectedFunction: -1,
      background: theme.background,
      font: `${String(theme.frameFontSize)}px ${theme.frameFont}`,
      rowHeight,
      width,
      height,
      scrollTop,
    };
  }

  private listen(): void {
    new ResizeObserver(() => {
      this.relayout();
    }).observe(this.scroller);
    this.scroller.addEventListener('scroll', () => {
      this.surface.redraw();
    });
    this.content.addEventListener('pointermove', (event) => {
      const node = this.nodeAt(event);
      if (node < 0 || this.texts === undefined) this.tooltip.hide();
      else
        this.tooltip.show(
          { name: this.texts.name(node), category: -1, place: undefined, facts: this.texts.facts(node) },
          0,
          event.clientX,
          event.clientY,
        );
    });
    this.content.addEventListener('pointerleave', () => {
      this.tooltip.hide();
    });
    this.content.addEventListener('click', (event) => {
      const node = this.nodeAt(event);
      this.rows.element.focus({ preventScroll: true });
      if (node < 0) return;
      this.zoom(node);
    });
    this.rows.element.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (this.key(event.key)) event.preventDefault();
    });
  }

  private key(key: string): boolean {
    const { frames, layout } = this;
    const direction = arrows[key];
    if (frames === undefined || layout === undefined) return false;
    if (direction !== undefined) this.select(neighbor(frames, layout, this.selected, direction));
    else if (key === 'Enter') this.zoom(this.selected);
    else if (key === 'Escape') this.zoom(pathTo(frames, this.zoomed).at(-2) ?? 0);
    else if (key === 'Home') this.zoom(0);
    else return false;
    return true;
  }

  private nodeAt(event: MouseEvent): number {
    if (this.layout === undefined) return -1;
    const box = this.content.getBoundingClientRect();
    const row = Math.floor((event.clientY - box.top) / this.rowHeight);
    return this.layout.node[rectangleAt(this.layout, row, event.clientX - box.left)] ?? -1;
  }

  /** Zooming to the frame that already fills the width zooms out to its caller. */
  private zoom(node: number): void {
    if (this.frames === undefined) return;
    this.zoomed = node === this.zoomed && node > 0 ? Math.max(0, this.frames.parent(node)) : node;
    this.selected = node;
    this.relayout();
    const { frames, texts } = this;
    this.zoomedTo(texts === undefined ? [] : pathTo(frames, this.zoomed).map((n) => texts.name(n)));
    this.picked(node);
  }

  private select(node: number): void {
    this.selected = node;
    this.rows.select(node);
    this.placeMark();
    const top = (this.frames?.depth(node) ?? 0) * this.rowHeight;
    if (top < this.scroller.scrollTop) this.scroller.scrollTop = top;
    const below = top + this.rowHeight - this.scroller.clientHeight;
    if (below > this.scroller.scrollTop) this.scroller.scrollTop = below;
    this.picked(node);
  }

  private placeMark(): void {
    const { layout, frames } = this;
    const index =
      layout !== undefined && frames !== undefined ? rectangleOf(layout, frames, this.selected) : -1;
    this.mark.hidden = index < 0 || this.selected === 0;
    if (index < 0 || layout === undefined || frames === undefined) return;
    this.mark.style.width = `${String(layout.width[index] ?? 0)}px`;
    this.mark.style.height = `${String(this.rowHeight)}px`;
    this.mark.style.transform = `translate(${String(layout.x[index] ?? 0)}px, ${String(frames.depth(this.selected) * this.rowHeight)}px)`;
  }
}
