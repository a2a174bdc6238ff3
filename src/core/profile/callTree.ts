import type { EventProfile } from './profile.js';

/**
 * Stacks aggregated by function: what a flame graph draws. Nodes stand in preorder, siblings in falling order
 * of total, so a node's parent has a smaller index and its subtree is contiguous.
 */
export interface CallTree {
  readonly length: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  /** 1 where every frame of the node was inlined into the parent. */
  readonly inlined: Uint8Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
  /** The frame that most of the node's samples pass through. */
  readonly hottestFrame: Int32Array;
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

export function buildCallTree(profile: EventProfile): CallTree {
  const { stacks, frames } = profile;
  const weights = stackWeights(profile);

  // 1. Give every stack its node: the child of its parent's node with the same function.
  const children: Map<number, number>[] = [new Map()];
  const nodeOf = new Int32Array(stacks.length);
  const parent: number[] = [-1];
  const func: number[] = [-1];
  for (let s = 0; s < stacks.length; s++) {
    const up = stacks.parent[s] as number;
    const under = up < 0 ? 0 : (nodeOf[up] as number);
    const f = frames.func[stacks.frame[s] as number] as number;
    let node = children[under]?.get(f);
    if (node === undefined) {
      node = parent.push(under) - 1;
      func.push(f);
      children[under]?.set(f, node);
      children.push(new Map());
    }
    nodeOf[s] = node;
  }

  // 2. Sum the stacks of each node.
  const count = parent.length;
  const self = new Float64Array(count);
  const total = new Float64Array(count);
  const inlined = new Uint8Array(count).fill(1);
  const frameWeight = Array.from({ length: count }, () => new Map<number, number>());
  for (let s = 0; s < stacks.length; s++) {
    const node = nodeOf[s] as number;
    const frame = stacks.frame[s] as number;
    const through = weights.total[s] as number;
    self[node] = (self[node] as number) + (weights.self[s] as number);
    total[node] = (total[node] as number) + through;
    if (frames.inlined[frame] === 0) inlined[node] = 0;
    const byFrame = frameWeight[node] as Map<number, number>;
    byFrame.set(frame, (byFrame.get(frame) ?? 0) + through);
  }

  // 3. Renumber in preorder, heaviest sibling first, without the artificial root. Iterative: stacks can be deep.
  const order: number[] = [];
  const heaviestLast = (node: number) =>
    [...(children[node] as Map<number, number>).values()].sort(
      (a, b) => (total[a] as number) - (total[b] as number),
    );
  const pending = heaviestLast(0);
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    order.push(node);
    for (const child of heaviestLast(node)) pending.push(child);
  }
  const newIndex = new Int32Array(count).fill(-1);
  order.forEach((node, i) => (newIndex[node] = i));
  return {
    length: order.length,
    parent: Int32Array.from(order, (n) => newIndex[parent[n] as number] as number),
    func: Int32Array.from(order, (n) => func[n] as number),
    inlined: Uint8Array.from(order, (n) => inlined[n] as number),
    self: Float64Array.from(order, (n) => self[n] as number),
    total: Float64Array.from(order, (n) => total[n] as number),
    hottestFrame: Int32Array.from(order, (n) => heaviest(frameWeight[n] as Map<number, number>)),
  };
}

function heaviest(weights: ReadonlyMap<number, number>): number {
  let best = -1;
  let most = -1;
  for (const [frame, weight] of weights) {
    if (weight > most) [best, most] = [frame, weight];
  }
  return best;
}
