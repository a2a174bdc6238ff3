import { compareParts, type Differences, type Whole } from '../statistics/shareDifferences.js';
import { IntPairMap } from '../model/intPairMap.js';
import type { Profile } from '../model/profile.js';
import { effectiveSamples, type Estimate } from '../statistics/estimate.js';

/** The part of a call tree that a comparison needs: node 0 is the root without a function, parents precede children. */
export interface CountedTree {
  readonly length: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  readonly self: Float64Array;
  readonly total: Float64Array;
  readonly selfSamples: Int32Array;
  readonly totalSamples: Int32Array;
}

/** One of two compared runs. */
export interface DiffSide {
  readonly tree: CountedTree;
  readonly functionCount: number;
  /** Identifies functions across runs: see `alignmentKey`. */
  readonly key: (func: number) => string;
  readonly whole: Whole;
}

/** Functions of both runs under one index. A is the compared run, B the shown one. */
export interface AlignedFunctions {
  readonly length: number;
  /** Aligned index of each side's functions. */
  readonly ofA: Int32Array;
  readonly ofB: Int32Array;
  /** The first function of each side with this key; -1 if the side has none. */
  readonly a: Int32Array;
  readonly b: Int32Array;
}

/**
 * Both call trees merged: a node exists if either side has it. In preorder, siblings in descending order of the mean of
 * both costs. `func` is an aligned index.
 */
export interface DiffTree {
  readonly length: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  readonly depth: Int32Array;
  /** The node after the subtree. */
  readonly end: Int32Array;
  readonly self: Differences;
  readonly total: Differences;
}

export interface Diff {
  readonly functions: AlignedFunctions;
  /** By aligned index; the entry after the last is for samples without any function, so that each side sums to all. */
  readonly self: Differences;
  /** By aligned index; a sample counts once, however often the function recurs in its stack. */
  readonly total: Differences;
  readonly tree: DiffTree;
  readonly a: Whole;
  readonly b: Whole;
}

/**
 * Identifies a function across builds and versions: modules by their file name without version numbers, the program of the
 * run as such, and functions without the clone suffixes of compilers.
 * @param program file name of the program of the run, empty if unknown
 */
export function alignmentKey(name: string, module: string, program: string): string {
  const file = module.slice(module.lastIndexOf('/') + 1);
  const library = file.replace(/-\d[\d.]*(?=\.so)/, '').replace(/(\.so)[\d.]*$/, '$1');
  const plain = name.replace(/(\.(constprop|part|isra|cold|lto_priv|llvm|ltopriv)(\.\d+)*)+$/, '');
  return `${plain}\0${file !== '' && file === program ? '' : library}`;
}

/** What a program isn't: libraries, the kernel and its modules, and code without a file. */
const notProgram = /^$|^\[|^\/\/|\.(so[\d.]*|dylib|dll|ko)$/;

/**
 * The file name of the program of a run, for `alignmentKey`. Imported profiles and archives come without their command: then
 * it is the module with `main`, or where that took no time, as in one that waits for its threads, a module that is no library;
 * of several the one with most functions. Empty where there is none.
 * @param program path of the run's program, empty if unknown
 */
export function programName(program: string, { functions, strings }: Profile): string {
  const fileName = (file: string) => file.slice(file.lastIndexOf('/') + 1);
  if (program !== '') return fileName(program);
  const inModule = new Map<number, number>();
  for (const module of functions.module) inModule.set(module, (inModule.get(module) ?? 0) + 1);
  const withMain = [...functions.name].flatMap((name, func) =>
    strings[name] === 'main' ? [functions.module[func] ?? -1] : [],
  );
  const others = () => [...inModule.keys()].filter((module) => !notProgram.test(strings[module] ?? ''));
  const candidates = withMain.length > 0 ? withMain : others();
  const [most = -1] = candidates.sort((x, y) => (inModule.get(y) ?? 0) - (inModule.get(x) ?? 0));
  return fileName(strings[most] ?? '');
}

/**
 * @param weights of the shown samples
 * @param countsSamples the weights are numbers of samples themselves, as in folded stacks
 */
export function wholeOf(
  weights: Iterable<number>,
  cost: Estimate,
  { exact = false, countsSamples = false }: { exact?: boolean; countsSamples?: boolean } = {},
): Whole {
  let [samples, weight, squares] = [0, 0, 0];
  for (const w of weights) {
    samples++;
    weight += w;
    squares += w * w;
  }
  if (countsSamples) return { weight, samples: weight, effective: weight, exact, cost };
  return { weight, samples, effective: effectiveSamples(weight, squares), exact, cost };
}

/** O((nodes of both) log siblings). */
export function buildDiff(a: DiffSide, b: DiffSide): Diff {
  const functions = align(a, b);
  const merged = merge(a, b, functions);
  const order = arrange(merged, a.whole, b.whole);
  const count = functions.length;
  const self = emptyParts(count + 1);
  const total = emptyParts(count);
  sumFunctions(order, self, total);
  return {
    functions,
    self: compareParts(self, a.whole, b.whole),
    total: compareParts(total, a.whole, b.whole),
    tree: {
      length: order.length,
      parent: order.parent,
      func: order.func,
      depth: order.depth,
      end: order.end,
      self: compareParts(order.self, a.whole, b.whole),
      total: compareParts(order.total, a.whole, b.whole),
    },
    a: a.whole,
    b: b.whole,
  };
}

function align(a: DiffSide, b: DiffSide): AlignedFunctions {
  const index = new Map<string, number>();
  const first: [number[], number[]] = [[], []];
  const place = ({ functionCount, key }: DiffSide, own: number[], other: number[]): Int32Array =>
    Int32Array.from({ length: functionCount }, (_, func) => {
      const name = key(func);
      let at = index.get(name);
      if (at === undefined) {
        index.set(name, (at = index.size));
        own.push(-1);
        other.push(-1);
      }
      if (own[at] === -1) own[at] = func;
      return at;
    });
  const ofA = place(a, first[0], first[1]);
  const ofB = place(b, first[1], first[0]);
  return { length: index.size, ofA, ofB, a: Int32Array.from(first[0]), b: Int32Array.from(first[1]) };
}

/** Weights and samples of both sides. */
interface MutableParts {
  readonly weightA: Float64Array;
  readonly weightB: Float64Array;
  readonly samplesA: Int32Array;
  readonly samplesB: Int32Array;
}

function emptyParts(length: number): MutableParts {
  return {
    weightA: new Float64Array(length),
    weightB: new Float64Array(length),
    samplesA: new Int32Array(length),
    samplesB: new Int32Array(length),
  };
}

interface Merged {
  readonly length: number;
  readonly parent: Int32Array;
  readonly func: Int32Array;
  readonly self: MutableParts;
  readonly total: MutableParts;
}

/** Parents precede their children. */
function merge(a: DiffSide, b: DiffSide, { ofA, ofB }: AlignedFunctions): Merged {
  const limit = a.tree.length + b.tree.length + 1;
  const parent = new Int32Array(limit);
  const func = new Int32Array(limit);
  const [self, total] = [emptyParts(limit), emptyParts(limit)];
  const children = new IntPairMap();
  parent[0] = -1;
  func[0] = -1;
  let length = 1;
  for (const [{ tree, whole }, of, side] of [
    [a, ofA, 'A'],
    [b, ofB, 'B'],
  ] as const) {
    const counts = whole.samples === whole.weight;
    const nodeOf = new Int32Array(tree.length);
    for (let node = 0; node < tree.length; node++) {
      let at = 0;
      if (node > 0) {
        const under = nodeOf[tree.parent[node] as number] as number;
        const aligned = of[tree.func[node] as number] as number;
        at = children.get(under, aligned);
        if (at === -1) {
          children.set(under, aligned, (at = length++));
          parent[at] = under;
          func[at] = aligned;
        }
      }
      nodeOf[node] = at;
      add(self, side, at, tree.self[node] as number, (counts ? tree.self : tree.selfSamples)[node] as number);
      add(
        total,
        side,
        at,
        tree.total[node] as number,
        (counts ? tree.total : tree.totalSamples)[node] as number,
      );
    }
  }
  return { length, parent, func, self, total };
}

function add(parts: MutableParts, side: 'A' | 'B', at: number, weight: number, samples: number): void {
  const weights = side === 'A' ? parts.weightA : parts.weightB;
  const counts = side === 'A' ? parts.samplesA : parts.samplesB;
  weights[at] = (weights[at] as number) + weight;
  counts[at] = (counts[at] as number) + samples;
}

interface Arranged extends Merged {
  readonly depth: Int32Array;
  readonly end: Int32Array;
}

function arrange(merged: Merged, a: Whole, b: Whole): Arranged {
  const { length, parent, total } = merged;
  const cost = (weight: number | undefined, { weight: all, cost: { value } }: Whole) =>
    all > 0 ? ((weight as number) / all) * value : 0;
  const width = Float64Array.from(
    { length },
    (_, node) => cost(total.weightA[node], a) + cost(total.weightB[node], b),
  );
  // Children of n: children[start[n]] .. children[start[n + 1] - 1].
  const start = new Int32Array(length + 1);
  for (let node = 1; node < length; node++) {
    const slot = (parent[node] as number) + 1;
    start[slot] = (start[slot] as number) + 1;
  }
  for (let n = 0; n < length; n++) start[n + 1] = (start[n + 1] as number) + (start[n] as number);
  const children = new Int32Array(length - 1);
  const next = start.slice(0, length);
  for (let node = 1; node < length; node++) {
    const up = parent[node] as number;
    children[next[up] as number] = node;
    next[up] = (next[up] as number) + 1;
  }
  for (let n = 0; n < length; n++) {
    const own = children.subarray(start[n], start[n + 1]);
    if (own.length > 1) own.sort((x, y) => (width[y] as number) - (width[x] as number) || x - y);
  }
  const size = new Int32Array(length).fill(1);
  for (let node = length - 1; node > 0; node--) {
    const up = parent[node] as number;
    size[up] = (size[up] as number) + (size[node] as number);
  }
  const index = new Int32Array(length);
  const out = {
    length,
    parent: new Int32Array(length),
    func: new Int32Array(length),
    depth: new Int32Array(length),
    end: new Int32Array(length),
    self: emptyParts(length),
    total: emptyParts(length),
  };
  out.parent[0] = -1;
  for (let node = 0; node < length; node++) {
    const at = index[node] as number;
    out.func[at] = merged.func[node] as number;
    out.end[at] = at + (size[node] as number);
    copy(merged.self, node, out.self, at);
    copy(merged.total, node, out.total, at);
    let child = at + 1;
    for (let i = start[node] as number; i < (start[node + 1] as number); i++) {
      const from = children[i] as number;
      index[from] = child;
      out.parent[child] = at;
      out.depth[child] = (out.depth[at] as number) + 1;
      child += size[from] as number;
    }
  }
  return out;
}

function copy(from: MutableParts, i: number, to: MutableParts, j: number): void {
  add(to, 'A', j, from.weightA[i] as number, from.samplesA[i] as number);
  add(to, 'B', j, from.weightB[i] as number, from.samplesB[i] as number);
}

/** Walks the nodes in preorder with the path of open functions, so that recursion counts once in `total`. */
function sumFunctions(tree: Arranged, self: MutableParts, total: MutableParts): void {
  const none = self.weightA.length - 1;
  const open = new Int32Array(none);
  const path: number[] = [];
  for (let node = 0; node < tree.length; node++) {
    const func = tree.func[node] as number;
    copy(tree.self, node, self, func < 0 ? none : func);
    if (func < 0) continue;
    while (path.length >= (tree.depth[node] as number)) {
      const left = path.pop() as number;
      open[left] = (open[left] as number) - 1;
    }
    path.push(func);
    if (open[func] === 0) copy(tree.total, node, total, func);
    open[func] = (open[func] as number) + 1;
  }
}
