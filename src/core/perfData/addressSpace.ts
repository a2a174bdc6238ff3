import { IntPairMap } from '../profile/intPairMap.js';
import { isAnonymous, kernelModule, type CpuMode, type Location } from './location.js';

/** A file mapped into a process: runtime addresses start … end are bytes from `fileOffset` on of the file. */
export interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly fileOffset: number;
  readonly file: string;
  /** Hexadecimal, where the record of the mapping tells it. */
  readonly buildId?: string | undefined;
}

/** Interned locations: each distinct one has one index, so it is symbolized once. */
export class LocationTable {
  readonly locations: Location[] = [];
  private readonly byModule = new Map<string, Map<number, number>>();

  intern(location: Location): number {
    const { module = '', buildId = '', pid = '', mode, offset } = location;
    const key = `${mode}\0${module}\0${buildId}\0${pid}`;
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

/** The mappings of one process at one time. A later mapping hides the earlier ones that it overlaps. */
export class AddressSpace {
  private readonly mappings: Mapping[] = [];
  /** Address to location index; valid until the next mapping. */
  private readonly cache = new IntPairMap();
  private readonly table: LocationTable;
  private readonly pid: number;
  private readonly kernel: AddressSpace | undefined;

  /** @param kernel the mappings of the kernel, which are every process's */
  constructor(table: LocationTable, pid: number, kernel: AddressSpace | undefined) {
    this.table = table;
    this.pid = pid;
    this.kernel = kernel;
  }

  add(mapping: Mapping): void {
    this.mappings.push(mapping);
    this.cache.clear();
  }

  /** The location index of a 64-bit address, given as two unsigned words. */
  locate(low: number, high: number): number {
    // The kernel's half of the address space becomes negative numbers.
    if (this.kernel && high >= 0x8000_0000) return this.kernel.locate(low, high);
    let index = this.cache.get(low, high);
    if (index === -1) {
      index = this.table.intern(this.lookUp((high | 0) * 2 ** 32 + low));
      this.cache.set(low, high, index);
    }
    return index;
  }

  clone(pid: number): AddressSpace {
    const copy = new AddressSpace(this.table, pid, this.kernel);
    copy.mappings.push(...this.mappings);
    return copy;
  }

  private lookUp(address: number): Location {
    const mode: CpuMode = this.kernel ? 'user' : 'kernel';
    const unknown = { offset: address, address, mode, pid: undefined, buildId: undefined, symbol: undefined };
    const mapping = this.mappings.findLast((m) => address >= m.start && address < m.end);
    if (!mapping) return { ...unknown, module: mode === 'kernel' ? kernelModule : undefined };
    const { file, buildId } = mapping;
    if (mode === 'user' && isAnonymous(file)) return { ...unknown, module: file, pid: this.pid };
    if (file.startsWith(kernelModule)) return { ...unknown, module: kernelModule, buildId };
    return { ...unknown, module: file, offset: address - mapping.start + mapping.fileOffset, buildId };
  }
}
