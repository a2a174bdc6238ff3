/** The keys of the call tree. */
import type { MenuItem } from '../../ui/menu.js';
import type { TreeRows } from './rows.js';

interface KeyActions {
  goTo(node: number): void;
  /** Opens or closes the active row. */
  toggle(): void;
  search(): void;
  match(by: 1 | -1): void;
  help(): void;
  /** Clears all filters. */
  clear(): void;
  menu(): void;
  /** The commands on the active row, with their keys. */
  items(): readonly MenuItem[];
}

/**
 * @param active node of the row that keys apply to
 * @param page rows in view
 * @returns whether the key was handled
 */
export function rowKey(
  event: KeyboardEvent,
  rows: TreeRows,
  active: number,
  page: number,
  act: KeyActions,
): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const { nodes, tree } = rows;
  const at = nodes.indexOf(active);
  const last = nodes.length - 1;
  const go = (to: number) => () => {
    const node = nodes[Math.max(0, Math.min(last, to))];
    if (node !== undefined) act.goTo(node);
  };
  const menu = (): void => {
    act.menu();
  };
  const keys: Readonly<Record<string, () => void>> = {
    ArrowDown: go(at + 1),
    ArrowUp: go(at - 1),
    PageDown: go(at + page),
    PageUp: go(at - page),
    Home: go(0),
    End: go(last),
    ArrowRight: () => {
      if (!rows.canOpen(active)) return;
      if (rows.isOpen(active)) go(at + 1)();
      else act.toggle();
    },
    ArrowLeft: () => {
      const parent = tree.parent(active);
      if (rows.isOpen(active)) act.toggle();
      else if (parent > 0) act.goTo(parent);
    },
    '/': () => {
      act.search();
    },
    n: () => {
      act.match(1);
    },
    N: () => {
      act.match(-1);
    },
    '?': () => {
      act.help();
    },
    u: () => {
      act.clear();
    },
    m: menu,
    F10: menu,
    ContextMenu: menu,
  };
  const known = keys[event.key];
  if (known !== undefined) {
    known();
    return true;
  }
  const named = { ' ': 'Space', o: 'Enter' }[event.key] ?? event.key;
  const item = active < 0 ? undefined : act.items().find(({ key }) => key === named);
  if (item === undefined || item.disabled) return false;
  item.act();
  return true;
}
