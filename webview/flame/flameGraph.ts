/**
 * The canvas with its scrolling, zooming and events. The drawing is as large as the viewport and sticks to it,
 * however deep the stacks are. Hovering moves an outline above the canvas and redraws nothing.
 */
import type { FrameTree } from '../../src/core/profile/frameTree.js';
import { el } from '../dom.js';
import type { PanelModel, Place } from '../model.js';
import type { Theme } from '../theme.js';
import { AccessibleFrames } from './accessible.js';
import type { FrameColours } from './colours.js';
import { describeFrame, describeStrip, nodeName } from './describe.js';
import {
  layoutFlame,
  moveRange,
  rectangleAt,
  rectangleOf,
  zoomRange,
  type FlameLayout,
  type Range,
} from './layout.js';
import { neighbour, type Direction } from './navigate.js';
import { Surface, type Painting } from './surface.js';
import { Tooltip } from './tooltip.js';

export interface FlameGraphEvents {
  /** The range or the scrolling changed by hand. */
  moved(range: Range, lasting: boolean): void;
  /** A frame asks to fill the width. */
  zoomed(node: number): void;
  selected(node: number): void;
  openSource(node: number): void;
  menu(node: number, x: number, y: number): void;
  /** A key that the graph itself has no use for; says whether it was one. */
  key(event: KeyboardEvent): boolean;
}

/** The mirror for screen readers follows the drawing when the hand rests: it must not slow a zoom or a resize. */
const mirrorDelay = 120;
/** A press that moves further is a drag. */
const dragDistance = 4;
const zoomStep = 1.25;

export class FlameGraph {
  readonly element: HTMLElement;
  readonly tooltip = new Tooltip();
  private readonly surface = new Surface(() => this.painting());
  private readonly hoverMark = el('div', { class: 'flame-mark flame-hover' });
  private readonly selectMark = el('div', { class: 'flame-mark flame-selected' });
  private readonly frames: AccessibleFrames;
  /** Callers stand above their function, whatever the orientation of the main graph. */
  private readonly upwards: boolean;
  private readonly content: HTMLElement;
  private model: PanelModel | undefined;
  private tree: FrameTree | undefined;
  private theme: Theme | undefined;
  private colours: FrameColours | undefined;
  private layout: FlameLayout | undefined;
  private found: Uint8Array | undefined;
  private rangeNow: Range = { from: 0, to: 0 };
  private selectedNode = -1;
  private hovered = -1;
  private width = 0;
  private height = 0;
  /** As last told or set: asking the element would lay the whole page out within each step of a zoom. */
  private top = 0;
  private rows = 1;
  private mirrorTimer = 0;
  private drag: { x: number; y: number; range: Range; top: number; moved: boolean } | undefined;

  /** @param placeOf the hottest line of a frame, asked when it is pointed at */
  constructor(
    private readonly events: FlameGraphEvents,
    private readonly placeOf: (node: number) => Place | undefined,
    label: 'Flame graph' | 'Callers' = 'Flame graph',
  ) {
    this.upwards = label === 'Callers';
    this.frames = new AccessibleFrames(label);
    this.hoverMark.hidden = true;
    this.selectMark.hidden = true;
    this.content = el(
      'div',
      { class: 'flame-content' },
      this.surface.canvas,
      this.selectMark,
      this.hoverMark,
      this.frames.element,
    );
    this.element = el('div', { class: 'flame-scroller' }, this.content);
    this.listen();
  }

  /** Another tree, theme or colouring; the range is that of the new tree. */
  show(model: PanelModel, tree: FrameTree, theme: Theme, colours: FrameColours, range: Range): void {
    if (tree !== this.tree) {
      this.selectedNode = -1;
      this.frames.clear();
    }
    this.model = model;
    this.tree = tree;
    this.theme = theme;
    this.colours = colours;
    this.rangeNow = range;
    this.measure();
    this.relayout();
  }

  get range(): Range {
    return this.rangeNow;
  }

  get shownLayout(): FlameLayout | undefined {
    return this.layout;
  }

  setFound(found: Uint8Array | undefined): void {
    this.found = found;
    this.surface.redraw();
  }

  setRange(range: Range, reveal = -1): void {
    this.rangeNow = range;
    this.relayout();
    if (reveal >= 0 && this.tree !== undefined) this.revealRow(this.tree.depth(reveal));
  }

  /** -1 for none. */
  select(node: number, reveal = true): void {
    this.selectedNode = node;
    const { layout, tree } = this;
    if (layout !== undefined && tree !== undefined) {
      if (node >= 0 && reveal) this.revealRow(tree.depth(node));
      const index = rectangleOf(this.layout ?? layout, tree, node);
      this.placeMark(this.selectMark, index);
      if (!this.frames.select(node) && index >= 0) this.mirror();
    }
    this.surface.redraw();
  }

  isVisible(node: number): boolean {
    const { tree } = this;
    if (tree === undefined || node < 0) return false;
    const { from, to } = this.rangeNow;
    const start = tree.start(node);
    const inside = Math.min(start + tree.total(node), to) - Math.max(start, from);
    return inside * (this.width / (to - from)) >= 1;
  }

  focus(): void {
    this.frames.element.focus({ preventScroll: true });
  }

  private get rowHeight(): number {
    return Math.round((this.theme?.frameFontSize ?? 12) * 1.25) + 6;
  }

  private get flipped(): boolean {
    return this.upwards || this.model?.state.orientation === 'flame';
  }

  private readonly topOf = (row: number): number => {
    if (!this.flipped) return row * this.rowHeight;
    return Math.max(this.rows * this.rowHeight, this.height) - (row + 1) * this.rowHeight;
  };

  private rowAt(y: number): number {
    if (!this.flipped) return Math.floor(y / this.rowHeight);
    return Math.floor((Math.max(this.rows * this.rowHeight, this.height) - y) / this.rowHeight);
  }

  private listen(): void {
    new ResizeObserver(() => {
      if (this.measure()) this.relayout();
    }).observe(this.element);
    this.element.addEventListener('scroll', () => {
      this.top = this.element.scrollTop;
      this.hover(-1);
      this.relayout();
      this.events.moved(this.rangeNow, false);
    });
    this.element.addEventListener(
      'wheel',
      (event) => {
        if (this.wheel(event)) event.preventDefault();
      },
      { passive: false },
    );
    this.content.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.drag = {
        x: event.clientX,
        y: event.clientY,
        range: this.rangeNow,
        top: this.top,
        moved: false,
      };
    });
    this.content.addEventListener('pointermove', (event) => {
      if (this.drag !== undefined && (event.buttons & 1) === 1) this.dragTo(event);
      else this.hover(this.rectangleUnder(event), event);
    });
    this.content.addEventListener('pointerleave', () => {
      this.hover(-1);
    });
    this.content.addEventListener('click', (event) => {
      const dragged = this.drag?.moved === true;
      this.drag = undefined;
      this.focus();
      if (dragged) this.events.moved(this.rangeNow, true);
      else this.click(this.rectangleUnder(event));
    });
    this.content.addEventListener('dblclick', (event) => {
      const node = this.layout?.node[this.rectangleUnder(event)] ?? -1;
      if (node > 0) this.events.openSource(node);
    });
    this.content.addEventListener('contextmenu', (event) => {
      event.preventDefault();
      event.stopPropagation();
      const entry = this.layout?.node[this.rectangleUnder(event)];
      if (entry === undefined) return;
      this.hover(-1);
      const node = entry < 0 ? ~entry : entry;
      this.events.selected(node);
      this.events.menu(node, event.clientX, event.clientY);
    });
    this.frames.element.addEventListener('keydown', (event) => {
      if (this.key(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  /** With Ctrl (or a pinch) the wheel zooms about the pointer, with Shift or a sideways wheel it pans. */
  private wheel(event: WheelEvent): boolean {
    const { tree } = this;
    if (tree === undefined || this.width === 0) return false;
    const whole = tree.total(0);
    const pixels = event.deltaMode === 1 ? 20 : 1;
    if (event.ctrlKey || event.metaKey) {
      const at = (event.clientX - this.content.getBoundingClientRect().left) / this.width;
      const factor = Math.exp(Math.max(-80, Math.min(80, event.deltaY * pixels)) * 0.006);
      this.move(zoomRange(this.rangeNow, whole, factor, Math.min(1, Math.max(0, at)), this.smallest()));
      return true;
    }
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (sideways === 0) return false;
    this.move(
      moveRange(
        this.rangeNow,
        whole,
        (sideways * pixels * (this.rangeNow.to - this.rangeNow.from)) / this.width,
      ),
    );
    // A touchpad moves both ways at once: the rest of it still scrolls.
    if (!event.shiftKey && event.deltaY !== 0) this.scrollTo(this.top + event.deltaY * pixels);
    return true;
  }

  private dragTo(event: PointerEvent): void {
    const { drag, tree } = this;
    if (drag === undefined || tree === undefined || this.width === 0) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.moved) {
      if (Math.hypot(dx, dy) < dragDistance) return;
      drag.moved = true;
      this.content.setPointerCapture(event.pointerId);
    }
    this.hover(-1);
    if (dy !== 0) this.scrollTo(drag.top - dy);
    const span = drag.range.to - drag.range.from;
    this.move(moveRange(drag.range, tree.total(0), (-dx * span) / this.width), false);
  }

  private move(range: Range, lasting = true): void {
    this.setRange(range);
    this.events.moved(range, lasting);
  }

  /** Zooming ends where the lightest sample would fill the width. */
  private smallest(): number {
    const samples = this.tree?.totalSamples(0) ?? 0;
    return samples === 0 ? 0 : (this.tree?.total(0) ?? 0) / samples / 4;
  }

  private click(index: number): void {
    const entry = this.layout?.node[index];
    if (entry === undefined) return;
    // A strip stands for frames that need room: its caller gives it to them.
    const node = entry < 0 ? ~entry : entry;
    this.events.selected(node);
    this.events.zoomed(node);
  }

  private key(event: KeyboardEvent): boolean {
    const { tree, layout } = this;
    if (tree === undefined || layout === undefined) return false;
    if (event.altKey || event.ctrlKey || event.metaKey) return this.events.key(event);
    const whole = tree.total(0);
    const span = this.rangeNow.to - this.rangeNow.from;
    if (event.shiftKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      this.move(moveRange(this.rangeNow, whole, (event.key === 'ArrowLeft' ? -0.15 : 0.15) * span));
      return true;
    }
    const direction = this.direction(event.key);
    if (direction !== undefined && !event.shiftKey) {
      const next = this.selectedNode < 0 ? 0 : neighbour(tree, layout, this.selectedNode, direction);
      this.events.selected(next);
      return true;
    }
    const zooms: Readonly<Record<string, number>> = {
      '+': 1 / zoomStep,
      '=': 1 / zoomStep,
      w: 1 / zoomStep,
      '-': zoomStep,
      s: zoomStep,
    };
    const factor = zooms[event.key];
    if (factor !== undefined) {
      this.move(zoomRange(this.rangeNow, whole, factor, this.focusPoint(), this.smallest()));
      return true;
    }
    if (event.key === 'a' || event.key === 'd') {
      this.move(moveRange(this.rangeNow, whole, (event.key === 'a' ? -0.15 : 0.15) * span));
      return true;
    }
    if (event.key === 'PageDown' || event.key === 'PageUp') {
      this.scrollTo(this.top + (event.key === 'PageDown' ? 0.9 : -0.9) * this.height);
      return true;
    }
    return this.events.key(event);
  }

  private direction(key: string): Direction | undefined {
    if (key === 'ArrowLeft') return 'left';
    if (key === 'ArrowRight') return 'right';
    if (key === 'ArrowUp') return this.flipped ? 'callee' : 'caller';
    if (key === 'ArrowDown') return this.flipped ? 'caller' : 'callee';
    return undefined;
  }

  /** Keys zoom about the selected frame where it is seen, else about the middle. */
  private focusPoint(): number {
    const { layout, tree } = this;
    const index = layout && tree ? rectangleOf(layout, tree, this.selectedNode) : -1;
    if (layout === undefined || index < 0) return 0.5;
    return ((layout.x[index] ?? 0) + (layout.width[index] ?? 0) / 2) / this.width;
  }

  private rectangleUnder(event: MouseEvent): number {
    if (this.layout === undefined) return -1;
    const box = this.content.getBoundingClientRect();
    return rectangleAt(this.layout, this.rowAt(event.clientY - box.top), event.clientX - box.left);
  }

  private hover(index: number, event?: MouseEvent): void {
    const { model, layout, tree } = this;
    if (index === -1 || event === undefined || !model || !layout || !tree) {
      if (this.hovered !== -1) this.tooltip.hide();
      this.hovered = -1;
      this.hoverMark.hidden = true;
      return;
    }
    if (index === this.hovered) {
      this.tooltip.move(event.clientX, event.clientY);
      return;
    }
    this.hovered = index;
    this.placeMark(this.hoverMark, index);
    const entry = layout.node[index] ?? -1;
    const description =
      entry < 0
        ? describeStrip(model, tree, { parent: ~entry, weight: (layout.width[index] ?? 0) / layout.scale })
        : describeFrame(model, tree, entry, this.placeOf(entry));
    this.tooltip.show(description, model.profile.categories.length, event.clientX, event.clientY);
  }

  private placeMark(mark: HTMLElement, index: number): void {
    const { layout, tree } = this;
    mark.hidden = index < 0;
    if (index < 0 || layout === undefined || tree === undefined) return;
    const entry = layout.node[index] ?? -1;
    const row = entry < 0 ? tree.depth(~entry) + 1 : tree.depth(entry);
    mark.style.width = `${String(Math.max((layout.width[index] ?? 0) - 1, 2))}px`;
    mark.style.height = `${String(this.rowHeight - 1)}px`;
    mark.style.transform = `translate(${String(layout.x[index] ?? 0)}px, ${String(this.topOf(row))}px)`;
  }

  private revealRow(row: number): void {
    const top = this.topOf(row);
    if (top < this.top) this.scrollTo(top);
    else if (top + this.rowHeight > this.top + this.height) this.scrollTo(top + this.rowHeight - this.height);
  }

  private scrollTo(top: number): void {
    this.element.scrollTop = top;
    // What came of it: the element goes no further than its content.
    this.top = this.element.scrollTop;
  }

  private measure(): boolean {
    const { clientWidth, clientHeight } = this.element;
    const changed = clientWidth !== this.width || clientHeight !== this.height;
    this.width = clientWidth;
    this.height = clientHeight;
    return changed;
  }

  /** At once, not with the next drawing: scrolling and selecting need the new rows. */
  private relayout(): void {
    const { tree } = this;
    if (tree === undefined || this.theme === undefined || this.width === 0 || this.height === 0) return;
    this.setRows(tree.deepest(0) + 1);
    // Only rows that can be seen are laid out: the others cost nothing however deep the stacks are.
    const { end } = this.visibleRows();
    this.layout = layoutFlame(tree, this.rangeNow, this.width, 1 / (window.devicePixelRatio || 1), end);
    this.hover(-1);
    this.placeMark(this.selectMark, rectangleOf(this.layout, tree, this.selectedNode));
    this.mirrorSoon();
    this.surface.redraw();
  }

  private setRows(rows: number): void {
    this.rows = rows;
    const height = `${String(Math.max(rows * this.rowHeight, this.height))}px`;
    if (this.content.style.height === height) return;
    this.content.style.height = height;
    this.top = this.element.scrollTop;
  }

  private visibleRows(): { first: number; end: number } {
    const scrollTop = this.top;
    const [a, b] = [this.rowAt(scrollTop), this.rowAt(scrollTop + this.height)];
    return { first: Math.max(0, Math.min(a, b)), end: Math.max(a, b) + 2 };
  }

  private painting(): Painting | undefined {
    const { model, tree, theme, colours, layout, found, rowHeight, width, height } = this;
    if (!model || !tree || !theme || !colours || !layout) return undefined;
    return {
      layout,
      func: (node) => tree.func(node),
      topOf: this.topOf,
      rows: this.visibleRows(),
      slots: colours.slots,
      slotOf: (func) => colours.slotOf(func),
      labelOf: (index) => {
        const entry = layout.node[index] ?? -1;
        return entry < 0 ? '…' : nodeName(model, tree, entry);
      },
      found,
      selectedFunction: model.selectedFunction,
      background: theme.background,
      font: `${String(theme.frameFontSize)}px ${theme.frameFont}`,
      rowHeight,
      width,
      height,
      scrollTop: this.top,
    };
  }

  private mirrorSoon(): void {
    window.clearTimeout(this.mirrorTimer);
    this.mirrorTimer = window.setTimeout(() => {
      this.mirror();
    }, mirrorDelay);
  }

  private mirror(): void {
    const { model, tree, layout } = this;
    if (model && tree && layout) {
      this.frames.update(model, tree, layout, this.rowHeight, this.topOf, this.selectedNode);
    }
  }
}
