import type { CountedTree, DiffSide } from '../../../src/views/diffTree.js';
import { wholeOf } from '../../../src/views/diffTree.js';
import { exactly, type Estimate } from '../../../src/statistics/estimate.js';

/** `weights` has one entry for each sample that ends in this stack of names, outermost first. */
export interface Stack {
  readonly stack: readonly string[];
  readonly weights: readonly number[];
}

/** A side of a comparison, made the slow and obvious way. Functions are numbered as they first appear. */
export function diffSide(
  stacks: readonly Stack[],
  { cost = exactly(1), exact = false }: { cost?: Estimate; exact?: boolean } = {},
): DiffSide & { readonly names: readonly string[] } {
  const names: string[] = [];
  const nodes = [{ parent: -1, func: -1, self: 0, total: 0, selfSamples: 0, totalSamples: 0 }];
  for (const { stack, weights } of stacks) {
    const weight = weights.reduce((sum, w) => sum + w, 0);
    let at = 0;
    for (const name of stack) {
      let func = names.indexOf(name);
      if (func < 0) func = names.push(name) - 1;
      let child = nodes.findIndex((node) => node.parent === at && node.func === func);
      if (child < 0)
        child = nodes.push({ parent: at, func, self: 0, total: 0, selfSamples: 0, totalSamples: 0 }) - 1;
      at = child;
    }
    const leaf = nodes[at];
    if (leaf) {
      leaf.self += weight;
      leaf.selfSamples += weights.length;
    }
    for (let node = nodes[at]; node; node = nodes[node.parent]) {
      node.total += weight;
      node.totalSamples += weights.length;
    }
  }
  const tree: CountedTree = {
    length: nodes.length,
    parent: Int32Array.from(nodes, (n) => n.parent),
    func: Int32Array.from(nodes, (n) => n.func),
    self: Float64Array.from(nodes, (n) => n.self),
    total: Float64Array.from(nodes, (n) => n.total),
    selfSamples: Int32Array.from(nodes, (n) => n.selfSamples),
    totalSamples: Int32Array.from(nodes, (n) => n.totalSamples),
  };
  const whole = wholeOf(
    stacks.flatMap(({ weights }) => [...weights]),
    cost,
    { exact },
  );
  return { tree, functionCount: names.length, key: (func) => names[func] ?? '', whole, names };
}

/** So many samples of weight 1. */
export function samples(stack: string, count: number): Stack {
  return { stack: stack.split(';'), weights: Array.from({ length: count }, () => 1) };
}
