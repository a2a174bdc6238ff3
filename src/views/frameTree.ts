import type { CallTree } from './callTree.js';

/**
 * What a flame graph draws: a tree of frames on an axis of weight, queried only for what is visible. Implemented by call
 * trees, callers that are computed as they become visible, and samples in order of time.
 * Node 0 is the root.
 */
export interface FrameTree {
  /** -1 for the root; `threadFrame(t)` for the row of a thread. */
  func(node: number): number;
  /** -1 for the root. */
  parent(node: number): number;
  depth(node: number): number;
  /** Depth of the deepest frame below, or an upper bound if that isn't known yet. */
  deepest(node: number): number;
  /** Left edge on the axis of weight. */
  start(node: number): number;
  total(node: number): number;
  self(node: number): number;
  totalSamples(node: number): number;
  selfSamples(node: number): number;
  inlined(node: number): boolean;
  /**
   * Visits the children of a node in `from..to`, from left to right: those of at least `narrow` weight one by one,
   * narrower neighbors together. Cost: proportional to what is visited, not to what exists.
   */
  place(node: number, from: number, to: number, narrow: number, out: Placement): void;
}

export interface Placement {
  frame(node: number, start: number, total: number): void;
  /** Children of `parent` that are too narrow to distinguish. */
  strip(parent: number, start: number, total: number): void;
}

/** The pseudo function that stands for a thread's row. */
export function threadFrame(thread: number): number {
  return -2 - thread;
}

/** The thread of such a row, or -1. */
export function threadOfFrame(func: number): number {
  return func <= -2 ? -2 - func : -1;
}

/** A call tree as a `FrameTree`. */
export class MergedFrames implements FrameTree {
  constructor(readonly tree: CallTree) {}

  func(node: number): number {
    return this.tree.func[node] as number;
  }
  parent(node: number): number {
    return this.tree.parent[node] as number;
  }
  depth(node: number): number {
    return this.tree.depth[node] as number;
  }
  deepest(node: number): number {
    return this.tree.deepest[node] as number;
  }
  start(node: number): number {
    return this.tree.start[node] as number;
  }
  total(node: number): number {
    return this.tree.total[node] as number;
  }
  self(node: number): number {
    return this.tree.self[node] as number;
  }
  totalSamples(node: number): number {
    return this.tree.totalSamples[node] as number;
  }
  selfSamples(node: number): number {
    return this.tree.selfSamples[node] as number;
  }
  inlined(node: number): boolean {
    return this.tree.inlined[node] === 1;
  }

  /** Siblings are sorted by descending weight: the first one that is too narrow ends the walk. */
  place(node: number, from: number, to: number, narrow: number, out: Placement): void {
    const { start, total, end } = this.tree;
    const stop = end[node] as number;
    for (let child = node + 1; child < stop; child = end[child] as number) {
      const left = start[child] as number;
      const weight = total[child] as number;
      if (left >= to) return;
      if (weight < narrow) {
        const right = (start[node] as number) + (total[node] as number) - (this.tree.self[node] as number);
        if (right > from && right - left >= narrow) out.strip(node, left, right - left);
        return;
      }
      if (left + weight > from) out.frame(child, left, weight);
    }
  }
}

/** The node at the end of a path of functions, or the deepest one on it. */
export function followPath(
  tree: FrameTree,
  wanted: readonly string[],
  nameOf: (func: number) => string,
): number {
  let node = 0;
  for (const name of wanted) {
    let next = -1;
    tree.place(node, -Infinity, Infinity, 0, {
      frame: (child) => {
        if (next === -1 && nameOf(tree.func(child)) === name) next = child;
      },
      strip: () => undefined,
    });
    if (next === -1) return node;
    node = next;
  }
  return node;
}

/** From the root's child down to `node`; empty for the root. */
export function pathTo(tree: FrameTree, node: number): number[] {
  const path: number[] = [];
  for (let i = node; i > 0; i = tree.parent(i)) path.push(i);
  return path.reverse();
}
