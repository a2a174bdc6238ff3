/** A diff as the tree of a flame graph. Pure. */
import type { DiffTree } from '../../src/views/diffTree.js';
import { MergedFrames } from '../../src/views/frameTree.js';

/** Frames are as wide as the mean of both sides, so that every frame of either side is visible. */
export function diffFrames(tree: DiffTree): MergedFrames {
  const { length, parent, depth, end } = tree;
  const mean = (a: Float64Array, b: Float64Array): Float64Array =>
    a.map((value, i) => (value + (b[i] ?? 0)) / 2);
  const total = mean(tree.total.a, tree.total.b);
  const start = new Float64Array(length);
  const deepest = depth.slice();
  const next = new Float64Array(length);
  for (let node = 1; node < length; node++) {
    const up = parent[node] ?? 0;
    start[node] = next[up] ?? 0;
    next[up] = (start[node] ?? 0) + (total[node] ?? 0);
    next[node] = start[node] ?? 0;
  }
  for (let node = length - 1; node > 0; node--) {
    const up = parent[node] ?? 0;
    deepest[up] = Math.max(deepest[up] ?? 0, deepest[node] ?? 0);
  }
  return new MergedFrames({
    length,
    parent,
    // The drawing colors by node, not by function.
    func: Int32Array.from({ length }, (_, node) => (node === 0 ? -1 : node)),
    inlined: new Uint8Array(length),
    self: mean(tree.self.a, tree.self.b),
    total,
    selfSamples: tree.self.samplesB,
    totalSamples: tree.total.samplesB,
    depth,
    deepest,
    end,
    start,
    nodeOf: new Int32Array(0),
  });
}
