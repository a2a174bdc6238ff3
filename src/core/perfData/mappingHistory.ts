import type { CodeLoad } from '../symbols/jitDump.js';
import { isAnonymous } from '../symbols/location.js';
import { AddressSpace, type Mapping } from './addressSpace.js';

/** A change of a process: of its mappings, or of the names of its threads. */
export type TaskRecord = { readonly time: number; readonly sample: number } & (
  | { readonly kind: 'map'; readonly pid: number; readonly kernel: boolean; readonly mapping: Mapping }
  | { readonly kind: 'code'; readonly pid: number; readonly load: CodeLoad }
  | { readonly kind: 'unmap'; readonly start: number; readonly end: number }
  | {
      readonly kind: 'comm';
      readonly pid: number;
      readonly tid: number;
      readonly name: string;
      readonly exec: boolean;
    }
  | {
      readonly kind: 'fork';
      readonly pid: number;
      readonly ppid: number;
      readonly tid: number;
      readonly ptid: number;
    }
);

/** The mappings and thread names of all processes in a recording, replayed in order of time. */
export class MappingHistory {
  readonly kernel = new AddressSpace();
  private readonly spaces = new Map<number, AddressSpace>();
  private readonly names = new Map<string, string>();
  private readonly records: readonly TaskRecord[];
  private readonly buildIds: ReadonlyMap<string, string>;
  private next = 0;

  /** @param buildIds hexadecimal, by path, for mappings whose records have none */
  constructor(records: readonly TaskRecord[], buildIds: ReadonlyMap<string, string>) {
    this.buildIds = buildIds;
    this.records = [...records].sort((a, b) => a.time - b.time || a.sample - b.sample);
  }

  /** Applies what happened before a sample: by time, or by position in the file at the same time. */
  advance(time: number, sample: number): void {
    while (this.next < this.records.length) {
      const record = this.records[this.next] as TaskRecord;
      if (record.time > time || (record.time === time && record.time === 0 && record.sample > sample)) return;
      this.apply(record);
      this.next++;
    }
  }

  finish(): void {
    this.advance(Infinity, Infinity);
  }

  space(pid: number): AddressSpace {
    let space = this.spaces.get(pid);
    if (!space) this.spaces.set(pid, (space = new AddressSpace()));
    return space;
  }

  buildIdOf(file: string): string | undefined {
    return this.buildIds.get(file);
  }

  /** The most recent name of a thread, else of its process. */
  nameOf(pid: number, tid: number): string {
    if (pid === 0 && tid === 0) return 'swapper';
    return this.names.get(`${pid}:${tid}`) ?? this.names.get(`${pid}:${pid}`) ?? '';
  }

  private identified({ kernel, mapping }: TaskRecord & { kind: 'map' }): Mapping {
    if (mapping.buildId !== undefined) return mapping;
    // perf maps the kernel as `[kernel.kallsyms]_text` and lists its build id without the symbol.
    const buildId = this.buildIds.get(kernel ? mapping.file.replace(/^(\[.*\])\w+$/, '$1') : mapping.file);
    return buildId === undefined ? mapping : { ...mapping, buildId };
  }

  /** Code takes the place of other code, wherever the memory is; a file that was mapped there since isn't code of the runtime. */
  private load(space: AddressSpace, { start, end, code }: CodeLoad): void {
    const file = space.find(start)?.file ?? '//anon';
    if (isAnonymous(file)) space.add({ start, end, fileOffset: 0, file, code });
  }

  private apply(record: TaskRecord): void {
    switch (record.kind) {
      case 'map':
        (record.kernel ? this.kernel : this.space(record.pid)).add(this.identified(record));
        break;
      case 'code':
        this.load(this.space(record.pid), record.load);
        break;
      case 'unmap':
        this.kernel.remove(record.start, record.end);
        break;
      case 'comm':
        this.names.set(`${record.pid}:${record.tid}`, record.name);
        // exec removes all mappings.
        if (record.exec)
          this.spaces.set(record.pid, new AddressSpace().clone(this.space(record.pid).version));
        break;
      case 'fork': {
        const { pid, ppid, tid, ptid } = record;
        const name = this.names.get(`${ppid}:${ptid}`) ?? this.names.get(`${ppid}:${ppid}`);
        if (name !== undefined) this.names.set(`${pid}:${tid}`, name);
        if (pid !== ppid) this.spaces.set(pid, this.space(ppid).clone(this.space(pid).version));
        break;
      }
    }
  }
}
