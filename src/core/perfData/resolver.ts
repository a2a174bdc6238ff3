import { IntPairMap } from '../../model/intPairMap.js';
import { LocationTable, locationOf } from './addressSpace.js';
import type { AddressTree } from './addressTree.js';
import { FILE_OFFSET_MODE, modeOf } from './chainReader.js';
import { CONTEXT_MAX_LOW } from './format.js';
import { isAnonymous, type CpuMode } from '../symbols/location.js';
import type { MappingHistory } from './mappingHistory.js';

/** Chains of locations: a tree, whose parents (the callers) have smaller indices; -1 at a root. */
export interface LocationStacks {
  readonly length: number;
  readonly parent: Int32Array;
  readonly location: Int32Array;
}

/** By `CpuModeBits`; samples of unknown mode count as user code. */
const modes: readonly CpuMode[] = [
  'user',
  'kernel',
  'user',
  'hypervisor',
  'guest-kernel',
  'guest-user',
  'user',
];

/**
 * Resolves the addresses of a chain to locations at a point in time. Results for a node of the address tree are cached
 * until the mappings of its process change.
 */
export class Resolver {
  readonly locations = new LocationTable();
  private readonly tree: AddressTree;
  private readonly history: MappingHistory;
  private readonly pids: readonly number[];
  private readonly stackIndex = new IntPairMap();
  private stackParent = new Int32Array(1024);
  private stackLocation = new Int32Array(1024);
  private stackLength = 0;
  // Per node: its stack where a chain ends there, and where it called something, and the mappings they are valid for.
  private readonly asLeaf: Int32Array;
  private readonly leafVersion: Int32Array;
  private readonly asCaller: Int32Array;
  private readonly callerVersion: Int32Array;
  private readonly path: number[] = [];
  /** By index, the files of addresses that are file offsets. */
  private readonly files: readonly string[];
  private readonly filesAreRuntime: boolean;

  /** @param unwound how to interpret addresses of unwound chains, which depends on perf's version */
  constructor(
    tree: AddressTree,
    history: MappingHistory,
    pids: readonly number[],
    unwound: { readonly files: readonly string[]; readonly runtime: boolean } = { files: [], runtime: false },
  ) {
    this.tree = tree;
    this.history = history;
    this.pids = pids;
    this.files = unwound.files;
    this.filesAreRuntime = unwound.runtime;
    this.asLeaf = new Int32Array(tree.length);
    this.leafVersion = new Int32Array(tree.length).fill(-1);
    this.asCaller = new Int32Array(tree.length);
    this.callerVersion = new Int32Array(tree.length).fill(-1);
  }

  get stacks(): LocationStacks {
    return {
      length: this.stackLength,
      parent: this.stackParent.slice(0, this.stackLength),
      location: this.stackLocation.slice(0, this.stackLength),
    };
  }

  /**
   * The stack of a chain at the current time of the history.
   * @param process index of the chain's process
   */
  resolve(node: number, process: number): number {
    if (node < 0) return -1;
    const pid = this.pids[process] as number;
    const version = this.history.space(pid).version + this.history.kernel.version;
    if (this.leafVersion[node] === version) return this.asLeaf[node] as number;
    // Down from the outermost node without a valid result. Iterative: chains can be thousands of frames deep.
    const { parent, low, high } = this.tree;
    const { path } = this;
    path.length = 0;
    let up = parent[node] as number;
    while (up >= 0 && this.callerVersion[up] !== version) {
      path.push(up);
      up = parent[up] as number;
    }
    let stack = up < 0 ? -1 : (this.asCaller[up] as number);
    let mode = this.modeAbove(path.length > 0 ? (path.at(-1) as number) : node);
    for (let i = path.length - 1; i >= 0; i--) {
      const at = path[i] as number;
      const [l, h] = [low[at] as number, high[at] as number];
      const inner = i > 0 ? (path[i - 1] as number) : node;
      if (isMarker(l, h)) mode = modeOf(l >>> 0, mode);
      else {
        // The address before a marker is where the mode was left, not a return address.
        const exact = isMarker(low[inner] as number, high[inner] as number);
        stack = this.push(stack, this.locate(l, h, mode, pid, exact ? 0 : 1));
      }
      // A node before a marker has another stack when it calls in its own mode, and is not kept.
      if (!isMarker(low[inner] as number, high[inner] as number)) {
        this.asCaller[at] = stack;
        this.callerVersion[at] = version;
      }
    }
    stack = this.push(stack, this.locate(low[node] as number, high[node] as number, mode, pid, 0));
    this.asLeaf[node] = stack;
    this.leafVersion[node] = version;
    return stack;
  }

  /** The mode of a node: that of the nearest marker above it, else of its root. */
  private modeAbove(node: number): number {
    const { parent, low, high } = this.tree;
    let up = parent[node] as number;
    while (up >= 0) {
      if (isMarker(low[up] as number, high[up] as number)) return modeOf((low[up] as number) >>> 0, 0);
      up = parent[up] as number;
    }
    return (-1 - up) & 7;
  }

  /** @param back bytes before the address: a return address is behind its call, maybe in the next line or function */
  private locate(low: number, high: number, mode: number, pid: number, back: number): number {
    if (mode === FILE_OFFSET_MODE) return this.locateInFile(low, high, pid, back);
    const address = high * 2 ** 32 + (low >>> 0) - back;
    const name = modes[mode] as CpuMode;
    const space = name === 'kernel' ? this.history.kernel : this.history.space(pid);
    return this.locations.intern(locationOf(space.find(address), address, name, pid));
  }

  /** The upper 22 bits are the file's index, the others the offset. */
  private locateInFile(low: number, high: number, pid: number, back: number): number {
    const file = this.files[high >>> 10] ?? '';
    const offset = (high & 0x3ff) * 2 ** 32 + (low >>> 0) - back;
    const named = file.startsWith('/') || file === '[vdso]' ? file : undefined;
    if (
      this.filesAreRuntime ||
      named === undefined ||
      isAnonymous(file) ||
      /^\/tmp\/perf-\d+\.map$/.test(file)
    ) {
      return this.locations.intern(locationOf(this.history.space(pid).find(offset), offset, 'user', pid));
    }
    const buildId = this.history.buildIdOf(file);
    return this.locations.intern({
      module: file,
      offset,
      address: offset,
      mode: 'user',
      pid: undefined,
      buildId,
      symbol: undefined,
    });
  }

  private push(parent: number, location: number): number {
    let stack = this.stackIndex.get(parent, location);
    if (stack === -1) {
      stack = this.stackLength++;
      this.stackIndex.set(parent, location, stack);
      if (stack === this.stackParent.length) {
        const grow = (old: Int32Array) => {
          const grown = new Int32Array(old.length * 2);
          grown.set(old);
          return grown;
        };
        this.stackParent = grow(this.stackParent);
        this.stackLocation = grow(this.stackLocation);
      }
      this.stackParent[stack] = parent;
      this.stackLocation[stack] = location;
    }
    return stack;
  }
}

function isMarker(low: number, high: number): boolean {
  return high === -1 && low >>> 0 >= CONTEXT_MAX_LOW;
}
