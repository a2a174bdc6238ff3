/** What a tab keeps for itself across hiding and reloading: settings under its id, and how far it is scrolled. */
import type { PanelModel } from './panelModel.js';
import { record } from './savedState.js';

/** As an earlier panel saved it: nothing in it can be trusted. */
export function keptBy(model: PanelModel, tab: string): Readonly<Record<string, unknown>> {
  return record(model.state.tabs[tab]);
}

/** Adds to what the tab keeps, without notifying anyone. */
export function keepFor(model: PanelModel, tab: string, change: Readonly<Record<string, unknown>>): void {
  model.remember({ tabs: { ...model.state.tabs, [tab]: { ...keptBy(model, tab), ...change } } });
}

export function keepScroll(model: PanelModel, key: string, top: number): void {
  if (model.state.scroll[key] !== top) model.remember({ scroll: { ...model.state.scroll, [key]: top } });
}
