/** The frame that represents the selection shared by all tabs. Pure. */
import { followPath, type FrameTree } from '../../../src/views/frameTree.js';
import type { PanelModel } from '../../store/panelModel.js';
import { heaviestNode } from '../../store/search.js';

/** The frame at the selected path if it exists, else one that represents the function; -1 for none. */
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
  // Inverted and sandwich have it in the first row; in the time order no occurrence represents all.
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

/** The matches among the frames of the layout, in reading order. */
export function visibleMatches(tree: FrameTree, nodes: Int32Array, found: Uint8Array): number[] {
  return [...nodes].filter((node) => node > 0 && found[tree.func(node)] === 1);
}
