/** The commands on a row of the call tree, for its menu and as keys. */
import type { MenuItem } from '../../ui/menu.js';
import { codeCommand, copyCommands, filterCommands, menuItem } from '../frames/commands.js';
import { menuTexts as frameTexts } from '../frames/texts.js';
import type { TabContext } from '../tab.js';
import type { Direction } from './nodes.js';
import { mostOpened, type TreeRows } from './rows.js';
import { bounded, menuTexts } from './texts.js';

interface ItemActions {
  expandPath(): void;
  /** Rows were opened. */
  opened(): void;
}

export function rowItems(
  context: TabContext,
  rows: TreeRows,
  node: number,
  direction: Direction,
  act: ItemActions,
): MenuItem[] {
  const { actions } = context;
  const { tree } = rows;
  const closed = !rows.canOpen(node);
  return [
    menuItem(frameTexts.goToSource, 'Enter', false, () => {
      actions.openSource(tree.func(node));
    }),
    codeCommand(context, tree.func(node)),
    menuItem(menuTexts.showInFlameGraph, 'Space', false, () => {
      actions.showInFlameGraph(tree.func(node));
    }),
    menuItem(menuTexts.expandAll, '*', closed, () => {
      if (!rows.openBelow(node)) actions.announce(bounded(mostOpened));
      act.opened();
    }),
    menuItem(menuTexts.expandPath, 'p', closed, () => {
      act.expandPath();
    }),
    ...filterCommands(context, tree, node, direction === 'down' ? 'root' : 'leaf'),
    ...copyCommands(context, tree, node),
  ];
}
