/** Which frame stands for the selection that all tabs share: pure. */
import { followPath, type FrameTree } from '../../../src/views/frameTree.js';
import type { PanelModel } from '../../store/panelModel.js';
import { heaviestNode } from '../../store/search.js';

/** The very frame where its path is here, else one that stands for the function; -1 for none. */
export function frameOfSelection(model: PanelModel, tree: FrameTree): number {
  const func = model.selectedFunction;
  if (func < 0) return -1;
  const path = model.state.selectedPath;
  const node = followPath(tree, path, (f) => model.stepName(f));
  return path.length > 0 && tree.func(node) === func ? node : standIn(model, tree, func);
}

function standIn(model: PanelModel, tree: FrameTree, func: number): number {
  const { view } = model.state;
  if (view === 'aggregated') return heaviestNode(model.shown.tree, func);
  // Inverted and sandwich have it in the first row; in time order no occurrence stands for all.
  let node = -1;
  if (view === 'time') return node;
  tree.place(0, -Infinity, Infinity, 0, {
    frame: (child) => {
      if (tree.func(child) === func) node = child;
    },
    strip: () => undefined,
  });
  return node;
}

/** The frames found among those that are laid out, in reading order. */
export function visibleMatches(tree: FrameTree, nodes: Int32Array, found: Uint8Array): number[] {
  return [...nodes].filter((node) => node > 0 && found[tree.func(node)] === 1);
}
