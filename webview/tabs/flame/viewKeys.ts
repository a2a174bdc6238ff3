/** The keys of the flame graph beyond moving around in it. */
import type { PanelModel } from '../../store/panelModel.js';
import type { MenuItem } from '../../ui/menu.js';
import { viewKinds } from './controls.js';
import { texts, viewLabels } from './texts.js';

interface KeyActions {
  /** Back or forward. */
  step(by: -1 | 1): void;
  zoomIn(): void;
  zoomOut(): void;
  home(): void;
  openSource(): void;
  search(): void;
  help(): void;
  match(by: 1 | -1): void;
  menu(): void;
  /** The commands on the selected frame, with their keys. */
  items(): readonly MenuItem[];
  announce(text: string): void;
}

/** @returns whether the key was handled */
export function viewKey(event: KeyboardEvent, model: PanelModel, act: KeyActions): boolean {
  if (event.altKey) {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return false;
    act.step(event.key === 'ArrowLeft' ? -1 : 1);
    return true;
  }
  if (event.ctrlKey || event.metaKey) return false;
  const actions: Readonly<Record<string, () => void>> = {
    Enter: () => {
      act.zoomIn();
    },
    ' ': () => {
      act.zoomIn();
    },
    Escape: () => {
      act.zoomOut();
    },
    Backspace: () => {
      act.zoomOut();
    },
    Home: () => {
      act.home();
    },
    o: () => {
      act.openSource();
    },
    O: () => {
      act.openSource();
    },
    '/': () => {
      act.search();
    },
    '?': () => {
      act.help();
    },
    n: () => {
      act.match(1);
    },
    N: () => {
      act.match(-1);
    },
    m: () => {
      act.menu();
    },
    F10: () => {
      act.menu();
    },
    ContextMenu: () => {
      act.menu();
    },
    ...settings(model, act),
  };
  const chosen = actions[event.key];
  if (chosen !== undefined) {
    chosen();
    return true;
  }
  const item = act.items().find(({ key }) => key === event.key);
  if (item === undefined || item.disabled) return false;
  item.act();
  return true;
}

/** Keys that change a setting, and announce it. */
function settings(model: PanelModel, act: KeyActions): Record<string, () => void> {
  const keys: Record<string, () => void> = {
    i: () => {
      const orientation = model.state.orientation === 'flame' ? 'icicle' : 'flame';
      model.update({ orientation });
      act.announce(orientation === 'flame' ? texts.callersBelow : texts.callersAbove);
    },
    l: () => {
      model.update({ fullNames: !model.state.fullNames });
      act.announce(model.state.fullNames ? texts.namesFull : texts.namesShort);
    },
    u: () => {
      model.clearFilters();
    },
  };
  viewKinds.forEach((view, i) => {
    keys[String(i + 1)] = () => {
      model.update({ view });
      act.announce(viewLabels[view]);
    };
  });
  return keys;
}
