import type { MemoryLimit } from '../memoryLimit.js';
import { count } from '../../text/numbers.js';
import { canceled } from '../labError.js';
import type { ByteSource } from './byteSource.js';
import { corrupt } from './cursor.js';
import type { PerfDataHeader } from './header.js';
import type { RecordReader } from './recordReader.js';

/** A file is read in windows; the next is read while one is processed. */
const windowSize = 2 ** 21;
const headroom = 2 ** 16;

/**
 * Passes all records of a file to the reader.
 * @returns notes for the user on how the file ends
 * @throws LabError `profile-corrupt`, `canceled`
 */
export async function readRecords(
  source: ByteSource,
  header: PerfDataHeader,
  reader: RecordReader,
  {
    signal,
    memory,
  }: { readonly signal?: AbortSignal | undefined; readonly memory?: MemoryLimit | undefined },
): Promise<string[]> {
  const { dataStart, dataEnd, openEnd } = header;
  // Two windows alternate. Each has room in front for a record that the other one ended within.
  const room = headroom + Math.min(windowSize, Math.max(0, dataEnd - dataStart));
  const windows = [Buffer.allocUnsafeSlow(room), Buffer.allocUnsafeSlow(room)] as const;
  const fill = (turn: number, offset: number) => {
    const size = Math.max(0, Math.min(windowSize, dataEnd - offset));
    return source.read((windows[turn & 1] as Buffer).subarray(headroom, headroom + size), offset);
  };
  let offset = dataStart;
  let rest = 0;
  let pending = fill(0, offset);
  for (let turn = 0; ; turn++) {
    if (signal?.aborted) throw canceled();
    memory?.check();
    const length = await pending;
    if (length === 0) break;
    const window = windows[turn & 1] as Buffer;
    pending = fill(turn + 1, offset + length);
    // If processing this window fails first, a failure of the next read must not be unhandled.
    pending.catch(() => undefined);
    const start = headroom - rest;
    let bytes = window.subarray(start, headroom + length);
    // Records are multiples of eight bytes, except compressed ones, which misalign those after them.
    if (start % 4 !== 0) bytes = Buffer.from(Uint8Array.from(bytes).buffer);
    // Of what was read before this window: the size of a pipe is unknown.
    if (Number.isFinite(dataEnd) && dataEnd > dataStart)
      reader.samples.columns.fractionRead = (offset - dataStart) / (dataEnd - dataStart);
    const used = reader.read(bytes, offset - rest);
    if (reader.zeros !== undefined) {
      await pending;
      await checkZeros(source, reader.zeros, dataEnd);
      return [...endNote(header, reader.zeros), unwrittenNote(dataEnd - reader.zeros, reader.zeros)];
    }
    if (used > bytes.length) {
      const next = offset - rest + used;
      if (next > dataEnd && !openEnd) throw corrupt('a record skips more than there is', offset - rest);
      offset = Math.min(next, dataEnd);
      rest = 0;
      await pending;
      pending = fill(turn + 1, offset);
      continue;
    }
    rest = bytes.length - used;
    if (rest >= headroom) throw corrupt('a record is too large', offset);
    bytes.copy(windows[(turn + 1) & 1] as Buffer, headroom - rest, used);
    offset += length;
  }
  if (!openEnd) {
    if (rest > 0) throw corrupt('the last record is truncated', offset - rest);
    if (offset < dataEnd) throw corrupt('the file is truncated', offset);
    reader.finish(offset);
  }
  const notes = endNote(header, offset - rest);
  if (openEnd === 'pipe' && rest > 0)
    notes.push(`The recording ends within a record. Data up to byte ${count(offset - rest)} is shown.`);
  return notes;
}

/** @param end of the last complete record */
function endNote({ openEnd, stated, dataEnd }: PerfDataHeader, end: number): string[] {
  if (openEnd === 'unfinished')
    return [
      `The recording is incomplete: perf was killed before it finished the file. Data up to byte ${count(end)} is shown.`,
    ];
  if (stated === undefined) return [];
  return [
    openEnd === 'cut'
      ? `The file is truncated: it has ${count(dataEnd)} of at least ${count(stated)} bytes. Data up to byte ${count(end)} is shown. It may have been copied before perf finished.`
      : 'The file is truncated: all samples are there, but event names and build IDs may be missing.',
  ];
}

function unwrittenNote(bytes: number, at: number): string {
  return `The last ${count(bytes)} bytes of the records, from byte ${count(at)} on, were never written. Data before them is shown.`;
}

/** @throws LabError `profile-corrupt` if there is anything but zeros */
async function checkZeros(source: ByteSource, from: number, end: number): Promise<void> {
  const piece = Buffer.alloc(2 ** 16);
  const zeros = Buffer.alloc(piece.length);
  for (let at = from; at < end; at += piece.length) {
    const length = await source.read(piece.subarray(0, Math.min(piece.length, end - at)), at);
    if (!piece.subarray(0, length).equals(zeros.subarray(0, length)))
      throw corrupt('a record has a size of 0 bytes', from);
    if (length === 0) return;
  }
}
