import { AddressTree } from './addressTree.js';
import { Context, CONTEXT_MAX_LOW, CpuModeBits, FIRST_PAGE } from './format.js';

/** Modes of the tree's roots and of the addresses below markers, beside perf's own. */
export const FILE_OFFSET_MODE = 6;

/**
 * Turns recorded call chains into nodes of an `AddressTree`. A chain has its innermost address first; markers say
 * the mode of the addresses after them. In the tree a marker stands between the frames of two modes.
 */
export class ChainReader {
  readonly tree = new AddressTree();
  // The last chain from the outermost address inward: most chains begin as the one before does.
  private readonly pathLow = new Int32Array(maxPath);
  private readonly pathHigh = new Int32Array(maxPath);
  private readonly pathNode = new Int32Array(maxPath);
  private readonly aboveLow = new Int32Array(maxPath);
  private readonly aboveHigh = new Int32Array(maxPath);
  private pathLength = 0;
  private pathRoot = 0;
  private depth = 0;
  private same = false;
  private node = 0;

  /**
   * @param at word offset of the first of `count` entries
   * @param process index of the process
   * @param mode of the sample, and of entries before any marker
   * @param ipAt word offset of the sample's own address, the innermost whatever the chain says; -1 without one
   * @returns the node, -1 when there is no address at all
   */
  read(words: Uint32Array, at: number, count: number, process: number, mode: number, ipAt: number): number {
    const end = at + count * 2;
    let outermost = mode;
    let innermost = mode;
    let first = -1;
    let markers = 0;
    for (let entry = at; entry < end; entry += 2) {
      if (words[entry + 1] === 0xffff_ffff && (words[entry] as number) >= CONTEXT_MAX_LOW) {
        outermost = modeOf(words[entry] as number, outermost);
        markers++;
      } else if (first === -1) {
        first = entry;
        innermost = outermost;
      }
    }
    if (first === -1) return ipAt < 0 ? -1 : this.leaf(words, ipAt, process, mode);
    this.start(AddressTree.root(process, outermost));
    // The modes of all entries but the outermost ones need looking back, where there are several.
    const simple = markers === 0 || (markers === 1 && first === at + 2);
    let current = outermost;
    for (let entry = end - 2; entry > first; entry -= 2) {
      const low = words[entry] as number;
      const high = words[entry + 1] as number;
      if (!simple && high === 0xffff_ffff && low >= CONTEXT_MAX_LOW) {
        const inner = modeBefore(words, at, entry, mode);
        if (inner !== current && entry > first) this.step(markerOf(inner), 0xffff_ffff);
        current = inner;
      } else if (high !== 0 || low >= FIRST_PAGE) this.step(low, high);
    }
    if (current !== innermost) this.step(markerOf(innermost), 0xffff_ffff);
    const low = words[first] as number;
    const high = words[first + 1] as number;
    if (ipAt < 0 || (words[ipAt] === low && words[ipAt + 1] === high)) return this.step(low, high);
    // perf report counts a sample at its own address in place of the chain's first one. They differ where the
    // processor sampled precisely, or where only one mode's chain was recorded.
    if (innermost !== mode) {
      this.step(low, high);
      this.step(markerOf(mode), 0xffff_ffff);
    }
    return this.step(words[ipAt] as number, words[ipAt + 1] as number);
  }

  /**
   * A chain of one mode once more, on top of another that called it.
   * @param caller node of the innermost address of the outer chain
   * @param node of the inner chain, -1 for none
   */
  above(caller: number, node: number): number {
    if (node < 0) return caller;
    const { tree, aboveLow, aboveHigh } = this;
    let depth = 0;
    let at = node;
    for (; at >= 0; at = tree.parent[at] as number, depth++) {
      aboveLow[depth] = tree.low[at] as number;
      aboveHigh[depth] = tree.high[at] as number;
    }
    let joined = tree.intern(caller, markerOf((-1 - at) & 7), -1);
    while (depth-- > 0) joined = tree.intern(joined, aboveLow[depth] as number, aboveHigh[depth] as number);
    return joined;
  }

  private leaf(words: Uint32Array, ipAt: number, process: number, mode: number): number {
    return this.tree.intern(
      AddressTree.root(process, mode),
      words[ipAt] as number,
      words[ipAt + 1] as number,
    );
  }

  private start(root: number): void {
    this.same = root === this.pathRoot;
    this.pathRoot = root;
    this.node = root;
    this.depth = 0;
  }

  private step(low: number, high: number): number {
    const depth = this.depth++;
    if (this.same) {
      if (
        depth < this.pathLength &&
        this.pathLow[depth] === (low | 0) &&
        this.pathHigh[depth] === (high | 0)
      ) {
        return (this.node = this.pathNode[depth] as number);
      }
      this.same = false;
    }
    const node = this.tree.intern(this.node, low, high);
    this.node = node;
    if (depth < maxPath) {
      this.pathLow[depth] = low;
      this.pathHigh[depth] = high;
      this.pathNode[depth] = node;
      this.pathLength = depth + 1;
    }
    return node;
  }
}

/** A record has 64 KiB, and so at most 8,192 entries. */
const maxPath = 8200;

function modeBefore(words: Uint32Array, at: number, entry: number, mode: number): number {
  for (let before = entry - 2; before >= at; before -= 2) {
    if (words[before + 1] === 0xffff_ffff && (words[before] as number) >= CONTEXT_MAX_LOW)
      return modeOf(words[before] as number, mode);
  }
  return mode;
}

/** @param unknown what an unknown marker means: no change */
export function modeOf(marker: number, unknown: number): number {
  switch (marker) {
    case Context.KERNEL:
      return CpuModeBits.KERNEL;
    case Context.USER:
    case Context.USER_DEFERRED:
      return CpuModeBits.USER;
    case Context.HYPERVISOR:
      return CpuModeBits.HYPERVISOR;
    case Context.GUEST_KERNEL:
      return CpuModeBits.GUEST_KERNEL;
    case Context.GUEST:
    case Context.GUEST_USER:
      return CpuModeBits.GUEST_USER;
    case fileOffsetMarker:
      return FILE_OFFSET_MODE;
    default:
      return unknown;
  }
}

/** Not one of the kernel's: what is below it is at offsets in files, as perf prints unwound chains. */
export const fileOffsetMarker = CONTEXT_MAX_LOW;

const markers: readonly number[] = [
  Context.USER,
  Context.KERNEL,
  Context.USER,
  Context.HYPERVISOR,
  Context.GUEST_KERNEL,
  Context.GUEST_USER,
  fileOffsetMarker,
];

function markerOf(mode: number): number {
  return markers[mode] ?? Context.USER;
}
