/** What a tab keeps for itself across hiding and reloading: settings under its id, and how far it is scrolled. */
import type { PanelModel } from './model.js';
import { record } from './state.js';

/** As an earlier panel saved it: nothing in it is to be trusted. */
export function keptBy(model: PanelModel, tab: string): Readonly<Record<string, unknown>> {
  return record(model.state.tabs[tab]);
}

/** Adds to what the tab keeps; nobody is told. */
export function keepFor(model: PanelModel, tab: string, change: Readonly<Record<string, unknown>>): void {
  model.remember({ tabs: { ...model.state.tabs, [tab]: { ...keptBy(model, tab), ...change } } });
}

export class KeptScroll {
  /** Where `restore` has brought it; a content that is still short lets it go less far than it was. */
  private restored = -1;

  constructor(
    private readonly model: PanelModel,
    private readonly key: string,
    private readonly element: HTMLElement,
  ) {
    element.addEventListener('scroll', () => {
      const { scrollTop, clientHeight } = element;
      // A tab that goes to the back has no height, and has not been scrolled.
      if (clientHeight === 0 || scrollTop === this.restored) return;
      this.restored = -1;
      keepScroll(model, key, scrollTop);
    });
  }

  /** Once the element has its content. */
  restore(): void {
    this.element.scrollTop = this.model.state.scroll[this.key] ?? 0;
    this.restored = this.element.scrollTop;
  }

  /** After more content has come, unless the reader has scrolled meanwhile. */
  restoreAgain(): void {
    if (this.restored >= 0) this.restore();
  }
}

export function keepScroll(model: PanelModel, key: string, top: number): void {
  if (model.state.scroll[key] !== top) model.remember({ scroll: { ...model.state.scroll, [key]: top } });
}
