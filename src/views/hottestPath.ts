import type { CallTree } from './callTree.js';

/** A function on a path, and the weight of the samples that came this way as far as here. */
export interface PathStep {
  readonly func: number;
  readonly weight: number;
}

/**
 * The callers through which most of a function's samples come, from the start of the program to the function itself; empty
 * if it has no samples. In a recursion the outermost call counts. O(nodes).
 */
export function hottestPath({ length, func: funcs, parent, total, end }: CallTree, func: number): PathStep[] {
  let best = -1;
  for (let node = 1; node < length;) {
    if (funcs[node] !== func) {
      node++;
      continue;
    }
    if (best < 0 || (total[node] as number) > (total[best] as number)) best = node;
    node = end[node] as number;
  }
  const path: PathStep[] = [];
  for (let node = best; node > 0; node = parent[node] as number)
    path.push({ func: funcs[node] as number, weight: total[node] as number });
  return path.reverse();
}

/** A path without its middle, where it is longer than `most`: what comes first and last says where it leads. */
export function withoutMiddle<T>(
  path: readonly T[],
  most: number,
): { readonly first: readonly T[]; readonly leftOut: number; readonly last: readonly T[] } {
  if (path.length <= most) return { first: path, leftOut: 0, last: [] };
  const head = Math.floor(most / 2);
  const tail = most - head;
  return { first: path.slice(0, head), leftOut: path.length - most, last: path.slice(-tail) };
}
