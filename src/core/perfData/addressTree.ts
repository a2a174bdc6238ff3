/**
 * Call chains as they were recorded: a tree of 64-bit addresses whose roots are (process, mode) pairs. Equal chains
 * of a process are one node, and chains share their callers, so what is kept grows with what is different. A node's
 * parent, its caller, has a smaller index. Context markers are nodes too: they say the mode of what is below them.
 *
 * Interning is the hot loop of opening a recording: flat arrays, open addressing, no allocation per chain.
 */
export class AddressTree {
  length = 0;
  /** The caller's node; at a root `-1 - (process * 8 + mode)`. */
  parent = new Int32Array(1024);
  low = new Int32Array(1024);
  high = new Int32Array(1024);
  private slots = new Int32Array(4096).fill(-1);
  private mask = 4095;

  static root(process: number, mode: number): number {
    return -1 - (process * 8 + mode);
  }

  /** @returns the node of the address called from `parent`, a node or a root */
  intern(parent: number, low: number, high: number): number {
    // Multiplicative hashing by odd constants, folded twice to spread the high bits.
    let h = Math.imul(parent, 0x9e3779b1) ^ Math.imul(low, 0x85ebca77) ^ Math.imul(high, 0xc2b2ae3d);
    h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
    h ^= h >>> 13;
    const { slots, mask } = this;
    let slot = h & mask;
    for (let node = slots[slot] as number; node !== -1; node = slots[slot] as number) {
      if (this.low[node] === (low | 0) && this.parent[node] === parent && this.high[node] === (high | 0))
        return node;
      slot = (slot + 1) & mask;
    }
    const node = this.length++;
    if (node === this.parent.length) this.growNodes();
    this.parent[node] = parent;
    this.low[node] = low;
    this.high[node] = high;
    slots[slot] = node;
    if (this.length * 2 > mask) this.growSlots();
    return node;
  }

  private growNodes(): void {
    const grow = (old: Int32Array) => {
      const grown = new Int32Array(old.length * 2);
      grown.set(old);
      return grown;
    };
    this.parent = grow(this.parent);
    this.low = grow(this.low);
    this.high = grow(this.high);
  }

  private growSlots(): void {
    this.mask = this.mask * 2 + 1;
    const { mask, parent, low, high } = this;
    const slots = new Int32Array(mask + 1).fill(-1);
    for (let node = 0; node < this.length; node++) {
      let h =
        Math.imul(parent[node] as number, 0x9e3779b1) ^
        Math.imul(low[node] as number, 0x85ebca77) ^
        Math.imul(high[node] as number, 0xc2b2ae3d);
      h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
      h ^= h >>> 13;
      let slot = h & mask;
      while (slots[slot] !== -1) slot = (slot + 1) & mask;
      slots[slot] = node;
    }
    this.slots = slots;
  }
}
