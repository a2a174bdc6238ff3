/** The target of an arrow key in a layout. Pure. */
import type { FrameTree } from '../../src/views/frameTree.js';
import { rectangleOf, zoomedNode, type FlameLayout } from './layout.js';

export type Direction = 'caller' | 'callee' | 'left' | 'right';

/**
 * The caller, the heaviest callee, or the next frame to the left or right in the same row; the same node if there is
 * none.
 */
export function neighbor(tree: FrameTree, layout: FlameLayout, node: number, direction: Direction): number {
  if (direction === 'caller') return Math.max(0, tree.parent(node));
  const index = rectangleOf(layout, tree, node);
  // From a node that a zoom has hidden, to the zoomed frame.
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
