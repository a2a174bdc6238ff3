/** Nodes of the call tree as rows: their children, and the ways a search leads. Pure. */
import { CallerTree } from '../../../src/views/callers.js';
import type { CallTree } from '../../../src/views/callTree.js';
import { MergedFrames, type FrameTree } from '../../../src/views/frameTree.js';

/** From `main` to what it calls, or from where the cost is to who calls it. */
export type Direction = 'down' | 'up';

/** What a search found in a tree. */
export interface Found {
  /** The function of this row was found. */
  hit(node: number): boolean;
  /** The row, or one below it, is a hit. */
  leads(node: number): boolean;
}

export interface Nodes {
  readonly tree: FrameTree;
  /** What the function itself costs in a row; bottom-up only the functions that samples end in cost something themselves. */
  readonly self: (node: number) => number;
  /** Undefined while nothing is searched. */
  readonly found: Found | undefined;
}

/** @param functions 1 for those that a search found */
export function nodesOf(tree: CallTree, direction: Direction, functions: Uint8Array | undefined): Nodes {
  if (direction === 'up') {
    const callers = CallerTree.inverted(tree, functions);
    return {
      tree: callers,
      self: (node) => (callers.depth(node) === 1 ? callers.total(node) : 0),
      found: functions && {
        hit: (node) => functions[callers.func(node)] === 1,
        leads: (node) => callers.leads(node),
      },
    };
  }
  const frames = new MergedFrames(tree);
  const self = (node: number): number => frames.self(node);
  if (functions === undefined) return { tree: frames, self, found: undefined };
  const { length, func, parent } = tree;
  const leads = new Uint8Array(length);
  for (let node = length - 1; node > 0; node--) {
    if (functions[func[node] as number] === 1) leads[node] = 1;
    if (leads[node] === 1) leads[parent[node] as number] = 1;
  }
  return {
    tree: frames,
    self,
    found: { hit: (node) => functions[func[node] as number] === 1, leads: (node) => leads[node] === 1 },
  };
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
