import {
  CONTEXT_MAX,
  FIRST_PAGE,
  CPUMODE_KERNEL,
  CPUMODE_MASK,
  MISC_COMM_EXEC,
  RecordType,
  SampleType,
} from './format.js';
import { corrupt, Cursor } from './cursor.js';
import { AddressSpace, LocationTable } from './addressSpace.js';
import { readHeader, type PerfDataHeader } from './header.js';

/** A place in a file: what a runtime address means, independent of where the file was mapped. */
export interface Location {
  /** Path of the executable or library; `[kernel]` for kernel code, undefined for memory that is no file. */
  readonly module: string | undefined;
  /** Byte offset in the file; the address itself where there is no file. */
  readonly offset: number;
}

export interface RawSample {
  readonly pid: number;
  readonly tid: number;
  /** Nanoseconds on perf's clock. */
  readonly time: number;
  readonly period: number;
  /** Indices into `locations`, from the innermost frame outward. A caller's is that of the call, not the return. */
  readonly chain: readonly number[];
}

export interface PerfRecording {
  readonly event: string;
  readonly locations: readonly Location[];
  readonly samples: readonly RawSample[];
  /** Name of each thread, by tid. */
  readonly comms: ReadonlyMap<number, string>;
  readonly lost: number;
}

interface Located {
  readonly type: number;
  readonly misc: number;
  readonly body: number;
  readonly end: number;
  readonly time: number;
}

/**
 * Reads a recording of one event made with `perf record` into a file.
 *
 * perf writes each processor's records in order but not all of them; they are sorted by time first, since a
 * sample must be looked up in the mappings as they were at its time.
 * @throws LabError `profile-corrupt`, saying what is wrong and at which byte
 */
export function readPerfData(data: Buffer): PerfRecording {
  const header = readHeader(data);
  const records = locate(data, header);
  records.sort((a, b) => a.time - b.time);
  const spaces = new Map<number, AddressSpace>();
  const comms = new Map<number, string>();
  const table = new LocationTable();
  const samples: RawSample[] = [];
  let lost = 0;
  const spaceOf = (pid: number) => {
    let space = spaces.get(pid);
    if (!space) spaces.set(pid, (space = new AddressSpace(table)));
    return space;
  };
  for (const record of records) {
    const cursor = new Cursor(data, record.body, record.end);
    switch (record.type) {
      case RecordType.MMAP:
      case RecordType.MMAP2: {
        const pid = cursor.u32();
        cursor.skip(4);
        const [start, length, fileOffset] = [cursor.u64(), cursor.u64(), cursor.u64()];
        if (record.type === RecordType.MMAP2) cursor.skip(32);
        if ((record.misc & CPUMODE_MASK) === CPUMODE_KERNEL) break;
        spaceOf(pid).add({ start, end: start + length, fileOffset, file: cursor.text(cursor.remaining) });
        break;
      }
      case RecordType.COMM: {
        const pid = cursor.u32();
        const tid = cursor.u32();
        comms.set(tid, cursor.text(cursor.remaining));
        if (record.misc & MISC_COMM_EXEC) spaces.set(pid, new AddressSpace(table));
        break;
      }
      case RecordType.FORK: {
        const [pid, ppid, tid, ptid] = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()];
        const comm = comms.get(ptid);
        if (comm !== undefined && !comms.has(tid)) comms.set(tid, comm);
        if (pid !== ppid) spaces.set(pid, spaceOf(ppid).clone());
        break;
      }
      case RecordType.LOST:
        cursor.skip(8);
        lost += cursor.u64();
        break;
      case RecordType.SAMPLE:
        samples.push(readSample(cursor, header.sampleType, record.time, spaceOf));
        break;
    }
  }
  return { event: header.eventName ?? 'unknown event', locations: table.locations, samples, comms, lost };
}

/** Finds the records that matter and the time of each. */
function locate(data: Buffer, header: PerfDataHeader): Located[] {
  const found: Located[] = [];
  const wanted = new Set<number>(Object.values(RecordType));
  for (let at = header.dataStart; at < header.dataEnd;) {
    const cursor = new Cursor(data, at, header.dataEnd);
    const type = cursor.u32();
    const misc = cursor.u16();
    const size = cursor.u16();
    if (size < 8 || at + size > header.dataEnd) throw corrupt(`a record of ${size} bytes does not fit`, at);
    if (type === RecordType.COMPRESSED) {
      throw corrupt('its records are compressed (perf record -z); record without -z', at);
    }
    if (wanted.has(type)) {
      const end = at + size;
      found.push({ type, misc, body: at + 8, end, time: timeOf(data, type, at + 8, end, header) });
    }
    at += size;
  }
  return found;
}

/** Samples hold their time near the start, other records in a trailer of fixed size; without any, 0. */
function timeOf(data: Buffer, type: number, body: number, end: number, header: PerfDataHeader): number {
  const has = (bit: number) => (header.sampleType & bit) !== 0;
  if (!has(SampleType.TIME)) return 0;
  if (type === RecordType.SAMPLE) {
    const cursor = new Cursor(data, body, end);
    if (has(SampleType.IDENTIFIER)) cursor.skip(8);
    cursor.skip(16);
    return cursor.u64();
  }
  if (!header.sampleIdAll) return 0;
  // The trailer is TID, TIME, ID, STREAM_ID, CPU, IDENTIFIER, each of 8 bytes where it is present.
  const after = [SampleType.ID, SampleType.STREAM_ID, SampleType.CPU, SampleType.IDENTIFIER].filter(
    has,
  ).length;
  const at = end - 8 * (after + 1);
  return at < body ? 0 : new Cursor(data, at, end).u64();
}

function readSample(
  cursor: Cursor,
  sampleType: number,
  time: number,
  spaceOf: (pid: number) => AddressSpace,
): RawSample {
  const has = (bit: number) => (sampleType & bit) !== 0;
  if (has(SampleType.IDENTIFIER)) cursor.skip(8);
  const ip = Number(BigInt.asIntN(64, cursor.big64()));
  const pid = cursor.u32();
  const tid = cursor.u32();
  for (const bit of [SampleType.TIME, SampleType.ADDR, SampleType.ID, SampleType.STREAM_ID, SampleType.CPU]) {
    if (has(bit)) cursor.skip(8);
  }
  const period = has(SampleType.PERIOD) ? cursor.u64() : 1;
  if (has(SampleType.READ))
    throw corrupt('its samples hold counter values (perf record -e {…}:S)', cursor.offset);
  const space = spaceOf(pid);
  const chain: number[] = [];
  if (has(SampleType.CALLCHAIN)) {
    const length = cursor.u64();
    if (length * 8 > cursor.remaining)
      throw corrupt(`a call chain of ${length} entries does not fit`, cursor.offset);
    for (let i = 0; i < length; i++) {
      const address = cursor.big64();
      if (address >= CONTEXT_MAX || address < FIRST_PAGE) continue;
      // A return address is the instruction after the call and may belong to the next line or function.
      const caller = chain.length > 0 ? 1 : 0;
      chain.push(space.locate(Number(BigInt.asIntN(64, address)) - caller));
    }
  }
  if (chain.length === 0) chain.push(space.locate(ip));
  return { pid, tid, time, period, chain };
}
