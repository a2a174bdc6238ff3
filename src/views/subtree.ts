/** One place of the call tree, by the functions that lead there. */
export interface Subtree {
  /** Outermost first; with `inverted`, the function that samples end in first, then its callers. */
  readonly path: readonly number[];
  readonly inverted: boolean;
}

/** Stacks that were merged into nodes. Parents have smaller numbers; 0 is the root. */
interface Nodes {
  readonly count: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  /** By stack; negative if its samples are left out. */
  readonly nodeOf: Int32Array;
}

/** Leaves out the samples elsewhere, in place. From the root, stacks then begin at the end of the path. O(nodes + stacks). */
export function keepSubtree(nodes: Nodes, { path, inverted }: Subtree): void {
  const kept = inverted ? nodesThatEndIn(nodes, path) : moveToRoot(nodes, path);
  const { nodeOf } = nodes;
  for (let s = 0; s < nodeOf.length; s++) {
    const node = nodeOf[s] as number;
    if (node >= 0 && kept[node] !== 1) nodeOf[s] = -1;
  }
}

/** 1 for the node at the end of the path, which becomes a child of the root, and for all below it. */
function moveToRoot({ count, parent, func }: Nodes, path: readonly number[]): Uint8Array {
  const kept = new Uint8Array(count);
  /** Steps of the path that lead to a node; -1 beside it. */
  const steps = new Int32Array(count);
  for (let node = 1; node < count; node++) {
    const up = parent[node] as number;
    const above = steps[up] as number;
    if (kept[up] === 1) kept[node] = 1;
    else if (above < 0 || func[node] !== path[above]) steps[node] = -1;
    else if ((steps[node] = above + 1) === path.length) {
      kept[node] = 1;
      parent[node] = 0;
    }
  }
  return kept;
}

function nodesThatEndIn({ count, parent, func }: Nodes, path: readonly number[]): Uint8Array {
  const kept = new Uint8Array(count);
  for (let node = 1; node < count; node++) {
    let at = node;
    let step = 0;
    while (step < path.length && at > 0 && func[at] === path[step]) {
      at = parent[at] as number;
      step++;
    }
    if (step === path.length) kept[node] = 1;
  }
  return kept;
}
