/** The commands on a frame of the flame graph. */
import type { MenuItem } from '../../ui/menu.js';
import { codeCommand, copyCommands, filterCommands, menuItem } from '../frames/commands.js';
import { menuTexts as frameTexts } from '../frames/texts.js';
import type { TabContext } from '../tab.js';
import type { ShownFrames } from './frames.js';
import { menuTexts } from './texts.js';

export function frameMenu(
  context: TabContext,
  { tree, placeOf }: ShownFrames,
  node: number,
  zoom: () => void,
): MenuItem[] {
  const { model, actions } = context;
  const func = tree.func(node);
  const none = func < 0;
  const rooted = { aggregated: 'root', time: 'root', inverted: 'leaf', sandwich: undefined } as const;
  return [
    menuItem(menuTexts.zoom, 'Enter', false, zoom),
    menuItem(frameTexts.goToSource, 'o', none, () => {
      actions.openSource(func, placeOf(node));
    }),
    codeCommand(context, func),
    menuItem(menuTexts.sandwich, '4', none, () => {
      model.select(func);
      model.update({ view: 'sandwich' });
    }),
    ...filterCommands(context, tree, node, rooted[model.state.view]),
    ...copyCommands(context, tree, node),
  ];
}
