/** Nodes of the call tree as rows: which are open, and which are below which. */
import { CallerTree } from '../../../src/views/callers.js';
import type { CallTree } from '../../../src/views/callTree.js';
import { MergedFrames, type FrameTree } from '../../../src/views/frameTree.js';

/** From `main` to what it calls, or from where the cost is to who calls it. */
export type Direction = 'down' | 'up';

export function treeOf(tree: CallTree, direction: Direction): FrameTree {
  return direction === 'down' ? new MergedFrames(tree) : CallerTree.inverted(tree);
}

/** Largest first. */
export function childrenOf(tree: FrameTree, node: number): number[] {
  const children: number[] = [];
  tree.place(node, -Infinity, Infinity, 0, {
    frame: (child) => children.push(child),
    strip: () => undefined,
  });
  return children.sort((a, b) => tree.total(b) - tree.total(a));
}

/** Of a row's own weight, what its heaviest child has at least for the path to go on there. */
const heavy = 0.5;

/** The nodes to open from a node on: down to where the cost is its own, or is divided among many. */
export function heavyPath(tree: FrameTree, from: number): number[] {
  const path: number[] = [];
  for (let node = from; ;) {
    const [first] = childrenOf(tree, node);
    if (first === undefined) return path;
    path.push(node);
    if (tree.total(first) < heavy * tree.total(node)) return path;
    node = first;
  }
}
