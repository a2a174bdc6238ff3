/** The commands on a frame, for its menu and as keys. */
import type { MenuItem } from '../../ui/menu.js';
import { baseName } from '../../text/places.js';
import type { TabContext } from '../tab.js';
import type { ShownFrames } from './frames.js';
import { stackText, subtreeText } from './clipboard.js';
import { hideModule, menuTexts, onlyCategory, onlyModule } from './texts.js';

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
    item(menuTexts.zoom, 'Enter', false, zoom),
    item(menuTexts.goToSource, 'o', none, () => {
      actions.openSource(func, placeOf(node));
    }),
    item(menuTexts.sandwich, '4', none, () => {
      model.select(func);
      model.update({ view: 'sandwich' });
    }),
    item(menuTexts.focus, 'f', none, () => {
      model.filter({ focus: model.data.nameOf(func) });
    }),
    item(menuTexts.drop, 'x', none, () => {
      model.filter({ dropped: [...filters.dropped, model.data.nameOf(func)] });
    }),
    item(hideModule(baseName(module)), 'h', none || filters.hiddenModules.includes(module), () => {
      model.filter({ hiddenModules: [...filters.hiddenModules, module] });
    }),
    item(onlyModule(baseName(module)), '', none || filters.modules.includes(module), () => {
      model.filter({ modules: [...filters.modules, module] });
    }),
    item(onlyCategory(category), '', none || filters.categories.includes(category), () => {
      model.filter({ categories: [...filters.categories, category] });
    }),
    item(
      filters.collapseRecursion ? menuTexts.expandRecursion : menuTexts.collapseRecursion,
      'r',
      false,
      () => {
        model.filter({ collapseRecursion: !filters.collapseRecursion });
      },
    ),
    item(menuTexts.copyName, 'c', none, () => {
      actions.copy(model.data.fullName(func), menuTexts.nameCopied);
    }),
    item(menuTexts.copyStack, 'C', false, () => {
      actions.copy(stackText(model, tree, node), menuTexts.stackCopied);
    }),
    item(menuTexts.copySubtree, 't', false, () => {
      actions.copy(subtreeText(model, tree, node), menuTexts.subtreeCopied);
    }),
  ];
}
