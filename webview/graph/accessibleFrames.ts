/**
 * The flame graph for screen readers and tests: one invisible element over each drawn frame, at the same
 * position, so that a reader's cursor and a magnifier find it too. Pointer events go through to the canvas.
 */
import type { FrameTree } from '../../src/views/frameTree.js';
import { el } from '../ui/dom.js';
import type { PanelModel } from '../store/panelModel.js';
import { plainPercent } from '../text/plainPercent.js';
import { frameLabel, nodeName } from './describe.js';
import type { FlameLayout } from './layout.js';
import { texts } from './texts.js';

/** Beyond this number the narrowest frames are left out: zooming reaches them. Bounds the cost of an update. */
export const maxItems = 250;

export type GraphKind = 'flameGraph' | 'callers';

export class AccessibleFrames {
  readonly element: HTMLElement;
  private items: HTMLElement[] = [];
  private itemOfNode = new Map<number, HTMLElement>();
  private selected: HTMLElement | undefined;

  /** @param kind also makes the ids of two trees distinct */
  constructor(private readonly kind: GraphKind) {
    this.element = el('div', {
      class: 'flame-tree',
      role: 'tree',
      tabindex: '0',
      'aria-label': texts[kind],
      'aria-description': kind === 'callers' ? texts.callersKeys : texts.flameGraphKeys,
    });
  }

  /** @param topOf a row's upper edge */
  update(
    model: PanelModel,
    tree: FrameTree,
    layout: FlameLayout,
    rowHeight: number,
    topOf: (row: number) => number,
    selected: number,
  ): void {
    const shown = chooseFrames(layout, maxItems, selected);
    while (this.items.length < shown.length) this.items.push(this.addItem());
    for (const extra of this.items.splice(shown.length)) extra.remove();
    this.itemOfNode.clear();
    shown.forEach((index, i) => {
      const item = this.items[i];
      const node = layout.node[index] ?? -1;
      if (item === undefined) return;
      this.itemOfNode.set(node, item);
      item.dataset.frame = nodeName(model, tree, node);
      item.dataset.totalPercent = plainPercent(model.shown.share(tree.total(node)));
      item.dataset.selfPercent = plainPercent(model.shown.share(tree.self(node)));
      item.setAttribute('aria-label', frameLabel(model, tree, node));
      const depth = tree.depth(node);
      item.setAttribute('aria-level', String(depth + 1));
      item.style.width = `${String(layout.width[index] ?? 0)}px`;
      item.style.height = `${String(rowHeight)}px`;
      item.style.transform = `translate(${String(layout.x[index] ?? 0)}px, ${String(topOf(depth))}px)`;
    });
    this.select(selected);
  }

  /** @returns false if the node has no element yet */
  select(node: number): boolean {
    const item = this.itemOfNode.get(node);
    if (item !== this.selected) this.selected?.setAttribute('aria-selected', 'false');
    this.selected = item;
    item?.setAttribute('aria-selected', 'true');
    if (item === undefined) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', item.id);
    return item !== undefined;
  }

  clear(): void {
    this.items = [];
    this.itemOfNode.clear();
    this.selected = undefined;
    this.element.replaceChildren();
  }

  private addItem(): HTMLElement {
    const item = el('div', {
      role: 'treeitem',
      id: `${this.kind}-${String(this.items.length)}`,
      'aria-selected': 'false',
    });
    this.element.append(item);
    return item;
  }
}

/** The widest rectangles, in drawing order, the selected node always among them; strips are not frames. */
export function chooseFrames(layout: FlameLayout, limit: number, selected: number): number[] {
  let threshold = 0;
  if (layout.count > limit) {
    const widths = layout.width.slice().sort();
    threshold = widths[widths.length - limit] ?? 0;
  }
  const chosen: number[] = [];
  for (let i = 0; i < layout.count; i++) {
    const node = layout.node[i] ?? -1;
    if (node < 0) continue;
    const wide = (layout.width[i] ?? 0) >= threshold && chosen.length < limit;
    if (wide || node === selected) chosen.push(i);
  }
  return chosen;
}
