import { readAttributes } from './attributes.js';
import { corrupt, Cursor } from './cursor.js';
import { EventTable } from './eventTable.js';
import { readBuildId, readFeature, type Origin } from './features.js';
import {
  ATTR_SIZE_VER0,
  CPUMODE_MASK,
  CpuModeBits,
  EVENT_UPDATE_NAME,
  KSYMBOL_UNREGISTER,
  MISC_COMM_EXEC,
  MISC_MMAP_BUILD_ID,
  RecordType,
} from './format.js';
import { readIds } from './header.js';
import { kernelModule } from '../symbols/location.js';
import { SampleReader } from './samples.js';
import type { TaskRecord } from './mappingHistory.js';
import { ZstdStream } from './zstdStream.js';

const maxRecord = 2 ** 16;

/** Reads records piece by piece. Memory grows with the number of samples and distinct call chains only. */
export class RecordReader {
  readonly events = new EventTable();
  readonly samples = new SampleReader(this.events);
  readonly tasks: TaskRecord[] = [];
  readonly origin: Origin = { buildIds: new Map() };
  lost = 0;
  /** Location of the description of tracepoints in the file. */
  tracingData: { readonly offset: number; readonly size: number } | undefined;
  /** Number of pieces of hardware traces, which aren't decoded. */
  traces = 0;
  /** Offset of zeros in place of a record: the file was extended, but never written to its end. */
  zeros: number | undefined;
  private readonly aligned = Buffer.alloc(maxRecord);
  private readonly alignedWords = new Uint32Array(
    this.aligned.buffer,
    this.aligned.byteOffset,
    maxRecord / 4,
  );
  private zstd: ZstdStream | undefined;
  private zstdPosition = 0;
  private readonly decompressed = Buffer.alloc(4 * maxRecord);
  private decompressedLength = 0;

  /**
   * Reads the complete records of a piece.
   * @param bytes aligned to 4 bytes in memory
   * @param position of the piece in the file
   * @returns the number of bytes used; more than there are if a record says to skip what follows it
   */
  read(bytes: Buffer, position: number, compressed = false): number {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2);
    let at = 0;
    while (at + 8 <= bytes.length) {
      const type = bytes.readUInt32LE(at);
      const size = bytes.readUInt16LE(at + 6);
      const where = compressed ? position : position + at;
      if (size < 8) {
        if (type !== 0 || size !== 0 || compressed)
          throw corrupt(`a record has an invalid size of ${size} bytes`, where);
        this.zeros = where;
        break;
      }
      if (at + size > bytes.length) break;
      if (type === RecordType.SAMPLE) {
        if (at % 4 === 0) this.samples.read(words, at >> 2, size >> 2, where);
        else {
          bytes.copy(this.aligned, 0, at, at + size);
          this.samples.read(this.alignedWords, 0, size >> 2, where);
        }
      } else if (type === RecordType.CALLCHAIN_DEFERRED) {
        bytes.copy(this.aligned, 0, at, at + size);
        this.samples.readDeferred(this.alignedWords, 0, size >> 2, where);
      } else if (type === RecordType.COMPRESSED || type === RecordType.COMPRESSED2) {
        if (compressed) throw corrupt('compressed records contain compressed records', where);
        this.expand(type, bytes, at, size, where);
      } else {
        at += this.other(type, new Cursor(bytes, at, at + size, position), where);
      }
      at += size;
    }
    return at;
  }

  /** @throws LabError `profile-corrupt` if the compressed records end within a record */
  finish(position: number): void {
    if (this.decompressedLength > 0) throw corrupt('the compressed records end within a record', position);
  }

  /** The next file of the recording follows, which is compressed independently. */
  nextFile(): void {
    this.zstd = undefined;
    this.decompressedLength = 0;
  }

  private expand(type: number, bytes: Buffer, at: number, size: number, where: number): void {
    let [start, end] = [at + 8, at + size];
    if (type === RecordType.COMPRESSED2) {
      const length = new Cursor(bytes, start, end).u64();
      start += 8;
      if (start + length > end)
        throw corrupt(`compressed data of ${length} bytes doesn't fit into its record`, where);
      end = start + length;
    }
    this.zstdPosition = where;
    this.zstd ??= new ZstdStream((piece) => this.take(piece));
    this.zstd.push(Uint8Array.from(bytes.subarray(start, end)), where);
  }

  /** Records may begin in one piece and end in the next. */
  private take(piece: Uint8Array): void {
    const buffer = this.decompressed;
    for (let from = 0; from < piece.length;) {
      const step = Math.min(piece.length - from, buffer.length - this.decompressedLength);
      buffer.set(piece.subarray(from, from + step), this.decompressedLength);
      from += step;
      const length = this.decompressedLength + step;
      const used = this.read(buffer.subarray(0, length), this.zstdPosition, true);
      if (used > length) throw corrupt('a compressed record skips more than there is', this.zstdPosition);
      buffer.copyWithin(0, used, length);
      this.decompressedLength = length - used;
    }
  }

  /** @returns bytes to skip after the record */
  private other(type: number, cursor: Cursor, where: number): number {
    cursor.skip(4);
    const misc = cursor.u16();
    const size = cursor.u16();
    switch (type) {
      case RecordType.MMAP:
      case RecordType.MMAP2:
        this.mapping(type, misc, cursor);
        break;
      case RecordType.COMM: {
        const at = this.at(cursor);
        const [pid, tid] = [cursor.u32() | 0, cursor.u32() | 0];
        const name = cursor.text(cursor.remaining);
        this.tasks.push({ ...at, kind: 'comm', pid, tid, name, exec: (misc & MISC_COMM_EXEC) !== 0 });
        break;
      }
      case RecordType.FORK: {
        const at = this.at(cursor);
        const [pid, ppid, tid, ptid] = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()];
        this.tasks.push({ ...at, kind: 'fork', pid: pid | 0, ppid: ppid | 0, tid: tid | 0, ptid: ptid | 0 });
        break;
      }
      case RecordType.KSYMBOL: {
        const at = this.at(cursor);
        const [start, length] = [cursor.address(), cursor.u32()];
        cursor.skip(2);
        if (cursor.u16() & KSYMBOL_UNREGISTER)
          this.tasks.push({ ...at, kind: 'unmap', start, end: start + length });
        else {
          const symbol = cursor.text(cursor.remaining);
          const mapping = { start, end: start + length, fileOffset: 0, file: `[${symbol}]`, symbol };
          this.tasks.push({ ...at, kind: 'map', pid: -1, kernel: true, mapping });
        }
        break;
      }
      case RecordType.LOST:
        cursor.skip(8);
        this.lost += cursor.u64();
        break;
      case RecordType.LOST_SAMPLES:
        this.lost += cursor.u64();
        break;
      case RecordType.HEADER_ATTR: {
        const attrSize = cursor.within(cursor.offset + 4, cursor.end).u32();
        const attributes = readAttributes(cursor, attrSize === 0 ? ATTR_SIZE_VER0 : attrSize);
        this.events.add(attributes, readIds(cursor));
        break;
      }
      case RecordType.EVENT_UPDATE: {
        const kind = cursor.u64();
        const index = this.events.ofId(cursor.u32(), cursor.u32());
        if (kind === EVENT_UPDATE_NAME && index >= 0) this.events.name(index, cursor.text(cursor.remaining));
        break;
      }
      case RecordType.HEADER_FEATURE:
        readFeature(cursor.u64(), cursor, this.events, this.origin);
        break;
      case RecordType.HEADER_BUILD_ID:
        readBuildId(cursor, misc, size, this.origin.buildIds);
        break;
      case RecordType.HEADER_TRACING_DATA: {
        // Padded to eight bytes, and not part of the record's size.
        const bytes = cursor.u32();
        this.tracingData ??= { offset: where + size, size: bytes };
        return Math.ceil(bytes / 8) * 8;
      }
      case RecordType.AUXTRACE:
        this.traces++;
        return cursor.u64();
    }
    return 0;
  }

  private mapping(type: number, misc: number, cursor: Cursor): void {
    const at = this.at(cursor);
    const pid = cursor.u32() | 0;
    cursor.skip(4);
    const [start, length, fileOffset] = [cursor.address(), cursor.u64(), cursor.address()];
    let buildId: string | undefined;
    let inode: number | undefined;
    if (type === RecordType.MMAP2) {
      if (misc & MISC_MMAP_BUILD_ID) {
        const size = Math.min(cursor.u32() & 0xff, 20);
        buildId = cursor.hex(20).slice(0, size * 2);
      } else {
        cursor.skip(8);
        // 0 if perf was started later than the program and couldn't tell.
        inode = cursor.u64() || undefined;
        cursor.skip(8);
      }
      cursor.skip(8);
    }
    const file = cursor.text(cursor.remaining);
    const mode = misc & CPUMODE_MASK;
    if (mode === CpuModeBits.GUEST_KERNEL || mode === CpuModeBits.GUEST_USER) return;
    const symbol = file.startsWith(kernelModule) ? file.slice(kernelModule.length) : '';
    // The kernel isn't a file: the offset is the address of a symbol instead.
    if (symbol !== '' && fileOffset !== 0) this.origin.kernelReference ??= { symbol, address: fileOffset };
    const mapping = { start, end: start + length, fileOffset, file, buildId, inode };
    this.tasks.push({ ...at, kind: 'map', pid, kernel: mode === CpuModeBits.KERNEL, mapping });
  }

  /** The time of a record that isn't a sample, from its trailer if records have one. */
  private at(cursor: Cursor): { time: number; sample: number } {
    return { time: this.timeOf(cursor), sample: this.samples.columns.length };
  }

  private timeOf(record: Cursor): number {
    const { events } = this.events;
    let attributes = events[0]?.attributes;
    if (!attributes?.sampleIdAll) return this.latest();
    const trailer = (words: number) => record.within(record.end - words * 4, record.end);
    const fits = (words: number) => words > 0 && record.end - words * 4 >= record.offset;
    const { idFromEnd } = attributes.layout;
    if (events.length > 1 && fits(idFromEnd)) {
      const cursor = trailer(idFromEnd);
      const index = this.events.ofId(cursor.u32(), cursor.u32());
      attributes = events[index]?.attributes ?? attributes;
    }
    const { timeFromEnd } = attributes.layout;
    return fits(timeFromEnd) ? trailer(timeFromEnd).u64() : this.latest();
  }

  /** A record without a time counts as taken where it is in the file. */
  private latest(): number {
    const { time, length } = this.samples.columns;
    return length === 0 ? 0 : (time[length - 1] as number);
  }
}
