import type { CallTree, StackColumns } from './callTree.js';
import { threadFrame, type FrameTree, type Placement } from './frameTree.js';

/** Samples per block of the index over `shared`. */
const block = 64;

/** Positions of samples, excluding the end. */
interface Stretch {
  readonly first: number;
  readonly end: number;
}

interface Own {
  readonly node: number;
  readonly weight: number;
  readonly samples: number;
}

/**
 * Samples in order of time: neighbors whose stacks start alike share those frames. The axis is weight, so that widths add
 * up as in all other views.
 *
 * A million samples have some ten million frames in this order. They are never created: frame (s, d) is the one
 * at depth d that starts with sample s. It exists if d is deeper than what s shares with the previous sample, and its
 * number is the count of such frames before it. 24 bytes per sample, whatever the depth.
 */
export class TimeOrder implements FrameTree {
  /** By position in the order: node of the call tree, depth shared with the position before, weight before it. */
  private readonly nodeAt: Int32Array;
  private readonly time: Float64Array;
  private readonly order: Int32Array;
  private readonly shared: Int32Array;
  private readonly before: Float64Array;
  private readonly firstId: Float64Array;
  private readonly lowest: Int32Array;
  /** By block: the depth of its shallowest stack. */
  private readonly shallowest: Int32Array;
  private lastOwn: Own = { node: -1, weight: 0, samples: 0 };
  private readonly threadAt: Int32Array;
  readonly length: number;
  private readonly depthOffset: 0 | 1;
  private readonly deepestRow: number;
  private stretchCache: readonly Stretch[] | undefined;

  /**
   * @param selected 1 for the samples that count
   * @param byThread a row for each thread, its samples in order of time, rather than all threads in one order
   */
  constructor(
    { samples }: StackColumns,
    private readonly tree: CallTree,
    selected: Uint8Array | undefined,
    byThread: boolean,
  ) {
    const order = timeOrder(samples, tree, selected, byThread);
    const { stack: stackOf, weight, thread } = samples;
    const n = order.length;
    this.order = order;
    this.time = samples.time;
    this.depthOffset = byThread ? 1 : 0;
    this.nodeAt = new Int32Array(n);
    this.threadAt = byThread ? new Int32Array(n) : new Int32Array(0);
    this.shared = new Int32Array(n);
    this.before = new Float64Array(n + 1);
    this.firstId = new Float64Array(n + 1);
    this.firstId[0] = 1;
    for (let i = 0; i < n; i++) {
      const sample = order[i] as number;
      const stack = stackOf[sample] as number;
      const node = stack < 0 ? 0 : (tree.nodeOf[stack] as number);
      this.nodeAt[i] = node;
      this.before[i + 1] = (this.before[i] as number) + (weight[sample] as number);
      if (byThread) this.threadAt[i] = thread[sample] as number;
      this.shared[i] = i === 0 ? 0 : this.sharedDepth(i);
      this.firstId[i + 1] = (this.firstId[i] as number) + this.depthAt(i) - (this.shared[i] as number);
    }
    this.length = this.firstId[n] as number;
    this.deepestRow = (tree.deepest[0] as number) + this.depthOffset;
    this.lowest = new Int32Array(Math.ceil(n / block)).fill(0x7fffffff);
    this.shallowest = this.lowest.slice();
    for (let i = 0; i < n; i++) {
      const b = Math.floor(i / block);
      if ((this.shared[i] as number) < (this.lowest[b] as number)) this.lowest[b] = this.shared[i] as number;
      const depth = this.depthAt(i);
      if (depth < (this.shallowest[b] as number)) this.shallowest[b] = depth;
    }
  }

  func(node: number): number {
    const treeNode = this.treeNode(node);
    if (treeNode > 0) return this.tree.func[treeNode] as number;
    return node === 0 ? -1 : threadFrame(this.threadAt[this.position(node)] as number);
  }

  parent(node: number): number {
    const depth = this.depth(node);
    if (depth <= 1) return depth - 1;
    return this.idAt(this.runStart(this.position(node), depth - 1), depth - 1);
  }

  depth(node: number): number {
    if (node === 0) return 0;
    const at = this.position(node);
    return (this.shared[at] as number) + 1 + node - (this.firstId[at] as number);
  }

  deepest(): number {
    return this.deepestRow;
  }

  start(node: number): number {
    return node === 0 ? 0 : (this.before[this.position(node)] as number);
  }

  total(node: number): number {
    const [from, to] = this.extent(node);
    return (this.before[to] as number) - (this.before[from] as number);
  }

  totalSamples(node: number): number {
    const [from, to] = this.extent(node);
    return to - from;
  }

  self(node: number): number {
    return this.own(node).weight;
  }

  selfSamples(node: number): number {
    return this.own(node).samples;
  }

  inlined(node: number): boolean {
    return this.tree.inlined[this.treeNode(node)] === 1;
  }

  /** The node of the call tree that this frame is an occurrence of; 0 for the root and for threads. */
  treeNode(node: number): number {
    if (node === 0) return 0;
    let up = this.nodeAt[this.position(node)] as number;
    const depth = this.depth(node) - this.depthOffset;
    while ((this.tree.depth[up] as number) > depth) up = this.tree.parent[up] as number;
    return up;
  }

  /** When the samples of a range of the axis were taken: seconds since the first sample, excluding the end. */
  timesOf(from: number, to: number): { readonly from: number; readonly to: number } {
    let [first, last] = [Infinity, -Infinity];
    const n = this.nodeAt.length;
    for (let at = Math.max(0, this.positionOf(from)); at < n && (this.before[at] as number) < to; at++) {
      const time = this.time[this.order[at] as number] as number;
      if (time < first) first = time;
      if (time > last) last = time;
    }
    // The next representable number, so that the last sample belongs to the range.
    return { from: first, to: last + Math.max(Math.abs(last), 1) * Number.EPSILON * 2 };
  }

  /** The stretches of the axis with ascending time: one, or one per row of a thread. */
  get stretches(): readonly Stretch[] {
    if (this.stretchCache === undefined) {
      const found: Stretch[] = [];
      const n = this.nodeAt.length;
      for (let first = 0; first < n;) {
        const end = this.depthOffset === 0 ? n : this.nextBelow(first + 1, 1);
        found.push({ first, end });
        first = end;
      }
      this.stretchCache = found;
    }
    return this.stretchCache;
  }

  /** When the sample at a position was taken: seconds since the first sample. */
  timeAt(position: number): number {
    return this.time[this.order[position] as number] as number;
  }

  /** When the first and the last sample of a frame were taken. */
  timesOfFrame(node: number): { readonly from: number; readonly to: number } {
    const [first, end] = this.extent(node);
    return { from: this.timeAt(first), to: this.timeAt(end - 1) };
  }

  /** The frames of the sample at a position, from the innermost one out to this depth. */
  stackAt(position: number, outermost: number, visit: (depth: number, func: number) => void): void {
    const { tree, depthOffset } = this;
    let node = this.nodeAt[position] as number;
    for (let depth = this.depthAt(position); node > 0 && depth >= outermost; depth--) {
      visit(depth, tree.func[node] as number);
      node = tree.parent[node] as number;
    }
    if (depthOffset === 1 && outermost <= 1) visit(1, threadFrame(this.threadAt[position] as number));
  }

  /** Where a position is on the axis of weight; one past the last is the total. */
  weightBefore(position: number): number {
    return this.before[position] as number;
  }

  /** The first position of a stretch with this time or a later one; its end if there is none. */
  firstSince({ first, end }: Stretch, seconds: number): number {
    let [low, high] = [first, end];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.timeAt(middle) < seconds) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Cost: what is visited, times the logarithm of the samples; narrow frames are skipped by their width. */
  place(node: number, from: number, to: number, narrow: number, out: Placement): void {
    const depth = this.depth(node) + 1;
    const [first, end] = this.extent(node);
    let at = first;
    if ((this.before[first] as number) < from)
      at = this.runStart(Math.max(first, this.positionOf(from)), depth, first);
    let strip = -1;
    const flush = (until: number): void => {
      if (strip >= 0 && until > strip)
        out.strip(
          node,
          this.before[strip] as number,
          (this.before[until] as number) - (this.before[strip] as number),
        );
      strip = -1;
    };
    while (at < end && (this.before[at] as number) < to) {
      const next = Math.min(this.nextBelow(at + 1, depth), end);
      const weight = (this.before[next] as number) - (this.before[at] as number);
      if (this.depthAt(at) < depth) {
        // A sample of the parent itself: nothing is called here.
        if (weight >= narrow) flush(at);
        at = next;
      } else if (weight >= narrow) {
        flush(at);
        out.frame(this.idAt(at, depth), this.before[at] as number, weight);
        at = next;
      } else {
        if (strip < 0) strip = at;
        // The frames within the next pixel can't be distinguished: skip them.
        const skip = this.positionOf((this.before[at] as number) + narrow);
        at =
          skip <= next
            ? next
            : Math.min(end, Math.max(next, this.runStart(Math.min(skip, end - 1), depth, next)));
      }
    }
    flush(at);
  }

  /** Self weight of the frame. Queried for one frame several times in a row, so the last answer is cached. */
  private own(node: number): Own {
    if (this.lastOwn.node === node) return this.lastOwn;
    const depth = this.depth(node);
    const [from, to] = this.extent(node);
    const { shallowest, before } = this;
    let [weight, samples] = [0, 0];
    for (let at = from; at < to;) {
      if (at % block === 0 && (shallowest[at / block] as number) > depth) {
        at += block;
        continue;
      }
      if (this.depthAt(at) === depth) {
        weight += (before[at + 1] as number) - (before[at] as number);
        samples++;
      }
      at++;
    }
    return (this.lastOwn = { node, weight, samples });
  }

  private extent(node: number): [number, number] {
    if (node === 0) return [0, this.nodeAt.length];
    const at = this.position(node);
    return [at, this.nextBelow(at + 1, this.depth(node))];
  }

  private depthAt(at: number): number {
    return (this.tree.depth[this.nodeAt[at] as number] as number) + this.depthOffset;
  }

  private idAt(at: number, depth: number): number {
    return (this.firstId[at] as number) + depth - (this.shared[at] as number) - 1;
  }

  /** The sample that a frame starts with. */
  private position(node: number): number {
    return lastAtMost(this.firstId, node);
  }

  /** The sample at a point on the axis. */
  positionOf(weight: number): number {
    return Math.min(this.nodeAt.length - 1, Math.max(0, lastAtMost(this.before, weight)));
  }

  /** The first position from `at` on that shares less than `depth` with the one before: where the frame has ended. */
  private nextBelow(at: number, depth: number): number {
    const { shared, lowest } = this;
    const n = shared.length;
    let i = at;
    while (i < n) {
      if (i % block === 0 && (lowest[i / block] as number) >= depth) i += block;
      else if ((shared[i] as number) < depth) return i;
      else i++;
    }
    return n;
  }

  /** The position at which the frame of this depth around `at` began, not before `first`. */
  private runStart(at: number, depth: number, first = 0): number {
    const { shared, lowest } = this;
    let i = at;
    while (i > first) {
      if (
        i % block === block - 1 &&
        i - block >= first &&
        (lowest[(i - block + 1) / block] as number) >= depth
      )
        i -= block;
      else if ((shared[i] as number) < depth) return i;
      else i--;
    }
    return i;
  }

  /** How many rows the stacks at a position and before it have in common. */
  private sharedDepth(at: number): number {
    const { tree, nodeAt, threadAt, depthOffset } = this;
    if (depthOffset === 1 && threadAt[at] !== threadAt[at - 1]) return 0;
    let a = nodeAt[at] as number;
    let b = nodeAt[at - 1] as number;
    while (a !== b) {
      // Preorder: the larger of two different nodes is not above the smaller.
      if (a > b) a = tree.parent[a] as number;
      else b = tree.parent[b] as number;
    }
    return (tree.depth[a] as number) + depthOffset;
  }
}

/** Positions of the samples that count, by time; first by thread if threads have rows of their own. */
function timeOrder(
  { length, stack, thread, time }: StackColumns['samples'],
  { nodeOf }: CallTree,
  selected: Uint8Array | undefined,
  byThread: boolean,
): Int32Array {
  const order = new Int32Array(length);
  let count = 0;
  let sorted = true;
  for (let i = 0; i < length; i++) {
    if (selected?.[i] === 0 || ((stack[i] as number) >= 0 && nodeOf[stack[i] as number] === -1)) continue;
    if (count > 0) {
      const last = order[count - 1] as number;
      sorted &&= (time[last] as number) <= (time[i] as number) && (!byThread || thread[last] === thread[i]);
    }
    order[count++] = i;
  }
  const taken = order.subarray(0, count);
  if (sorted) return taken;
  return taken.sort(
    (a, b) =>
      (byThread ? (thread[a] as number) - (thread[b] as number) : 0) ||
      (time[a] as number) - (time[b] as number) ||
      a - b,
  );
}

/** The last index whose value is at most `wanted` in an ascending column. */
function lastAtMost(column: Float64Array, wanted: number): number {
  let low = 0;
  let high = column.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((column[middle] as number) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
