/** The panel's tabs, in the order in which they are registered. A feature adds its tab here and touches no other. */
import type { Actions } from './actions.js';
import type { PanelModel } from './model.js';
import type { Theme } from './theme.js';

export interface TabContext {
  readonly model: PanelModel;
  readonly actions: Actions;
}

/** A tab's content. It is told of changes only while it is shown, and at once when it comes to the front. */
export interface TabView {
  readonly element: HTMLElement;
  /** Brings the view up to date with the model; `theme` is the present one. Cheap when nothing changed. */
  render(theme: Theme): void;
  /** Ctrl+F. */
  focusSearch?(): void;
  /** Messages of the host that the panel itself does not know. */
  receive?(message: { readonly type: string }): void;
}

export interface Tab {
  readonly id: string;
  readonly title: string;
  create(context: TabContext): TabView;
}

const registered: Tab[] = [];

export function registerTab(tab: Tab): void {
  registered.push(tab);
}

export function registeredTabs(): readonly Tab[] {
  return registered;
}
