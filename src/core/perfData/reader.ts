import { AddressSpace, LocationTable } from './addressSpace.js';
import { corrupt, Cursor } from './cursor.js';
import { CPUMODE_KERNEL, CPUMODE_MASK, MISC_COMM_EXEC, MISC_MMAP_BUILD_ID, RecordType } from './format.js';
import { readHeader } from './header.js';
import type { Location } from './location.js';
import { locateRecords } from './records.js';
import { SampleReader, type SampleColumns } from './samples.js';

export interface PerfRecording {
  readonly event: string;
  readonly locations: readonly Location[];
  /** In the order of time. */
  readonly samples: SampleColumns;
  /** Name of each thread, by tid. */
  readonly comms: ReadonlyMap<number, string>;
  readonly lost: number;
}

/**
 * Reads a recording of one event made with `perf record` into a file.
 *
 * perf writes each processor's records in order but not all of them; they are visited in the order of time,
 * since a sample must be looked up in the mappings as they were at its time.
 * @throws LabError `profile-corrupt`, saying what is wrong and at which byte
 */
export function readPerfData(data: Buffer): PerfRecording {
  const header = readHeader(data);
  const words = asWords(data);
  const records = locateRecords(words, header);
  const table = new LocationTable();
  const kernel = new AddressSpace(table, 0, undefined);
  const spaces = new Map<number, AddressSpace>();
  const comms = new Map<number, string>();
  let lost = 0;
  const spaceOf = (pid: number) => {
    let space = spaces.get(pid);
    if (!space) spaces.set(pid, (space = new AddressSpace(table, pid, kernel)));
    return space;
  };
  const samples = new SampleReader(words, header.sampleType, records.sampleCount, spaceOf);
  for (const index of records.order) {
    const at = records.word[index] as number;
    const type = words[at] as number;
    if (type === RecordType.SAMPLE) {
      samples.read(at, records.time[index] as number);
      continue;
    }
    const misc = (words[at + 1] as number) & 0xffff;
    const cursor = new Cursor(data, at * 4 + 8, at * 4 + ((words[at + 1] as number) >>> 16));
    switch (type) {
      case RecordType.MMAP:
      case RecordType.MMAP2: {
        const pid = cursor.u32();
        cursor.skip(4);
        const [start, length, fileOffset] = [cursor.u64(), cursor.u64(), cursor.u64()];
        let buildId: string | undefined;
        if (type === RecordType.MMAP2) {
          if (misc & MISC_MMAP_BUILD_ID) {
            const size = Math.min(cursor.u32() & 0xff, 20);
            buildId = cursor.hex(20).slice(0, size * 2);
          } else cursor.skip(24);
          cursor.skip(8);
        }
        const file = cursor.text(cursor.remaining);
        const space = (misc & CPUMODE_MASK) === CPUMODE_KERNEL ? kernel : spaceOf(pid);
        // The kernel's half of the address space is negative, as in `locate`.
        const from = start >= 2 ** 63 ? start - 2 ** 64 : start;
        buildId ??= header.buildIds.get(file);
        space.add({ start: from, end: from + length, fileOffset, file, buildId });
        break;
      }
      case RecordType.COMM: {
        const pid = cursor.u32();
        const tid = cursor.u32();
        comms.set(tid, cursor.text(cursor.remaining));
        if (misc & MISC_COMM_EXEC) spaces.set(pid, new AddressSpace(table, pid, kernel));
        break;
      }
      case RecordType.FORK: {
        const [pid, ppid, tid, ptid] = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()];
        const comm = comms.get(ptid);
        if (comm !== undefined && !comms.has(tid)) comms.set(tid, comm);
        if (pid !== ppid) spaces.set(pid, spaceOf(ppid).clone(pid));
        break;
      }
      case RecordType.LOST:
        cursor.skip(8);
        lost += cursor.u64();
        break;
    }
  }
  return {
    event: header.eventName ?? 'unknown event',
    locations: table.locations,
    samples: samples.finish(),
    comms,
    lost,
  };
}

/** The file as 32-bit words: every record and every field of a sample lies on such a boundary. */
function asWords(data: Buffer): Uint32Array {
  const aligned =
    data.byteOffset % 4 === 0
      ? data
      : Buffer.from(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
  if (aligned.byteOffset % 4 !== 0) throw corrupt('the file could not be aligned in memory', 0);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >>> 2);
}
