import { keepScroll } from '../store/kept.js';
import type { PanelModel } from '../store/panelModel.js';

/** How far a tab is scrolled, across hiding and reloading. */
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
