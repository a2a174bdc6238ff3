/** What a tab is given and must provide. No tab imports another. */
import type { Actions } from './actions.js';
import type { PanelModel } from '../store/panelModel.js';
import type { Theme } from '../ui/theme.js';

export interface TabContext {
  readonly model: PanelModel;
  readonly actions: Actions;
}

/** A tab's content. It is rendered only while it is shown, and when it is brought to the front. */
export interface TabView {
  readonly element: HTMLElement;
  /** Brings the view up to date with the model; `theme` is the current one. Cheap if nothing changed. */
  render(theme: Theme): void;
  /** Ctrl+F. */
  focusSearch?(): void;
}
