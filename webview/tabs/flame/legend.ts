/** What the colors mean, on one line: what covers most of the visible frames, and the rest behind a button. */
import type { FrameTree } from '../../../src/views/frameTree.js';
import type { FrameColors } from '../../graph/colors.js';
import type { FlameLayout } from '../../graph/layout.js';
import { el } from '../../ui/dom.js';
import { popover } from '../../ui/popover.js';
import { moreColors, texts } from './texts.js';

/** Slots of the frames in a layout, by the width that they cover. O(rectangles). Pure. */
export function visibleSlots(layout: FlameLayout, tree: FrameTree, colors: FrameColors): number[] {
  const widths = new Map<number, number>();
  for (let i = 0; i < layout.count; i++) {
    const node = layout.node[i] as number;
    const func = node < 0 ? -1 : tree.func(node);
    if (func < 0) continue;
    const slot = colors.slotOf(func);
    widths.set(slot, (widths.get(slot) ?? 0) + (layout.width[i] as number));
  }
  return [...widths].sort((a, b) => b[1] - a[1]).map(([slot]) => slot);
}

export class Legend {
  readonly element: HTMLElement;
  private readonly list = el('ul', { class: 'legend', 'aria-label': texts.colors });
  private readonly rest = el('ul', { class: 'legend-rest' });
  private readonly more = popover('', texts.allColors, this.rest);
  private key = '';

  constructor() {
    this.element = el('div', { class: 'legend-line' }, this.list, this.more.button, this.more.box);
    this.more.button.classList.add('quiet');
    new ResizeObserver(() => {
      this.fit();
    }).observe(this.element);
  }

  show(slots: readonly number[], { names, slots: fills }: FrameColors): void {
    const entries = slots.map((slot) => [
      names[slot] ?? '',
      fills[slot]?.fill ?? '',
      fills[slot]?.edge ?? '',
    ]);
    const key = JSON.stringify(entries);
    // The same colors after most movements: nothing to lay out.
    if (key === this.key) return;
    this.key = key;
    const items = (): HTMLElement[] =>
      entries.map(([name = '', fill = '', edge = '']) => {
        const swatch = el('span', { class: 'swatch', 'aria-hidden': 'true' });
        swatch.style.backgroundColor = fill;
        swatch.style.borderColor = edge;
        return el('li', {}, swatch, name);
      });
    this.list.replaceChildren(...items());
    this.rest.replaceChildren(...items());
    this.fit();
  }

  /** Entries that would wrap are behind the button. */
  private fit(): void {
    const items = [...this.list.querySelectorAll('li')];
    const first = items[0]?.offsetTop ?? 0;
    this.more.button.hidden = true;
    let hidden = items.filter((item) => item.offsetTop > first).length;
    if (hidden > 0) {
      this.more.button.hidden = false;
      this.more.button.textContent = moreColors(items.length);
      hidden = items.filter((item) => item.offsetTop > first).length;
      this.more.button.textContent = moreColors(hidden);
    }
  }
}
