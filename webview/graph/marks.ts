/** The outlines above the canvas and the tooltip: hovering redraws nothing. */
import type { FrameTree } from '../../src/views/frameTree.js';
import { el } from '../ui/dom.js';
import type { PanelModel, Place } from '../store/panelModel.js';
import { describeFrame, describeStrip } from './describe.js';
import { rectangleOf, type FlameLayout } from './layout.js';
import { Tooltip } from './tooltip.js';
import type { Viewport } from './viewport.js';

/** What is drawn now. */
export interface Drawn {
  readonly model: PanelModel;
  readonly tree: FrameTree;
  readonly layout: FlameLayout;
}

export class Marks {
  readonly tooltip = new Tooltip();
  readonly hovering = el('div', { class: 'flame-mark flame-hover' });
  readonly selection = el('div', { class: 'flame-mark flame-selected' });
  private hovered = -1;

  constructor(
    private readonly view: Viewport,
    private readonly placeOf: (node: number) => Place | undefined,
  ) {
    this.hovering.hidden = true;
    this.selection.hidden = true;
  }

  leave(): void {
    if (this.hovered === -1) return;
    this.tooltip.hide();
    this.hovered = -1;
    this.hovering.hidden = true;
  }

  /** @param index of a rectangle of the layout, -1 for none */
  hover(drawn: Drawn, index: number, { clientX, clientY }: MouseEvent): void {
    if (index === -1) this.leave();
    else if (index === this.hovered) this.tooltip.move(clientX, clientY);
    else {
      const { model } = drawn;
      this.hovered = index;
      this.place(this.hovering, drawn, index);
      const categories = model.profile.categories.length;
      this.tooltip.show(this.describe(drawn, index), categories, clientX, clientY);
    }
  }

  /** @returns the index of the rectangle that is outlined, -1 if it is not visible */
  select(drawn: Drawn, node: number): number {
    const index = rectangleOf(drawn.layout, drawn.tree, node);
    this.place(this.selection, drawn, index);
    return index;
  }

  private describe({ model, tree, layout }: Drawn, index: number): ReturnType<typeof describeFrame> {
    const entry = layout.node[index] ?? -1;
    if (entry >= 0) return describeFrame(model, tree, entry, this.placeOf(entry));
    return describeStrip(model, tree, {
      parent: ~entry,
      weight: (layout.width[index] ?? 0) / layout.scale,
    });
  }

  private place(mark: HTMLElement, { tree, layout }: Drawn, index: number): void {
    mark.hidden = index < 0;
    if (index < 0) return;
    const entry = layout.node[index] ?? -1;
    const row = entry < 0 ? tree.depth(~entry) + 1 : tree.depth(entry);
    const { rowHeight, topOf } = this.view;
    mark.style.width = `${String(Math.max((layout.width[index] ?? 0) - 1, 2))}px`;
    mark.style.height = `${String(rowHeight - 1)}px`;
    mark.style.transform = `translate(${String(layout.x[index] ?? 0)}px, ${String(topOf(row))}px)`;
  }
}
