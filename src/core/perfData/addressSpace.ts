import { IntPairMap } from '../profile/intPairMap.js';
import type { Location } from './reader.js';

/** A file mapped into a process: runtime addresses start … end are bytes from `fileOffset` on of the file. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly fileOffset: number;
  readonly file: string;
}

/** Interned locations: each distinct (module, offset) has one index, so it is symbolized once. */
export class LocationTable {
  readonly locations: Location[] = [];
  private readonly byModule = new Map<string, Map<number, number>>();

  intern(module: string | undefined, offset: number): number {
    const key = module ?? '';
    let offsets = this.byModule.get(key);
    if (!offsets) this.byModule.set(key, (offsets = new Map()));
    let index = offsets.get(offset);
    if (index === undefined) {
      index = this.locations.push({ module, offset }) - 1;
      offsets.set(offset, index);
    }
    return index;
  }
}

/** The mappings of one process at one time. A later mapping hides the earlier ones that it overlaps. */
export class AddressSpace {
  private readonly mappings: Mapping[] = [];
  /** Address to location index; valid until the next mapping. */
  private readonly cache = new IntPairMap();
  private readonly table: LocationTable;

  constructor(table: LocationTable) {
    this.table = table;
  }

  add(mapping: Mapping): void {
    this.mappings.push(mapping);
    this.cache.clear();
  }

  /** The location index of a 64-bit address, given as two unsigned words. */
  locate(low: number, high: number): number {
    let index = this.cache.get(low, high);
    if (index === -1) {
      // The kernel's half of the address space becomes negative numbers.
      index = this.lookUp((high | 0) * 2 ** 32 + low);
      this.cache.set(low, high, index);
    }
    return index;
  }

  clone(): AddressSpace {
    const copy = new AddressSpace(this.table);
    copy.mappings.push(...this.mappings);
    return copy;
  }

  private lookUp(address: number): number {
    if (address < 0) return this.table.intern('[kernel]', address);
    const mapping = this.mappings.findLast((m) => address >= m.start && address < m.end);
    if (!mapping) return this.table.intern(undefined, address);
    return this.table.intern(mapping.file, address - mapping.start + mapping.fileOffset);
  }
}
