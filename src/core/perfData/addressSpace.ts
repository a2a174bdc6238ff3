import { isAnonymous, kernelModule, type CpuMode, type Location } from '../symbols/location.js';

/** A file mapped into a process: runtime addresses start … end are bytes from `fileOffset` on of the file. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly fileOffset: number;
  readonly file: string;
  /** Hexadecimal, if the recording has it. */
  readonly buildId?: string | undefined;
  /** Of the file, if the recording has it instead of a build ID. */
  readonly inode?: number | undefined;
  /** The name of a function that the kernel generated, which has no file. */
  readonly symbol?: string | undefined;
  /** As in `Location`. */
  readonly code?: number | undefined;
}

/** Interns locations, so that each is symbolized once. */
export class LocationTable {
  readonly locations: Location[] = [];
  private readonly byModule = new Map<string, Map<number, number>>();

  intern(location: Location): number {
    const {
      module = '',
      buildId = '',
      inode = '',
      pid = '',
      symbol = '',
      code = '',
      mode,
      offset,
    } = location;
    const key = `${mode}\0${module}\0${buildId}\0${inode}\0${pid}\0${symbol}\0${code}`;
    let offsets = this.byModule.get(key);
    if (!offsets) this.byModule.set(key, (offsets = new Map()));
    let index = offsets.get(offset);
    if (index === undefined) {
      index = this.locations.push(location) - 1;
      offsets.set(offset, index);
    }
    return index;
  }
}

/** A persistent treap by start address of mappings that do not overlap. */
interface Node {
  readonly start: number;
  readonly end: number;
  readonly mapping: Mapping;
  readonly priority: number;
  readonly left: Node | undefined;
  readonly right: Node | undefined;
}

/**
 * The mappings of one process, or of the kernel, at one time. A later mapping hides what it overlaps. Changing and
 * looking up take O(log mappings), and copying for a forked process takes O(1): a hostile file can't make them slow.
 */
export class AddressSpace {
  /** Grows with each change after which an address may mean something else. */
  version = 0;
  private root: Node | undefined;
  private seed = 1;

  add(mapping: Mapping): void {
    const { start, end } = mapping;
    if (!(end > start)) return;
    this.version++;
    this.remove(start, end);
    const [left, right] = split(this.root, start);
    this.root = merge(merge(left, this.leaf(mapping, start, end)), right);
  }

  remove(start: number, end: number): void {
    const [left, rest] = split(this.root, start);
    const [middle, right] = split(rest, end);
    // What begins before and reaches into the range keeps its head, and its tail behind the range.
    let kept = left;
    let tail: Node | undefined;
    const before = last(left);
    if (before && before.end > start) {
      kept = merge(split(left, before.start)[0], this.leaf(before.mapping, before.start, start));
      if (before.end > end) tail = this.leaf(before.mapping, end, before.end);
    }
    const inside = last(middle);
    if (inside && inside.end > end) tail = this.leaf(inside.mapping, end, inside.end);
    if (kept !== left || middle || tail) this.version++;
    this.root = merge(merge(kept, tail), right);
  }

  find(address: number): Mapping | undefined {
    let node = this.root;
    while (node) {
      if (address < node.start) node = node.left;
      else if (address < node.end) return node.mapping;
      else node = node.right;
    }
    return undefined;
  }

  /** @param version of the space whose place the copy takes */
  clone(version: number): AddressSpace {
    const copy = new AddressSpace();
    copy.root = this.root;
    copy.seed = this.seed;
    copy.version = version + 1;
    return copy;
  }

  private leaf(mapping: Mapping, start: number, end: number): Node {
    // Marsaglia's xorshift: priorities only need to be spread, and the same each time.
    this.seed ^= this.seed << 13;
    this.seed ^= this.seed >>> 17;
    this.seed ^= this.seed << 5;
    return { start, end, mapping, priority: this.seed, left: undefined, right: undefined };
  }
}

/** Nodes that start below `at`, and the others. */
function split(node: Node | undefined, at: number): [Node | undefined, Node | undefined] {
  if (!node) return [undefined, undefined];
  if (node.start < at) {
    const [left, right] = split(node.right, at);
    return [{ ...node, right: left }, right];
  }
  const [left, right] = split(node.left, at);
  return [left, { ...node, left: right }];
}

function merge(left: Node | undefined, right: Node | undefined): Node | undefined {
  if (!left) return right;
  if (!right) return left;
  return left.priority > right.priority
    ? { ...left, right: merge(left.right, right) }
    : { ...right, left: merge(left, right.left) };
}

function last(node: Node | undefined): Node | undefined {
  while (node?.right) node = node.right;
  return node;
}

const unmapped = { pid: undefined, buildId: undefined, symbol: undefined };

/** What an address means in a mapping. */
export function locationOf(
  mapping: Mapping | undefined,
  address: number,
  mode: CpuMode,
  pid: number,
): Location {
  const unknown = { ...unmapped, module: undefined, offset: address, address, mode };
  if (mode === 'hypervisor') return { ...unknown, module: '[hypervisor]' };
  if (mode === 'guest-kernel') return { ...unknown, module: '[guest.kernel]' };
  if (mode === 'guest-user') return { ...unknown, module: '[guest]' };
  // An address of user space while the kernel ran is nobody's: the two were not sampled at the same moment.
  if (!mapping) return mode === 'kernel' && address < 0 ? { ...unknown, module: kernelModule } : unknown;
  const { file, buildId, inode, symbol, code } = mapping;
  if (mode === 'kernel' && file.startsWith(kernelModule))
    return { ...unknown, module: kernelModule, buildId };
  if (mode === 'user' && isAnonymous(file)) return { ...unknown, module: file, pid, code };
  return {
    ...unknown,
    module: file,
    offset: address - mapping.start + mapping.fileOffset,
    buildId,
    inode,
    symbol,
  };
}
