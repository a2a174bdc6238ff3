/** The frames of the differential flame graph for screen readers and tests, each where it is drawn. */
import type { FrameTree } from '../../../src/views/frameTree.js';
import { el } from '../../ui/dom.js';
import { chooseFrames, maxItems } from '../../graph/accessibleFrames.js';
import type { FlameLayout } from '../../graph/layout.js';
import { texts } from './texts.js';

export interface FrameText {
  readonly name: string;
  readonly label: string;
  readonly slot: number;
}

export class AccessibleRows {
  readonly element = el('div', {
    class: 'flame-tree',
    role: 'tree',
    tabindex: '0',
    'aria-label': texts.graph,
    'aria-description': texts.graphKeys,
  });
  private items = new Map<number, HTMLElement>();

  update(
    tree: FrameTree,
    layout: FlameLayout,
    rowHeight: number,
    selected: number,
    textOf: (node: number) => FrameText,
  ): void {
    this.items = new Map();
    this.element.replaceChildren(
      ...chooseFrames(layout, maxItems, selected).map((index) => {
        const node = layout.node[index] ?? -1;
        const { name, label, slot } = textOf(node);
        const item = el('div', {
          role: 'treeitem',
          id: `diff-frame-${String(node)}`,
          'aria-label': label,
          'aria-level': String(tree.depth(node) + 1),
          'data-frame': name,
          'data-slot': String(slot),
        });
        item.style.width = `${String(layout.width[index] ?? 0)}px`;
        item.style.height = `${String(rowHeight)}px`;
        item.style.transform = `translate(${String(layout.x[index] ?? 0)}px, ${String(tree.depth(node) * rowHeight)}px)`;
        this.items.set(node, item);
        return item;
      }),
    );
    this.select(selected);
  }

  select(node: number): void {
    for (const [key, item] of this.items) item.setAttribute('aria-selected', String(key === node));
    const item = this.items.get(node);
    if (item === undefined) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', item.id);
  }
}
