import { IntPairMap } from '../model/intPairMap.js';
import type { EventProfile, Profile } from '../model/profile.js';
import { keepSubtree, type Subtree } from './subtree.js';

/** The tables that trees are built from: part of a `Profile` and of what the panel receives. */
export type StackColumns = Pick<Profile, 'functions' | 'frames' | 'stacks' | 'samples'>;

/**
 * Stacks aggregated by function: what a flame graph draws. Node 0 is the root "all" above everything, without a
 * function; its self weight is that of samples without any frame. Nodes are in preorder, siblings in descending
 * order of total, so a node's parent has a smaller index and its subtree is `node .. end[node] - 1`.
 */
export interface CallTree {
  readonly length: number;
  /** -1 for the root only. */
  readonly parent: Int32Array;
  /** -1 for the root only. */
  readonly func: Int32Array;
  /** 1 if every frame of the node was inlined into the parent. */
  readonly inlined: Uint8Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
  /** Numbers of samples, where `self` and `total` are their weights. */
  readonly selfSamples: Int32Array;
  readonly totalSamples: Int32Array;
  /** 0 for the root. */
  readonly depth: Int32Array;
  /** Depth of the deepest node of the subtree. */
  readonly deepest: Int32Array;
  /** The node after the subtree. */
  readonly end: Int32Array;
  /** Where the node starts on the axis of weights 0..total[0]: callees from the left edge of their caller. */
  readonly start: Float64Array;
  /** The node that each stack of the profile became, -1 if it was left out. */
  readonly nodeOf: Int32Array;
}

/** How stacks are transformed before they are merged. All masks are by function: 1 means it applies. */
export interface StackShape {
  /** A function called by itself becomes one frame. */
  readonly collapseRecursion?: boolean;
  /** Frames left out of the stacks; their weight goes to the caller. */
  readonly hidden?: Uint8Array | undefined;
  /** Samples with such a function anywhere on the stack are left out. */
  readonly dropped?: Uint8Array | undefined;
  /** Stacks start at the outermost call of this function; samples without it are left out. */
  readonly focus?: number | undefined;
  /** Of what the rest makes of the stacks, only this place. */
  readonly subtree?: Subtree | undefined;
}

interface TreeOptions {
  readonly shape?: StackShape;
  /** 1 for the samples that count; by default all of them. */
  readonly selected?: Uint8Array | undefined;
}

/** Sums samples by stack: `self` ends there, `total` passes through. O(samples + stacks). */
export function stackWeights({ stacks, samples }: EventProfile): { self: Float64Array; total: Float64Array } {
  const self = new Float64Array(stacks.length);
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i] as number;
    if (stack >= 0) self[stack] = (self[stack] as number) + (samples.weight[i] as number);
  }
  const total = self.slice();
  for (let s = stacks.length - 1; s >= 0; s--) {
    const parent = stacks.parent[s] as number;
    if (parent >= 0) total[parent] = (total[parent] as number) + (total[s] as number);
  }
  return { self, total };
}

/** O(samples + stacks), in flat arrays. Nodes without a sample are left out. */
export function buildCallTree(profile: StackColumns, options: TreeOptions = {}): CallTree {
  const merged = mergeStacks(profile, options.shape ?? {});
  return arrange(merged, sumSamples(profile, merged, options));
}

interface MergedStacks {
  readonly count: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  readonly inlined: Uint8Array;
  /** By stack; -1 if its samples are left out. */
  readonly nodeOf: Int32Array;
}

const leftOut = -1;
/** Above the focused function: its callees may still be shown. */
const above = -2;

/** Assigns every stack its node: the child of its caller's node with the same function. Parents come first. */
export function mergeStacks(
  { stacks, frames }: Pick<StackColumns, 'stacks' | 'frames'>,
  shape: StackShape,
): MergedStacks {
  const { hidden, dropped, collapseRecursion = false } = shape;
  const focus = shape.focus ?? -1;
  const limit = stacks.length + 1;
  const parent = new Int32Array(limit);
  const func = new Int32Array(limit);
  const inlined = new Uint8Array(limit);
  const nodeOf = new Int32Array(stacks.length);
  const children = new IntPairMap(powerOfTwo(Math.min(limit * 2, 1 << 22)));
  parent[0] = -1;
  func[0] = -1;
  let count = 1;
  for (let s = 0; s < stacks.length; s++) {
    const caller = stacks.parent[s] as number;
    const frame = stacks.frame[s] as number;
    const f = frames.func[frame] as number;
    const isInlined = frames.inlined[frame] as number;
    let under = caller >= 0 ? (nodeOf[caller] as number) : focus >= 0 ? above : 0;
    if (under === leftOut || dropped?.[f] === 1) {
      nodeOf[s] = leftOut;
      continue;
    }
    if (under === above) {
      if (f !== focus) {
        nodeOf[s] = above;
        continue;
      }
      under = 0;
    }
    if (hidden?.[f] === 1 || (collapseRecursion && func[under] === f)) {
      nodeOf[s] = under;
      continue;
    }
    let node = children.get(under, f);
    if (node === -1) {
      node = count++;
      children.set(under, f, node);
      parent[node] = under;
      func[node] = f;
      inlined[node] = isInlined;
    } else if (isInlined === 0) {
      inlined[node] = 0;
    }
    nodeOf[s] = node;
  }
  if (focus >= 0) {
    for (let s = 0; s < stacks.length; s++) if (nodeOf[s] === above) nodeOf[s] = leftOut;
  }
  const merged = { count, parent, func, inlined, nodeOf };
  if (shape.subtree) keepSubtree(merged, shape.subtree);
  return merged;
}

interface NodeSums {
  readonly self: Float64Array;
  readonly total: Float64Array;
  readonly selfSamples: Int32Array;
  readonly totalSamples: Int32Array;
}

function sumSamples({ samples }: StackColumns, merged: MergedStacks, options: TreeOptions): NodeSums {
  const { count, parent, nodeOf } = merged;
  const { selected, shape } = options;
  const self = new Float64Array(count);
  const selfSamples = new Int32Array(count);
  // A sample without any frame doesn't contain the focused function either.
  const rootless = (shape?.focus ?? -1) >= 0 || shape?.subtree ? leftOut : 0;
  const { length, stack: stackOf, weight } = samples;
  for (let i = 0; i < length; i++) {
    if (selected?.[i] === 0) continue;
    const stack = stackOf[i] as number;
    const node = stack < 0 ? rootless : (nodeOf[stack] as number);
    if (node < 0) continue;
    self[node] = (self[node] as number) + (weight[i] as number);
    selfSamples[node] = (selfSamples[node] as number) + 1;
  }
  const total = self.slice();
  const totalSamples = selfSamples.slice();
  for (let node = count - 1; node > 0; node--) {
    const up = parent[node] as number;
    total[up] = (total[up] as number) + (total[node] as number);
    totalSamples[up] = (totalSamples[up] as number) + (totalSamples[node] as number);
  }
  return { self, total, selfSamples, totalSamples };
}

/** Renumbers in preorder, heaviest sibling first, without nodes that no sample passes. No recursion: stacks can be deep. */
function arrange(merged: MergedStacks, sums: NodeSums): CallTree {
  const { count, parent } = merged;
  const { childStart, children } = sortedChildren(merged, sums);
  const size = new Int32Array(count);
  for (let node = count - 1; node >= 0; node--) {
    if (node > 0 && sums.totalSamples[node] === 0) continue;
    size[node] = (size[node] as number) + 1;
    const up = parent[node] as number;
    if (up >= 0) size[up] = (size[up] as number) + (size[node] as number);
  }
  const length = size[0] as number;
  const tree = {
    length,
    parent: new Int32Array(length),
    func: new Int32Array(length),
    inlined: new Uint8Array(length),
    self: new Float64Array(length),
    total: new Float64Array(length),
    selfSamples: new Int32Array(length),
    totalSamples: new Int32Array(length),
    depth: new Int32Array(length),
    deepest: new Int32Array(length),
    end: new Int32Array(length),
    start: new Float64Array(length),
    nodeOf: merged.nodeOf,
  };
  const index = new Int32Array(count).fill(-1);
  index[0] = 0;
  tree.parent[0] = -1;
  // A parent's place is known before its children's, as parents have smaller numbers before and after.
  for (let node = 0; node < count; node++) {
    const at = index[node] as number;
    if (at < 0) continue;
    tree.func[at] = merged.func[node] as number;
    tree.inlined[at] = merged.inlined[node] as number;
    tree.self[at] = sums.self[node] as number;
    tree.total[at] = sums.total[node] as number;
    tree.selfSamples[at] = sums.selfSamples[node] as number;
    tree.totalSamples[at] = sums.totalSamples[node] as number;
    tree.end[at] = at + (size[node] as number);
    const depth = (tree.depth[at] as number) + 1;
    let next = at + 1;
    let x = tree.start[at] as number;
    for (let i = childStart[node] as number; i < (childStart[node + 1] as number); i++) {
      const child = children[i] as number;
      index[child] = next;
      tree.parent[next] = at;
      tree.depth[next] = depth;
      tree.start[next] = x;
      x += sums.total[child] as number;
      next += size[child] as number;
    }
  }
  for (let node = length - 1; node >= 0; node--) {
    const own = Math.max(tree.deepest[node] as number, tree.depth[node] as number);
    tree.deepest[node] = own;
    const up = tree.parent[node] as number;
    if (up >= 0 && (tree.deepest[up] as number) < own) tree.deepest[up] = own;
  }
  const { nodeOf } = merged;
  for (let s = 0; s < nodeOf.length; s++) {
    const node = nodeOf[s] as number;
    if (node >= 0) nodeOf[s] = index[node] as number;
  }
  return tree;
}

/** The children of n with samples are children[childStart[n]] .. children[childStart[n + 1] - 1], heaviest first. */
function sortedChildren(
  { count, parent }: MergedStacks,
  { total, totalSamples }: NodeSums,
): { childStart: Int32Array; children: Int32Array } {
  const childStart = new Int32Array(count + 1);
  for (let node = 1; node < count; node++) {
    const slot = (parent[node] as number) + 1;
    if (totalSamples[node] !== 0) childStart[slot] = (childStart[slot] as number) + 1;
  }
  for (let n = 0; n < count; n++)
    childStart[n + 1] = (childStart[n + 1] as number) + (childStart[n] as number);
  const children = new Int32Array(childStart[count] as number);
  const next = childStart.slice(0, count);
  for (let node = 1; node < count; node++) {
    if (totalSamples[node] === 0) continue;
    const up = parent[node] as number;
    children[next[up] as number] = node;
    next[up] = (next[up] as number) + 1;
  }
  for (let n = 0; n < count; n++) {
    const from = childStart[n] as number;
    const to = childStart[n + 1] as number;
    if (to - from > 1) sortByWeight(children, from, to, total);
  }
  return { childStart, children };
}

/** Descending and stable. Insertion sort for few siblings, since calling a comparison function costs more. */
function sortByWeight(items: Int32Array, from: number, to: number, weight: Float64Array): void {
  if (to - from > 24) {
    items.subarray(from, to).sort((a, b) => (weight[b] as number) - (weight[a] as number) || a - b);
    return;
  }
  for (let i = from + 1; i < to; i++) {
    const item = items[i] as number;
    const own = weight[item] as number;
    let j = i - 1;
    for (; j >= from && (weight[items[j] as number] as number) < own; j--) items[j + 1] = items[j] as number;
    items[j + 1] = item;
  }
}

function powerOfTwo(atLeast: number): number {
  let size = 1024;
  while (size < atLeast) size *= 2;
  return size;
}

/**
 * The frame with most of a node's weight: its hottest line. Computed for one node at a time, since it is only shown for
 * one. O(stacks), given the sums of `stackSums`.
 */
export function hottestFrame(
  { stacks }: Pick<Profile, 'stacks'>,
  { nodeOf }: Pick<CallTree, 'nodeOf'>,
  stackTotal: Float64Array,
  node: number,
): number {
  const weights = new Map<number, number>();
  let best = -1;
  for (let s = 0; s < stacks.length; s++) {
    if (nodeOf[s] !== node) continue;
    const frame = stacks.frame[s] as number;
    const weight = (weights.get(frame) ?? 0) + (stackTotal[s] as number);
    weights.set(frame, weight);
    if (best === -1 || weight > (weights.get(best) as number)) best = frame;
  }
  return best;
}
