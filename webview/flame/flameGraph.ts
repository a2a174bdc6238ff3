/**
 * The canvas with its scrolling and its events. The drawing is as large as the viewport and sticks to it, however
 * deep the stacks are. Hovering moves an outline above the canvas and redraws nothing.
 */
import { el } from '../dom.js';
import { plural } from '../format.js';
import type { Model } from '../model.js';
import type { Theme } from '../theme.js';
import { AccessibleFrames } from './accessible.js';
import { describeFrame, type HiddenChildren } from './describe.js';
import { layoutFlame, rectangleAt, rectangleOf, type FlameLayout } from './layout.js';
import { neighbour, type Direction } from './navigate.js';
import { Surface, type Painting } from './surface.js';
import { Tooltip } from './tooltip.js';

export interface FlameGraphEvents {
  zoomed(node: number): void;
  selected(node: number): void;
  openSource(node: number): void;
  search(): void;
}

const arrows: Readonly<Record<string, Direction>> = {
  ArrowUp: 'up',
  ArrowDown: 'down',
  ArrowLeft: 'left',
  ArrowRight: 'right',
};
/** The mirror for screen readers follows the drawing when the hand rests: it must not slow a zoom or a resize. */
const mirrorDelay = 120;

export class FlameGraph {
  readonly element: HTMLElement;
  readonly tooltip = new Tooltip();
  private readonly surface = new Surface(() => this.painting());
  private readonly hoverMark = el('div', { class: 'flame-mark flame-hover' });
  private readonly selectMark = el('div', { class: 'flame-mark flame-selected' });
  private readonly frames = new AccessibleFrames();
  private readonly content: HTMLElement;
  private model: Model | undefined;
  private theme: Theme | undefined;
  private layout: FlameLayout | undefined;
  private found: Uint8Array | undefined;
  private zoom = 0;
  private selectedNode = -1;
  private selectedFunction = -1;
  private hovered = -1;
  private width = 0;
  private height = 0;
  private mirrorTimer = 0;

  constructor(private readonly events: FlameGraphEvents) {
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

  show(model: Model, zoom: number): void {
    this.model = model;
    this.layout = undefined;
    this.zoom = zoom;
    this.selectedNode = -1;
    this.selectedFunction = -1;
    this.found = undefined;
    this.element.scrollTop = 0;
    this.frames.clear();
    this.measure();
    this.relayout();
  }

  setTheme(theme: Theme): void {
    this.theme = theme;
    this.relayout();
  }

  setFound(found: Uint8Array | undefined): void {
    this.found = found;
    this.surface.redraw();
  }

  /** `node` -1 marks the function alone. */
  select(func: number, node: number): void {
    this.selectedFunction = func;
    this.selectedNode = node;
    if (this.layout !== undefined && this.model !== undefined) {
      const index = rectangleOf(this.layout, this.model.tree, node);
      this.placeMark(this.selectMark, index);
      if (index >= 0) this.revealRow(this.model.tree.depth[node] ?? 0);
      if (!this.frames.select(node) && index >= 0) this.mirrorSoon();
    }
    this.surface.redraw();
  }

  zoomTo(node: number): void {
    if (this.model === undefined) return;
    this.zoom = node;
    this.relayout();
    this.revealRow(this.model.tree.depth[node] ?? 0);
  }

  isVisible(node: number): boolean {
    const { layout, model } = this;
    return layout !== undefined && model !== undefined && rectangleOf(layout, model.tree, node) >= 0;
  }

  focus(): void {
    this.frames.element.focus();
  }

  private get rowHeight(): number {
    return Math.round((this.theme?.frameFontSize ?? 12) * 1.25) + 6;
  }

  private listen(): void {
    new ResizeObserver(() => {
      if (this.measure()) this.relayout();
    }).observe(this.element);
    this.element.addEventListener('scroll', () => {
      this.hover(-1);
      this.surface.redraw();
    });
    this.content.addEventListener('pointermove', (event) => {
      this.hover(this.rectangleUnder(event), event);
    });
    this.content.addEventListener('pointerleave', () => {
      this.hover(-1);
    });
    this.content.addEventListener('click', (event) => {
      this.click(this.rectangleUnder(event));
    });
    this.content.addEventListener('dblclick', (event) => {
      const node = this.layout?.node[this.rectangleUnder(event)] ?? -1;
      if (node >= 0) this.events.openSource(node);
    });
    this.frames.element.addEventListener('keydown', (event) => {
      if (this.key(event)) {
        event.preventDefault();
        event.stopPropagation();
      }
    });
  }

  private click(index: number): void {
    this.frames.element.focus({ preventScroll: true });
    const entry = this.layout?.node[index];
    if (entry === undefined) return;
    // A strip stands for frames that need room: its caller gives it to them.
    const node = entry < 0 ? ~entry : entry;
    this.events.selected(node);
    if (node !== this.zoom) this.events.zoomed(node);
  }

  private key(event: KeyboardEvent): boolean {
    const { model, layout } = this;
    if (model === undefined || layout === undefined || event.ctrlKey || event.metaKey || event.altKey)
      return false;
    const current = this.selectedNode >= 0 ? this.selectedNode : this.zoom;
    const direction = arrows[event.key];
    if (direction !== undefined) {
      this.events.selected(
        this.selectedNode < 0 ? current : neighbour(model.tree, layout, current, direction),
      );
      return true;
    }
    switch (event.key) {
      case 'Enter':
      case ' ':
        this.events.selected(current);
        this.events.zoomed(current);
        return true;
      case 'Escape':
      case 'Backspace':
        if (this.zoom !== model.tree.root)
          this.events.zoomed(model.tree.parent[this.zoom] ?? model.tree.root);
        return true;
      case 'Home':
        this.events.selected(model.tree.root);
        this.events.zoomed(model.tree.root);
        return true;
      case 'o':
      case 'O':
        this.events.openSource(current);
        return true;
      case '/':
        this.events.search();
        return true;
      default:
        return false;
    }
  }

  private rectangleUnder(event: MouseEvent): number {
    if (this.layout === undefined) return -1;
    const box = this.content.getBoundingClientRect();
    return rectangleAt(
      this.layout,
      Math.floor((event.clientY - box.top) / this.rowHeight),
      event.clientX - box.left,
    );
  }

  private hover(index: number, event?: MouseEvent): void {
    const { model, layout } = this;
    if (index === -1 || event === undefined || model === undefined || layout === undefined) {
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
    const description = describeFrame(model, entry, entry < 0 ? this.hiddenChildren(index) : undefined);
    this.tooltip.show(description, model.profile.categories.length, event.clientX, event.clientY);
  }

  private label(model: Model, layout: FlameLayout, index: number): string {
    const entry = layout.node[index] ?? -1;
    return entry < 0 ? plural(this.hiddenChildren(index).frames, 'narrow frame') : model.nodeName(entry);
  }

  /** What a strip stands for: the children of its caller that the layout left out. */
  private hiddenChildren(index: number): HiddenChildren {
    const { model, layout } = this;
    if (model === undefined || layout === undefined) return { frames: 0, weight: 0 };
    const parent = ~(layout.node[index] ?? -1);
    let drawn = 0;
    for (let i = index - 1; i >= 0 && model.tree.parent[layout.node[i] ?? -1] === parent; i--) drawn++;
    const children = (model.tree.childStart[parent + 1] ?? 0) - (model.tree.childStart[parent] ?? 0);
    return { frames: children - drawn, weight: (layout.width[index] ?? 0) / layout.scale };
  }

  private placeMark(mark: HTMLElement, index: number): void {
    const { layout } = this;
    mark.hidden = index < 0;
    if (index < 0 || layout === undefined) return;
    const row = this.rowOf(index);
    mark.style.width = `${String(Math.max((layout.width[index] ?? 0) - 1, 2))}px`;
    mark.style.height = `${String(this.rowHeight - 1)}px`;
    mark.style.transform = `translate(${String(layout.x[index] ?? 0)}px, ${String(row * this.rowHeight)}px)`;
  }

  private rowOf(index: number): number {
    const { model, layout } = this;
    const entry = layout?.node[index] ?? -1;
    if (model === undefined) return 0;
    return entry < 0 ? (model.tree.depth[~entry] ?? 0) + 1 : (model.tree.depth[entry] ?? 0);
  }

  private revealRow(row: number): void {
    const top = row * this.rowHeight;
    const { scrollTop } = this.element;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.rowHeight > scrollTop + this.height) {
      this.element.scrollTop = top + this.rowHeight - this.height;
    }
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
    const { model } = this;
    if (model === undefined || this.theme === undefined || this.width === 0 || this.height === 0) return;
    this.layout = layoutFlame(model.tree, this.zoom, this.width, 1 / (window.devicePixelRatio || 1));
    this.content.style.height = `${String(Math.max(this.layout.rows * this.rowHeight, this.height))}px`;
    this.hover(-1);
    this.placeMark(this.selectMark, rectangleOf(this.layout, model.tree, this.selectedNode));
    this.mirrorSoon();
    this.surface.redraw();
  }

  private painting(): Painting | undefined {
    const { model, theme, layout, found, selectedFunction, rowHeight, width, height } = this;
    if (model === undefined || theme === undefined || layout === undefined) return undefined;
    const labelOf = (index: number): string => this.label(model, layout, index);
    const { scrollTop } = this.element;
    return { model, theme, layout, labelOf, found, selectedFunction, rowHeight, width, height, scrollTop };
  }

  private mirrorSoon(): void {
    window.clearTimeout(this.mirrorTimer);
    this.mirrorTimer = window.setTimeout(() => {
      if (this.model === undefined || this.layout === undefined) return;
      this.frames.update(this.model, this.layout, this.rowHeight, this.selectedNode);
    }, mirrorDelay);
  }
}
