import type { TabView } from '../tabs/tab.js';
import { el } from '../ui/dom.js';

/** A tab of this panel. Its view is made when it first comes to the front: the first frame waits for no other tab. */
export class OpenTab {
  readonly element = el('div', { class: 'tab' });
  private made: TabView | undefined;

  constructor(
    readonly id: string,
    readonly title: string,
    private readonly create: () => TabView,
  ) {}

  get view(): TabView {
    if (this.made === undefined) {
      this.made = this.create();
      this.element.append(this.made.element);
    }
    return this.made;
  }
}
