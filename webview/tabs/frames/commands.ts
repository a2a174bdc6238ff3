/** The commands on a frame that every view of frames has, for its menu and as keys. */
import { pathTo, type FrameTree } from '../../../src/views/frameTree.js';
import { baseName } from '../../text/places.js';
import type { MenuItem } from '../../ui/menu.js';
import type { TabContext } from '../tab.js';
import { stackText, subtreeText } from './clipboard.js';
import { hideModule, menuTexts, onlyCategory, onlyModule } from './texts.js';

/** @param rooted where paths of the tree start: at the root, where samples end, or neither */
export function filterCommands(
  { model }: TabContext,
  tree: FrameTree,
  node: number,
  rooted: 'root' | 'leaf' | undefined,
): MenuItem[] {
  const func = tree.func(node);
  const none = func < 0;
  const { filters } = model.state;
  const name = none ? { name: '', module: '' } : model.data.nameOf(func);
  const module = none ? '' : model.data.moduleName(func);
  const category = none ? '' : model.data.categoryName(model.data.categoryOf(func));
  return [
    menuItem(menuTexts.focus, 'f', none, () => {
      model.filter({ focus: name });
    }),
    menuItem(menuTexts.focusSubtree, 'F', none || rooted === undefined, () => {
      // The row of a thread isn't a function.
      const functions = pathTo(tree, node).flatMap((n) => (tree.func(n) < 0 ? [] : [tree.func(n)]));
      const inverted = rooted === 'leaf';
      // What is shown begins at the place that it is already restricted to.
      const above = inverted || filters.subtree?.inverted ? [] : (filters.subtree?.path.slice(0, -1) ?? []);
      const path = [...above, ...functions.map((step) => model.data.nameOf(step))];
      model.filter({ subtree: { path, inverted } });
    }),
    menuItem(menuTexts.merge, 'M', none, () => {
      model.filter({ merged: [...filters.merged, name] });
    }),
    menuItem(menuTexts.drop, 'x', none, () => {
      model.filter({ dropped: [...filters.dropped, name] });
    }),
    menuItem(hideModule(baseName(module)), 'h', none || filters.hiddenModules.includes(module), () => {
      model.filter({ hiddenModules: [...filters.hiddenModules, module] });
    }),
    menuItem(onlyModule(baseName(module)), '', none || filters.modules.includes(module), () => {
      model.filter({ modules: [...filters.modules, module] });
    }),
    menuItem(onlyCategory(category), '', none || filters.categories.includes(category), () => {
      model.filter({ categories: [...filters.categories, category] });
    }),
    menuItem(
      filters.collapseRecursion ? menuTexts.expandRecursion : menuTexts.collapseRecursion,
      'r',
      false,
      () => {
        model.filter({ collapseRecursion: !filters.collapseRecursion });
      },
    ),
  ];
}

/** A page outside the editor has no program to read. */
export function codeCommand({ model, actions }: TabContext, func: number): MenuItem {
  return menuItem(menuTexts.showCode, 'b', func < 0 || document.body.classList.contains('standalone'), () => {
    actions.post({ type: 'showCode', runId: model.profile.runId, func });
  });
}

export function copyCommands({ model, actions }: TabContext, tree: FrameTree, node: number): MenuItem[] {
  const func = tree.func(node);
  return [
    menuItem(menuTexts.copyName, 'c', func < 0, () => {
      actions.copy(model.data.fullName(func), menuTexts.nameCopied);
    }),
    menuItem(menuTexts.copyStack, 'C', false, () => {
      actions.copy(stackText(model, tree, node), menuTexts.stackCopied);
    }),
    menuItem(menuTexts.copySubtree, 't', false, () => {
      actions.copy(subtreeText(model, tree, node), menuTexts.subtreeCopied);
    }),
  ];
}

export function menuItem(label: string, key: string, disabled: boolean, act: () => void): MenuItem {
  return { label, key, disabled, act };
}
