/** Where an arrow key leads in a layout. Pure. */
import { rectangleOf, type FlameLayout } from './layout.js';
import type { FlameTree } from './tree.js';

export type Direction = 'up' | 'down' | 'left' | 'right';

/**
 * Up to the caller, down to the heaviest callee, left and right to the next frame of the same row. Returns the
 * node to select: the same one where there is nothing further.
 */
export function neighbour(tree: FlameTree, layout: FlameLayout, node: number, direction: Direction): number {
  if (direction === 'up') return node === tree.root ? node : (tree.parent[node] ?? node);
  const index = rectangleOf(layout, tree, node);
  // What a zoom has hidden is left behind for the zoomed frame.
  if (index === -1) return layout.zoom;
  if (direction === 'down') {
    const row = (tree.depth[node] ?? 0) + 1;
    if (row >= layout.rows) return node;
    const end = layout.rowStart[row + 1] ?? 0;
    for (let i = layout.rowStart[row] ?? 0; i < end; i++) {
      const below = layout.node[i] ?? -1;
      if (below >= 0 && tree.parent[below] === node) return below;
    }
    return node;
  }
  const step = direction === 'left' ? -1 : 1;
  const row = tree.depth[node] ?? 0;
  const start = layout.rowStart[row] ?? 0;
  const end = layout.rowStart[row + 1] ?? 0;
  for (let i = index + step; i >= start && i < end; i += step) {
    const beside = layout.node[i] ?? -1;
    if (beside >= 0) return beside;
  }
  return node;
}
