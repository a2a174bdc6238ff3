import { buildCallTree, stackWeights, type CallTree, type StackColumns } from './callTree.js';
import type { EventProfile } from '../model/profile.js';

/** Cost of every function, by function index, in sample weights. */
export interface FunctionCosts {
  readonly self: Float64Array;
  /** A sample counts once, however often the function recurs in its stack. */
  readonly total: Float64Array;
  /** Number of the samples in `total`. */
  readonly totalSamples: Int32Array;
  /** Weight of all samples: 100%. Includes samples without any frame. */
  readonly all: number;
}

export function functionCosts(profile: StackColumns, tree: CallTree = buildCallTree(profile)): FunctionCosts {
  const own = Int32Array.from({ length: profile.functions.length }, (_, f) => f);
  return groupCosts(profile, own, own.length, tree);
}

/**
 * Costs of groups of functions, by group index: `groupOf` says for each function its group, -1 for none. A
 * sample counts once in a group's total, however many of the group's functions are in its stack.
 */
export function groupCosts(
  profile: StackColumns,
  groupOf: Int32Array,
  count: number,
  tree: CallTree = buildCallTree(profile),
): FunctionCosts {
  const self = new Float64Array(count);
  const total = new Float64Array(count);
  const totalSamples = new Int32Array(count);
  const open = new Int32Array(count);
  const path: number[] = [];
  for (let node = 1; node < tree.length; node++) {
    // Preorder: nodes on the path below this node's parent are finished.
    const parent = tree.parent[node] as number;
    while (path.length > 0 && path[path.length - 1] !== parent) {
      const left = groupOf[tree.func[path.pop() as number] as number] as number;
      if (left >= 0) open[left] = (open[left] as number) - 1;
    }
    path.push(node);
    const group = groupOf[tree.func[node] as number] as number;
    if (group < 0) continue;
    self[group] = (self[group] as number) + (tree.self[node] as number);
    if (open[group] === 0) {
      total[group] = (total[group] as number) + (tree.total[node] as number);
      totalSamples[group] = (totalSamples[group] as number) + (tree.totalSamples[node] as number);
    }
    open[group] = (open[group] as number) + 1;
  }
  return { self, total, totalSamples, all: tree.total[0] as number };
}

interface LineCost {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  readonly self: number;
}

/** Cost of every source line by the innermost frame of each sample, highest first. */
export function lineCosts(profile: EventProfile): LineCost[] {
  const { stacks, frames, strings } = profile;
  const { self } = stackWeights(profile);
  const byPlace = new Map<string, LineCost & { self: number }>();
  for (let s = 0; s < stacks.length; s++) {
    const weight = self[s] as number;
    const frame = stacks.frame[s] as number;
    const file = frames.file[frame] as number;
    const line = frames.line[frame] as number;
    if (weight === 0 || file < 0 || line === 0) continue;
    const key = `${file}:${line}`;
    const cost = byPlace.get(key);
    if (cost) cost.self += weight;
    else byPlace.set(key, { file: strings[file] as string, line, self: weight });
  }
  return [...byPlace.values()].sort((a, b) => b.self - a.self);
}
