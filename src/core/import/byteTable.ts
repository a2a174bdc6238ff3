/** Limit of the keys' size; beyond it the table is cleared. */
const MAX_BYTES = 16 * 2 ** 20;
const MAX_ENTRIES = 1 << 16;
const SLOTS = 1 << 17;
/** Longer probe sequences mean that keys were crafted to collide; such a key isn't stored. */
const MAX_PROBES = 32;

/**
 * A map from byte sequences to non-negative integers that needs no string for a lookup: keys are hashed and compared in
 * place, four bytes at a time. Several times as fast as a Map of slices, and bounded in memory.
 */
export class ByteTable {
  private readonly slots = new Int32Array(SLOTS).fill(-1);
  private readonly hashes = new Int32Array(MAX_ENTRIES);
  private readonly starts = new Int32Array(MAX_ENTRIES);
  private readonly lengths = new Int32Array(MAX_ENTRIES);
  private readonly values = new Int32Array(MAX_ENTRIES);
  private bytes = Buffer.alloc(1 << 16);
  private view = viewOf(this.bytes);
  private entries = 0;
  private used = 0;

  /** @returns the value, -1 if there is none */
  get(data: DataView, start: number, end: number): number {
    const hash = hashOf(data, start, end);
    for (
      let slot = hash & (SLOTS - 1), probes = 0;
      probes < MAX_PROBES;
      probes++, slot = (slot + 1) & (SLOTS - 1)
    ) {
      const entry = this.slots[slot] as number;
      if (entry === -1) return -1;
      if (this.hashes[entry] === hash && this.equals(entry, data, start, end))
        return this.values[entry] as number;
    }
    return -1;
  }

  /** The key must not exist yet. */
  add(data: Buffer, view: DataView, start: number, end: number, value: number): void {
    const length = end - start;
    if (length > MAX_BYTES) return;
    if (this.entries === MAX_ENTRIES || this.used + length > MAX_BYTES) {
      this.slots.fill(-1);
      this.entries = this.used = 0;
    }
    const hash = hashOf(view, start, end);
    let slot = hash & (SLOTS - 1);
    for (let probes = 0; this.slots[slot] !== -1; probes++) {
      if (probes === MAX_PROBES - 1) return;
      slot = (slot + 1) & (SLOTS - 1);
    }
    if (this.used + length > this.bytes.length) this.grow(this.used + length);
    data.copy(this.bytes, this.used, start, end);
    const entry = this.entries++;
    this.slots[slot] = entry;
    this.hashes[entry] = hash;
    this.starts[entry] = this.used;
    this.lengths[entry] = length;
    this.values[entry] = value;
    this.used += length;
  }

  private equals(entry: number, data: DataView, start: number, end: number): boolean {
    if (this.lengths[entry] !== end - start) return false;
    const { view } = this;
    let own = this.starts[entry] as number;
    let at = start;
    for (; at + 4 <= end; at += 4, own += 4)
      if (view.getInt32(own, true) !== data.getInt32(at, true)) return false;
    for (; at < end; at++, own++) if (view.getUint8(own) !== data.getUint8(at)) return false;
    return true;
  }

  private grow(length: number): void {
    const grown = Buffer.alloc(Math.max(this.bytes.length * 2, length));
    this.bytes.copy(grown, 0, 0, this.used);
    this.bytes = grown;
    this.view = viewOf(grown);
  }
}

export function viewOf(data: Buffer): DataView {
  return new DataView(data.buffer, data.byteOffset, data.length);
}

function hashOf(data: DataView, start: number, end: number): number {
  let hash = end - start;
  let at = start;
  for (; at + 4 <= end; at += 4) hash = Math.imul(hash ^ data.getInt32(at, true), 0x9e3779b1) ^ (hash >>> 15);
  for (; at < end; at++) hash = Math.imul(hash ^ data.getUint8(at), 0x85ebca77);
  return hash ^ (hash >>> 16);
}
