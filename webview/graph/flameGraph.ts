/**
 * The canvas with scrolling, zooming and events. The canvas is as large as the viewport and sticks to it, however
 * deep the stacks are. Hovering moves an outline above the canvas and redraws nothing.
 */
import type { FrameTree } from '../../src/views/frameTree.js';
import { TimeOrder } from '../../src/views/timeOrder.js';
import { el } from '../ui/dom.js';
import type { PanelModel, Place } from '../store/panelModel.js';
import type { Theme } from '../ui/theme.js';
import { AccessibleFrames, type GraphKind } from './accessibleFrames.js';
import type { FrameColors } from './colors.js';
import { nodeName } from './describe.js';
import { listenToPointer } from './gestures.js';
import type { FlameGraphEvents } from './graphEvents.js';
import { layoutFlame, type FlameLayout, type Range } from './layout.js';
import { Marks, type Drawn } from './marks.js';
import { Movement } from './movement.js';
import { Surface, type Painting } from './surface.js';
import { Viewport } from './viewport.js';

/** What is drawn, before it is laid out. */
interface Shown {
  readonly model: PanelModel;
  readonly tree: FrameTree;
  readonly theme: Theme;
  readonly colors: FrameColors;
}

/** The mirror for screen readers is updated after a pause in the input: it must not slow down a zoom or a resize. */
const mirrorDelay = 120;

/** Narrower frames are not worth scrolling to. In pixels. */
const readableWidth = 8;

/** Height of a line of text plus padding. */
function rowHeightOf({ frameFontSize }: Theme): number {
  return Math.round(frameFontSize * 1.25) + 6;
}

export class FlameGraph {
  readonly element: HTMLElement;
  private readonly surface = new Surface(() => this.painting());
  private readonly frames: AccessibleFrames;
  private readonly upwards: boolean;
  private readonly content: HTMLElement;
  private readonly view: Viewport;
  private readonly marks: Marks;
  private shown: Shown | undefined;
  private layout: FlameLayout | undefined;
  private found: Uint8Array | undefined;
  private rangeNow: Range = { from: 0, to: 0 };
  selectedNode = -1;
  /** The scroll position that the layout was made for. */
  private laidOutAt = 0;
  private mirrorTimer = 0;

  /** @param placeOf the hottest line of a frame, computed when the frame is hovered */
  constructor(
    private readonly events: FlameGraphEvents,
    placeOf: (node: number) => Place | undefined,
    kind: GraphKind = 'flameGraph',
  ) {
    this.upwards = kind === 'callers';
    this.frames = new AccessibleFrames(kind);
    this.content = el('div', { class: 'flame-content' }, this.surface.canvas);
    this.element = el('div', { class: 'flame-scroller' }, this.content);
    this.view = new Viewport(this.element, this.content);
    this.marks = new Marks(this.view, placeOf);
    this.content.append(this.marks.selection, this.marks.hovering, this.frames.element);
    this.listen();
  }

  /**
   * Another tree, theme or coloring; the range is that of the new tree.
   * @param top how far down it is scrolled; undefined to keep the scroll position, or to show the root of a new tree
   */
  show(
    model: PanelModel,
    tree: FrameTree,
    theme: Theme,
    colors: FrameColors,
    range: Range,
    top?: number,
  ): void {
    const another = tree !== this.shown?.tree;
    if (another) {
      this.selectedNode = -1;
      this.frames.clear();
    }
    this.shown = { model, tree, theme, colors };
    this.rangeNow = range;
    const { view } = this;
    view.rowHeight = rowHeightOf(theme);
    // Callers are above their function, whatever the orientation of the main graph.
    const flipped = this.upwards || model.state.orientation === 'flame';
    const turned = flipped !== view.flipped;
    view.flipped = flipped;
    view.measure();
    this.relayout();
    if (top !== undefined) view.scrollTo(top);
    else if (another || turned) view.reveal(0);
    if (view.top !== this.laidOutAt) this.relayout();
  }

  /** How far down it is scrolled, in pixels. */
  get top(): number {
    return this.view.top;
  }

  get range(): Range {
    return this.rangeNow;
  }

  get shownLayout(): FlameLayout | undefined {
    return this.layout;
  }

  get tooltip(): HTMLElement {
    return this.marks.tooltip.element;
  }

  setFound(found: Uint8Array | undefined): void {
    this.found = found;
    this.surface.redraw();
  }

  /** @param reveal a frame to scroll to, with as much as fits of what it calls */
  setRange(range: Range, reveal = -1): void {
    this.rangeNow = range;
    this.relayout();
    const tree = this.shown?.tree;
    if (reveal < 0 || tree === undefined) return;
    const { rows } = layoutFlame(tree, range, this.view.width, readableWidth);
    this.view.revealRows(tree.depth(reveal), rows - 1, true);
  }

  /** -1 for none. */
  select(node: number, reveal = true): void {
    this.selectedNode = node;
    const { drawn } = this;
    if (drawn !== undefined) {
      if (node >= 0 && reveal) this.view.reveal(drawn.tree.depth(node));
      const index = this.marks.select(this.drawn ?? drawn, node);
      if (!this.frames.select(node) && index >= 0) this.mirror();
    }
    this.surface.redraw();
  }

  isVisible(node: number): boolean {
    const tree = this.shown?.tree;
    if (tree === undefined || node < 0) return false;
    const { from, to } = this.rangeNow;
    const start = tree.start(node);
    const inside = Math.min(start + tree.total(node), to) - Math.max(start, from);
    return inside * (this.view.width / (to - from)) >= 1;
  }

  focus(): void {
    this.frames.element.focus({ preventScroll: true });
  }

  get drawn(): Drawn | undefined {
    const { shown, layout } = this;
    return shown === undefined || layout === undefined ? undefined : { ...shown, layout };
  }

  private listen(): void {
    new ResizeObserver(() => {
      if (this.view.measure()) this.relayout();
    }).observe(this.element);
    this.element.addEventListener('scroll', () => {
      this.view.scrolled();
      this.relayout();
      this.events.moved(this.rangeNow, false);
    });
    const movement = new Movement(this, this.view, this.marks, this.content, this.events);
    listenToPointer(this.element, this.content, movement);
    this.frames.element.addEventListener('keydown', (event) => {
      if (movement.key(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  /** Immediately, not with the next drawing: scrolling and selecting need the new rows. */
  private relayout(): void {
    const { shown, view } = this;
    if (shown === undefined || view.width === 0 || view.height === 0) return;
    const { tree } = shown;
    view.setRows(tree.deepest(0) + 1);
    // Only visible rows are laid out: the others cost nothing, however deep the stacks are.
    const { end } = view.visibleRows();
    const layout = layoutFlame(tree, this.rangeNow, view.width, 1 / (window.devicePixelRatio || 1), end);
    this.layout = layout;
    this.laidOutAt = view.top;
    this.marks.leave();
    this.marks.select({ ...shown, layout }, this.selectedNode);
    this.mirrorSoon();
    this.surface.redraw();
    this.events.laidOut(this.rangeNow, view.width);
  }

  private painting(): Painting | undefined {
    const { shown, layout, found, view } = this;
    if (shown === undefined || layout === undefined) return undefined;
    const { model, tree, theme, colors } = shown;
    return {
      layout,
      func: (node) => tree.func(node),
      topOf: view.topOf,
      rows: view.visibleRows(),
      slots: colors.slots,
      slotOf: (func) => colors.slotOf(func),
      labelOf: (index) => {
        const entry = layout.node[index] ?? -1;
        return entry < 0 ? '…' : nodeName(model, tree, entry);
      },
      found,
      selectedFunction: model.selectedFunction,
      background: theme.background,
      font: `${String(theme.frameFontSize)}px ${theme.frameFont}`,
      rowHeight: view.rowHeight,
      width: view.width,
      height: view.height,
      scrollTop: view.top,
      order: tree instanceof TimeOrder ? tree : undefined,
    };
  }

  private mirrorSoon(): void {
    window.clearTimeout(this.mirrorTimer);
    this.mirrorTimer = window.setTimeout(() => {
      this.mirror();
    }, mirrorDelay);
  }

  private mirror(): void {
    const { drawn, view } = this;
    if (drawn === undefined) return;
    this.frames.update(drawn.model, drawn.tree, drawn.layout, view.rowHeight, view.topOf, this.selectedNode);
  }
}
