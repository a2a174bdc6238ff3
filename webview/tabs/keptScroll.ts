import { keepScroll } from '../store/kept.js';
import type { PanelModel } from '../store/panelModel.js';

/** How far a tab is scrolled, across hiding and reloading. */
export class KeptScroll {
  /** The position that `restore` reached, which short content may limit; -1 once the user has scrolled. */
  private restored = -1;

  constructor(
    private readonly model: PanelModel,
    private readonly key: string,
    private readonly element: HTMLElement,
  ) {
    element.addEventListener('scroll', () => {
      const { scrollTop, clientHeight } = element;
      // A tab that is hidden has no height, and was not scrolled.
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

  /** After more content was added, unless the user has scrolled meanwhile. */
  restoreAgain(): void {
    if (this.restored >= 0) this.restore();
  }
}
