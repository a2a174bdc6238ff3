/** What can be done with a frame: the menu, and the same by keys. */
import type { MenuItem } from '../../ui/menu.js';
import { baseName } from '../../text/format.js';
import type { TabContext } from '../tab.js';
import type { ShownFrames } from './frames.js';
import { stackText, subtreeText } from './clipboard.js';

export function frameMenu(
  { model, actions }: TabContext,
  { tree, placeOf }: ShownFrames,
  node: number,
  zoom: () => void,
): MenuItem[] {
  const func = tree.func(node);
  const none = func < 0;
  const { filters } = model.state;
  const module = none ? '' : model.data.moduleName(func);
  const category = none ? '' : model.data.categoryName(model.data.categoryOf(func));
  const item = (label: string, key: string, disabled: boolean, act: () => void): MenuItem => ({
    label,
    key,
    disabled,
    act,
  });
  return [
    item('Zoom to this frame', 'Enter', false, zoom),
    item('Go to source', 'o', none, () => {
      actions.openSource(func, placeOf(node));
    }),
    item('Callers and callees (sandwich)', '4', none, () => {
      model.select(func);
      model.update({ view: 'sandwich' });
    }),
    item('Focus on this function', 'f', none, () => {
      model.filter({ focus: model.data.nameOf(func) });
    }),
    item('Drop samples with this function', 'x', none, () => {
      model.filter({ dropped: [...filters.dropped, model.data.nameOf(func)] });
    }),
    item(`Hide module ${baseName(module)}`, 'h', none || filters.hiddenModules.includes(module), () => {
      model.filter({ hiddenModules: [...filters.hiddenModules, module] });
    }),
    item(`Only module ${baseName(module)}`, '', none || filters.modules.includes(module), () => {
      model.filter({ modules: [...filters.modules, module] });
    }),
    item(`Only category ${category}`, '', none || filters.categories.includes(category), () => {
      model.filter({ categories: [...filters.categories, category] });
    }),
    item(filters.collapseRecursion ? 'Expand recursion' : 'Collapse recursion', 'r', false, () => {
      model.filter({ collapseRecursion: !filters.collapseRecursion });
    }),
    item('Copy name', 'c', none, () => {
      actions.copy(model.data.fullName(func), 'the name');
    }),
    item('Copy stack', 'C', false, () => {
      actions.copy(stackText(model, tree, node), 'the stack');
    }),
    item('Copy subtree', 't', false, () => {
      actions.copy(subtreeText(model, tree, node), 'the subtree');
    }),
  ];
}
