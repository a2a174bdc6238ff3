/** The panel's tabs, in the order in which they are registered. A feature adds its tab here and touches no other. */
import type { Actions } from './actions.js';
import { el } from '../ui/dom.js';
import type { PanelModel } from '../store/panelModel.js';
import type { Theme } from '../ui/theme.js';

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

export function openTabs(context: TabContext): readonly OpenTab[] {
  return registered.map((tab) => new OpenTab(tab, context));
}

/** A tab of this panel. Its view is made when it first comes to the front: the first frame waits for no other's. */
export class OpenTab {
  readonly id: string;
  readonly title: string;
  readonly element = el('div', { class: 'tab' });
  private made: TabView | undefined;
  /** The last message of each type, for a view that is made later. */
  private readonly held = new Map<string, { readonly type: string }>();

  constructor(
    private readonly tab: Tab,
    private readonly context: TabContext,
  ) {
    this.id = tab.id;
    this.title = tab.title;
  }

  get view(): TabView {
    if (this.made === undefined) {
      this.made = this.tab.create(this.context);
      this.element.append(this.made.element);
      for (const message of this.held.values()) this.made.receive?.(message);
      this.held.clear();
    }
    return this.made;
  }

  receive(message: { readonly type: string }): void {
    if (this.made === undefined) this.held.set(message.type, message);
    else this.made.receive?.(message);
  }
}
