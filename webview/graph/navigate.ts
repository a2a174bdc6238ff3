/** Where an arrow key leads in a layout. Pure. */
import type { FrameTree } from '../../src/views/frameTree.js';
import { rectangleOf, zoomedNode, type FlameLayout } from './layout.js';

export type Direction = 'caller' | 'callee' | 'left' | 'right';

/**
 * To the caller, to the heaviest callee, left and right to the next frame of the same row. Returns the node to
 * select: the same one where there is nothing further.
 */
export function neighbour(tree: FrameTree, layout: FlameLayout, node: number, direction: Direction): number {
  if (direction === 'caller') return Math.max(0, tree.parent(node));
  const index = rectangleOf(layout, tree, node);
  // What a zoom has hidden is left behind for the zoomed frame.
  if (index === -1) return zoomedNode(layout, tree);
  const row = tree.depth(node);
  if (direction === 'callee') {
    let heaviest = node;
    for (let i = layout.rowStart[row + 1] ?? 0; i < (layout.rowStart[row + 2] ?? 0); i++) {
      const below = layout.node[i] ?? -1;
      if (below < 0 || tree.parent(below) !== node) continue;
      if (heaviest === node || tree.total(below) > tree.total(heaviest)) heaviest = below;
    }
    return heaviest;
  }
  const step = direction === 'left' ? -1 : 1;
  const end = layout.rowStart[row + 1] ?? 0;
  for (let i = index + step; i >= (layout.rowStart[row] ?? 0) && i < end; i += step) {
    const beside = layout.node[i] ?? -1;
    if (beside >= 0) return beside;
  }
  return node;
}
