/** What a tab is given and must provide. No tab imports another. */
import type { Actions } from './actions.js';
import type { Change, PanelModel } from '../store/panelModel.js';
import type { Theme } from '../ui/theme.js';

export interface TabContext {
  readonly model: PanelModel;
  readonly actions: Actions;
}

/** A tab's content. It is rendered only while it is shown, and when it is brought to the front. */
export interface TabView {
  readonly element: HTMLElement;
  /**
   * Brings the view up to date with the model. Cheap if nothing changed.
   * @param theme the current one
   * @param changed since the last rendering; everything at first
   */
  render(theme: Theme, changed: ReadonlySet<Change>): void;
  /** Ctrl+F. */
  focusSearch?(): void;
}
