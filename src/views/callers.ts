import type { CallTree } from './callTree.js';
import type { FrameTree, Placement } from './frameTree.js';

/** A column that grows. */
function grown<T extends Int32Array | Float64Array | Uint8Array>(column: T, length: number): T {
  const next = new (column.constructor as new (length: number) => T)(length);
  next.set(column);
  return next;
}

/**
 * Callers: the inverted call tree. Below the root are the functions that samples ended in, or one function's callers
 * (`callersOf`); below each, its callers.
 *
 * A chain of n recursive frames has n²/2 callers of callers, so nodes are made when they are first looked at: a
 * node holds the range of its entries (a place in the call tree and a weight), and dividing that range by the
 * caller's function makes its children. Entries are moved within the range only, so memory is that of the entries
 * and of the nodes that were seen.
 */
export class CallerTree implements FrameTree {
  private count = 1;
  private readonly parents: number[] = [-1];
  private funcs = new Int32Array(1024);
  private depths = new Int32Array(1024);
  private starts = new Float64Array(1024);
  private totals = new Float64Array(1024);
  private selfs = new Float64Array(1024);
  private totalCounts = new Int32Array(1024);
  private selfCounts = new Int32Array(1024);
  private from = new Int32Array(1024);
  private to = new Int32Array(1024);
  private leading = new Uint8Array(1024);
  /** First child and the node after the last; -1 until the children are created. */
  private firstChild = new Int32Array(1024);
  private endChild = new Int32Array(1024);
  /** The current node of each entry in the call tree, for entries of nodes without children yet. */
  private readonly at: Int32Array;
  private readonly weight: Float64Array;
  private readonly samples: Int32Array;
  private readonly slotOf: Int32Array;

  /**
   * @param entries nodes of the call tree; the root of this tree stands for their functions together
   * @param weight of each entry
   * @param func of the root: -1 if entries belong to several functions, which are then the root's children
   */
  private constructor(
    private readonly tree: CallTree,
    entries: Int32Array,
    weight: (node: number) => number,
    samples: (node: number) => number,
    func: number,
    private readonly single: boolean,
    /** By node of the call tree: 1 if it, or a caller of it, was found. */
    private readonly found?: Uint8Array,
  ) {
    this.at = entries;
    this.weight = new Float64Array(entries.length);
    this.samples = new Int32Array(entries.length);
    let functions = 0;
    for (let node = 1; node < tree.length; node++)
      functions = Math.max(functions, (tree.func[node] as number) + 1);
    this.slotOf = new Int32Array(functions).fill(-1);
    this.funcs[0] = func;
    this.to[0] = entries.length;
    this.firstChild[0] = -1;
    // Samples without any frame count towards the total, as in the call tree.
    const rootless = single ? 0 : (tree.self[0] as number);
    this.selfs[0] = rootless;
    this.selfCounts[0] = single ? 0 : (tree.selfSamples[0] as number);
    let total = rootless;
    let count = this.selfCounts[0] as number;
    for (let i = 0; i < entries.length; i++) {
      total += this.weight[i] = weight(entries[i] as number);
      count += this.samples[i] = samples(entries[i] as number);
    }
    this.totals[0] = total;
    this.totalCounts[0] = count;
  }

  /**
   * All samples, from the function they ended in outward.
   * @param found 1 for the functions that `leads` looks for
   */
  static inverted(tree: CallTree, found?: Uint8Array): CallerTree {
    const entries = new Int32Array(tree.length);
    let count = 0;
    for (let node = 1; node < tree.length; node++) if (tree.selfSamples[node] !== 0) entries[count++] = node;
    return new CallerTree(
      tree,
      entries.subarray(0, count),
      (node) => tree.self[node] as number,
      (node) => tree.selfSamples[node] as number,
      -1,
      false,
      found && nodesUnder(tree, found),
    );
  }

  /** The callers of one function. A sample counts once: of recursive calls, the outermost is used. */
  static of(tree: CallTree, func: number): CallerTree {
    return new CallerTree(
      tree,
      Int32Array.from(outermost(tree, func)),
      (node) => tree.total[node] as number,
      (node) => tree.totalSamples[node] as number,
      func,
      true,
    );
  }

  func(node: number): number {
    return this.funcs[node] as number;
  }
  parent(node: number): number {
    return this.parents[node] as number;
  }
  depth(node: number): number {
    return this.depths[node] as number;
  }
  /** No path is longer than the deepest stack. */
  deepest(): number {
    return this.tree.deepest[0] as number;
  }
  start(node: number): number {
    return this.starts[node] as number;
  }
  total(node: number): number {
    return this.totals[node] as number;
  }
  /** Weight of the samples whose stacks start here: this frame has no caller. */
  self(node: number): number {
    this.expand(node);
    return this.selfs[node] as number;
  }
  totalSamples(node: number): number {
    return this.totalCounts[node] as number;
  }
  selfSamples(node: number): number {
    this.expand(node);
    return this.selfCounts[node] as number;
  }
  inlined(): boolean {
    return false;
  }

  /** Whether the node, or a caller shown below it, has a function that was found. */
  leads(node: number): boolean {
    return this.leading[node] === 1;
  }

  place(node: number, from: number, to: number, narrow: number, out: Placement): void {
    this.expand(node);
    const end = this.endChild[node] as number;
    for (let child = this.firstChild[node] as number; child < end; child++) {
      const left = this.starts[child] as number;
      const weight = this.totals[child] as number;
      if (left >= to) return;
      if (weight < narrow) {
        const last = end - 1;
        const right = (this.starts[last] as number) + (this.totals[last] as number);
        if (right > from && right - left >= narrow) out.strip(node, left, right - left);
        return;
      }
      if (left + weight > from) out.frame(child, left, weight);
    }
  }

  /** Creates the children of a node: O(its entries), once. */
  private expand(node: number): void {
    if (this.firstChild[node] !== -1) return;
    const { tree, at, slotOf } = this;
    const [from, to] = [this.from[node] as number, this.to[node] as number];
    const up = (entry: number): number => {
      const place = at[entry] as number;
      // The root of the inverted tree has no function: its children are the functions of the entries.
      return node === 0 && !this.single ? place : (tree.parent[place] as number);
    };
    const first = this.count;
    const sizes: number[] = [];
    let ended = 0;
    for (let i = from; i < to; i++) {
      const next = up(i);
      if (next <= 0) {
        this.selfs[node] = (this.selfs[node] as number) + (this.weight[i] as number);
        this.selfCounts[node] = (this.selfCounts[node] as number) + (this.samples[i] as number);
        ended++;
        continue;
      }
      const func = tree.func[next] as number;
      let slot = slotOf[func] as number;
      if (slot === -1) {
        slot = this.add(node, func);
        slotOf[func] = slot;
        sizes.push(0);
      }
      sizes[slot - first] = (sizes[slot - first] as number) + 1;
      if (this.found?.[next] === 1) this.leading[slot] = 1;
      this.totals[slot] = (this.totals[slot] as number) + (this.weight[i] as number);
      this.totalCounts[slot] = (this.totalCounts[slot] as number) + (this.samples[i] as number);
    }
    this.firstChild[node] = first;
    this.endChild[node] = this.count;
    if (this.count > first) this.divide(node, first, sizes, ended, up);
  }

  /** Sorts the children in descending order, and groups the entries by child. */
  private divide(
    node: number,
    first: number,
    sizes: number[],
    ended: number,
    up: (entry: number) => number,
  ): void {
    const { tree, at, weight, samples, slotOf } = this;
    const [from, to] = [this.from[node] as number, this.to[node] as number];
    const made = sizes.map((size, i) => ({
      size,
      func: this.funcs[first + i] as number,
      total: this.totals[first + i] as number,
      count: this.totalCounts[first + i] as number,
      leading: this.leading[first + i] as number,
    }));
    made.sort((a, b) => b.total - a.total);
    // Entries whose stacks start at this node come first and belong to no child.
    let next = from + ended;
    let x = this.starts[node] as number;
    made.forEach(({ size, func, total, count, leading }, i) => {
      const child = first + i;
      this.funcs[child] = func;
      this.totals[child] = total;
      this.totalCounts[child] = count;
      this.leading[child] = leading;
      this.starts[child] = x;
      this.from[child] = next;
      this.to[child] = next;
      slotOf[func] = child;
      x += total;
      next += size;
    });
    const places = new Int32Array(to - from);
    for (let i = from; i < to; i++) places[i - from] = up(i);
    const [weights, counts] = [weight.slice(from, to), samples.slice(from, to)];
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      if (place <= 0) continue;
      const child = slotOf[tree.func[place] as number] as number;
      const slot = this.to[child] as number;
      at[slot] = place;
      weight[slot] = weights[i] as number;
      samples[slot] = counts[i] as number;
      this.to[child] = slot + 1;
    }
    for (const { func } of made) slotOf[func] = -1;
  }

  private add(parent: number, func: number): number {
    const node = this.count++;
    if (node === this.funcs.length) this.grow(node * 2);
    this.parents[node] = parent;
    this.funcs[node] = func;
    this.depths[node] = (this.depths[parent] as number) + 1;
    this.firstChild[node] = -1;
    return node;
  }

  private grow(length: number): void {
    this.funcs = grown(this.funcs, length);
    this.depths = grown(this.depths, length);
    this.starts = grown(this.starts, length);
    this.totals = grown(this.totals, length);
    this.selfs = grown(this.selfs, length);
    this.totalCounts = grown(this.totalCounts, length);
    this.selfCounts = grown(this.selfCounts, length);
    this.from = grown(this.from, length);
    this.to = grown(this.to, length);
    this.leading = grown(this.leading, length);
    this.firstChild = grown(this.firstChild, length);
    this.endChild = grown(this.endChild, length);
  }
}

/** The nodes of a function that are not below another node of it, in preorder. */
function outermost(tree: CallTree, func: number): number[] {
  const nodes: number[] = [];
  for (let node = 1; node < tree.length;) {
    if (tree.func[node] === func) {
      nodes.push(node);
      node = tree.end[node] as number;
    } else node++;
  }
  return nodes;
}

/** 1 for the nodes of these functions, and all below them. */
function nodesUnder({ length, func, parent }: CallTree, found: Uint8Array): Uint8Array {
  const under = new Uint8Array(length);
  for (let node = 1; node < length; node++)
    under[node] = (found[func[node] as number] as number) | (under[parent[node] as number] as number);
  return under;
}
