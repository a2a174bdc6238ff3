import type { Change, PanelModel } from '../store/panelModel.js';
import type { TabView } from '../tabs/tab.js';
import { el } from '../ui/dom.js';
import type { Theme } from '../ui/theme.js';

/**
 * A tab of this panel. Its view is made when it is first shown: the first frame waits for no other tab.
 * Changes are collected here from the start, so that a view which is made later misses none.
 */
export class OpenTab {
  readonly element = el('div', { class: 'tab' });
  private made: TabView | undefined;
  private changed = new Set<Change>(['profile', 'shown', 'compared', 'selection', 'state']);

  constructor(
    readonly id: string,
    readonly title: string,
    model: PanelModel,
    private readonly create: () => TabView,
  ) {
    model.onChange((change) => this.changed.add(change));
  }

  get view(): TabView {
    if (this.made === undefined) {
      this.made = this.create();
      this.element.append(this.made.element);
    }
    return this.made;
  }

  render(theme: Theme): void {
    const { changed } = this;
    this.changed = new Set();
    this.view.render(theme, changed);
  }
}
