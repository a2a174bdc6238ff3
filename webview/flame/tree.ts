/** The call tree in the shape that layout and search walk: children in one array, a root above everything. */
import type { PanelTree } from '../../src/protocol.js';

/**
 * Indices 0..length-1 are the protocol's nodes; `root` (= length) is the row "all" above them.
 * Invariants: a node's parent is smaller than the node or is `root`; `children` of one node stand in falling
 * order of `total`, which lets the layout stop at the first child that is too narrow to see.
 */
export interface FlameTree {
  readonly length: number;
  readonly root: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
  /** 0 for the root, 1 for its children. */
  readonly depth: Int32Array;
  /** The children of n are children[childStart[n]] .. children[childStart[n + 1] - 1]. */
  readonly childStart: Int32Array;
  readonly children: Int32Array;
}

/**
 * One pass for the parents, one for the children: linear in the nodes, whatever the depth.
 * A top node without a function is the sender's own root; ours replaces it.
 */
export function buildTree(source: PanelTree, totalWeight: number): FlameTree {
  const n = source.length;
  const parent = new Int32Array(n + 1);
  const func = new Int32Array(n + 1);
  const self = new Float64Array(n + 1);
  const total = new Float64Array(n + 1);
  const depth = new Int32Array(n + 1);
  func.set(source.func.subarray(0, n));
  self.set(source.self.subarray(0, n));
  total.set(source.total.subarray(0, n));
  parent[n] = -1;
  func[n] = -1;
  total[n] = totalWeight;

  const absorbed = new Uint8Array(n + 1);
  const childCount = new Int32Array(n + 1);
  for (let i = 0; i < n; i++) {
    const above = source.parent[i] ?? -1;
    if (above >= i) throw new RangeError(`Call tree: node ${String(i)} stands before its parent.`);
    if (above < 0 && func[i] === -1) {
      absorbed[i] = 1;
      self[n] = (self[n] ?? 0) + (self[i] ?? 0);
      continue;
    }
    const p = above < 0 || absorbed[above] === 1 ? n : above;
    parent[i] = p;
    depth[i] = (depth[p] ?? 0) + 1;
    childCount[p] = (childCount[p] ?? 0) + 1;
  }

  const childStart = new Int32Array(n + 2);
  for (let i = 0; i <= n; i++) childStart[i + 1] = (childStart[i] ?? 0) + (childCount[i] ?? 0);
  const children = new Int32Array(childStart[n + 1] ?? 0);
  const next = childStart.slice();
  for (let i = 0; i < n; i++) {
    if (absorbed[i] === 1) continue;
    const p = parent[i] ?? n;
    const slot = next[p] ?? 0;
    children[slot] = i;
    next[p] = slot + 1;
  }
  sortSiblings(children, childStart, total);
  return { length: n, root: n, parent, func, self, total, depth, childStart, children };
}

/** The sender promises the order; the layout depends on it, so it is checked and, where broken, restored. */
function sortSiblings(children: Int32Array, childStart: Int32Array, total: Float64Array): void {
  const weight = (index: number): number => total[children[index] ?? 0] ?? 0;
  for (let node = 0; node + 1 < childStart.length; node++) {
    const from = childStart[node] ?? 0;
    const to = childStart[node + 1] ?? 0;
    for (let i = from + 1; i < to; i++) {
      if (weight(i) > weight(i - 1)) {
        children.subarray(from, to).sort((a, b) => (total[b] ?? 0) - (total[a] ?? 0));
        break;
      }
    }
  }
}

/** From the root's child down to `node`; empty for the root. */
export function pathTo(tree: FlameTree, node: number): number[] {
  const path: number[] = [];
  for (let i = node; i !== tree.root; i = tree.parent[i] ?? tree.root) path.push(i);
  return path.reverse();
}

/** The node at the end of a path of names, or undefined where this tree has no such path. */
export function findPath(
  tree: FlameTree,
  names: readonly string[],
  nameOf: (func: number) => string,
): number | undefined {
  let node = tree.root;
  for (const name of names) {
    const from = tree.childStart[node] ?? 0;
    const to = tree.childStart[node + 1] ?? 0;
    const match = tree.children.subarray(from, to).find((child) => nameOf(tree.func[child] ?? -1) === name);
    if (match === undefined) return undefined;
    node = match;
  }
  return node;
}
