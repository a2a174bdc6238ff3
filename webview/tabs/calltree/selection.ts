import { followPath, type FrameTree } from '../../../src/views/frameTree.js';
import type { PanelModel } from '../../store/panelModel.js';
import { heaviestNode } from '../../store/search.js';
import { childrenOf, type Direction } from './nodes.js';

/** The frame that a view selected, or one that represents its function; -1 if there is none. */
export function nodeOfSelection(model: PanelModel, tree: FrameTree, direction: Direction): number {
  const func = model.selectedFunction;
  if (direction === 'up') return childrenOf(tree, 0).find((child) => tree.func(child) === func) ?? -1;
  const node = followPath(tree, model.state.selectedPath, (step) => model.stepName(step));
  return node > 0 && tree.func(node) === func ? node : heaviestNode(model.shown.tree, func);
}
