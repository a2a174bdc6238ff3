import type { EventProfile } from '../model/profile.js';
import { stackWeights, type CallTree } from './callTree.js';

/** A function beside another, and the weight of the samples in which it is. */
export interface Neighbor {
  /** -1 for none: a caller that isn't known, or the start of a thread. */
  readonly func: number;
  readonly weight: number;
}

export interface Neighbors {
  /** Of the outermost call in a recursion. Largest first, as the others. */
  readonly callers: readonly Neighbor[];
  readonly callees: readonly Neighbor[];
  /** Functions into which the compiler inlined it. */
  readonly inlinedInto: readonly Neighbor[];
}

/** Who calls a function, what it calls, and where it was inlined. One pass over the tree. */
export function neighborsOf(tree: CallTree, func: number): Neighbors {
  const callers = new Map<number, number>();
  const callees = new Map<number, number>();
  const inlinedInto = new Map<number, number>();
  const path: number[] = [];
  /** How often the function, and the step from it to each callee, are on the path. */
  let open = 0;
  const steps = new Map<number, number>();
  const stepOf = (node: number) => {
    const parent = tree.parent[node] as number;
    const callee = tree.func[node] as number;
    return parent > 0 && tree.func[parent] === func && callee !== func ? callee : undefined;
  };
  const add = (to: Map<number, number>, key: number, node: number) =>
    to.set(key, (to.get(key) ?? 0) + (tree.total[node] as number));
  for (let node = 1; node < tree.length; node++) {
    const parent = tree.parent[node] as number;
    while (path.length > 0 && path[path.length - 1] !== parent) {
      const left = path.pop() as number;
      if (tree.func[left] === func) open--;
      const step = stepOf(left);
      if (step !== undefined) steps.set(step, (steps.get(step) as number) - 1);
    }
    path.push(node);
    if (tree.func[node] === func) {
      const outside = parent > 0 ? (tree.func[parent] as number) : -1;
      if (open++ === 0) {
        add(callers, outside, node);
        if (tree.inlined[node] === 1) add(inlinedInto, outside, node);
      }
    }
    const step = stepOf(node);
    if (step === undefined) continue;
    const times = steps.get(step) ?? 0;
    if (times === 0) add(callees, step, node);
    steps.set(step, times + 1);
  }
  return { callers: sorted(callers), callees: sorted(callees), inlinedInto: sorted(inlinedInto) };
}

function sorted(weights: ReadonlyMap<number, number>): Neighbor[] {
  return [...weights].map(([func, weight]) => ({ func, weight })).sort((a, b) => b.weight - a.weight);
}

/**
 * What a line calls, its inlined calls included. O(stacks).
 * @param file string index
 * @param line 1-based
 */
export function calleesOfLine(profile: EventProfile, file: number, line: number): Neighbor[] {
  const { stacks, frames } = profile;
  const { total } = stackWeights(profile);
  const isThere = (stack: number) => {
    const frame = stacks.frame[stack] as number;
    return frames.line[frame] === line && frames.file[frame] === file;
  };
  const funcOf = (stack: number) => frames.func[stacks.frame[stack] as number] as number;
  const callees = new Map<number, number>();
  for (let s = 0; s < stacks.length; s++) {
    const parent = stacks.parent[s] as number;
    if (parent < 0 || total[s] === 0 || !isThere(parent)) continue;
    const func = funcOf(s);
    // In a recursion the outermost call counts.
    let outer = parent;
    while (outer >= 0 && !(funcOf(outer) === func && isAtCall(outer))) outer = stacks.parent[outer] as number;
    if (outer < 0) callees.set(func, (callees.get(func) ?? 0) + (total[s] as number));
  }
  return sorted(callees);

  function isAtCall(stack: number): boolean {
    const parent = stacks.parent[stack] as number;
    return parent >= 0 && isThere(parent);
  }
}
