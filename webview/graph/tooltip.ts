/** The box beside the pointer. One reused element that ignores pointer events. */
import { el, swatch } from '../ui/dom.js';
import type { FrameDescription } from './describe.js';

const distance = 14;

export class Tooltip {
  readonly element = el('div', { class: 'tooltip', role: 'presentation' });

  private width = 0;
  private height = 0;

  constructor() {
    this.element.hidden = true;
  }

  show(description: FrameDescription, categoryCount: number, x: number, y: number): void {
    const title = el('div', { class: 'tooltip-name' }, description.name);
    if (description.category >= 0) title.prepend(swatch(description.category, categoryCount));
    const list = el('dl');
    for (const fact of description.facts) list.append(el('dt', {}, fact.label), el('dd', {}, fact.value));
    this.element.replaceChildren(title, list);
    this.element.hidden = false;
    // Read once per text: reading forces a layout of the page.
    this.width = this.element.offsetWidth;
    this.height = this.element.offsetHeight;
    this.move(x, y);
  }

  move(x: number, y: number): void {
    const { width, height } = this;
    const left = x + distance + width <= window.innerWidth ? x + distance : x - distance - width;
    const top = y + distance + height <= window.innerHeight ? y + distance : y - distance - height;
    this.element.style.transform = `translate(${String(Math.max(0, left))}px, ${String(Math.max(0, top))}px)`;
  }

  hide(): void {
    this.element.hidden = true;
  }
}
