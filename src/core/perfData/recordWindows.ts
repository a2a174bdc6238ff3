import { LabError } from '../labError.js';
import type { ByteSource } from './byteSource.js';
import { corrupt } from './cursor.js';
import type { PerfDataHeader } from './header.js';
import type { RecordReader } from './recordReader.js';

/** The windows that a file is read in; the next is read while one is worked on. */
const windowSize = 2 ** 21;
const headroom = 2 ** 16;

/**
 * Hands all records of a file to the reader.
 * @returns what the user should know of the file's end
 * @throws LabError `profile-corrupt`, `cancelled`
 */
export async function readRecords(
  source: ByteSource,
  header: PerfDataHeader,
  reader: RecordReader,
  signal: AbortSignal | undefined,
): Promise<string[]> {
  const { dataStart, dataEnd, openEnd } = header;
  // Two windows take turns. Before each is room for the record that the other ended within.
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
    if (signal?.aborted) throw new LabError('cancelled', 'Cancelled.');
    const length = await pending;
    if (length === 0) break;
    const window = windows[turn & 1] as Buffer;
    pending = fill(turn + 1, offset + length);
    // An awaited failure must not be an unhandled one if reading this window fails first.
    pending.catch(() => undefined);
    const start = headroom - rest;
    let bytes = window.subarray(start, headroom + length);
    // Records are multiples of eight bytes, but for compressed ones, after which the others lie askew.
    if (start % 4 !== 0) bytes = Buffer.from(Uint8Array.from(bytes).buffer);
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
    if (rest >= headroom) throw corrupt('a record does not fit', offset);
    bytes.copy(windows[(turn + 1) & 1] as Buffer, headroom - rest, used);
    offset += length;
  }
  if (!openEnd) {
    if (rest > 0) throw corrupt('a record ends before its content does', offset - rest);
    if (offset < dataEnd) throw corrupt('it ends early', offset);
    reader.finish(offset);
  }
  const notes = endNote(header, offset - rest);
  if (openEnd === 'pipe' && rest > 0)
    notes.push(`The recording ends within a record: what is there up to byte ${offset - rest} is shown.`);
  return notes;
}

/** @param end of the last whole record */
function endNote({ openEnd, stated, dataEnd }: PerfDataHeader, end: number): string[] {
  if (openEnd === 'unfinished')
    return [
      `The recording was not finished: perf was ended before it could complete the file. What is there up to byte ${end} is shown.`,
    ];
  if (stated === undefined) return [];
  return [
    openEnd === 'cut'
      ? `The file ends early, at byte ${dataEnd} of at least ${stated}: what is there up to byte ${end} is shown. It may have been copied before perf had finished.`
      : 'The file ends early: all samples are there, but names of events and build ids may be missing.',
  ];
}

function unwrittenNote(bytes: number, at: number): string {
  return `The last ${bytes} bytes of the records were never written (from byte ${at} on): what comes before is shown.`;
}

/** @throws LabError `profile-corrupt` when there is anything but zeros */
async function checkZeros(source: ByteSource, from: number, end: number): Promise<void> {
  const piece = Buffer.alloc(2 ** 16);
  const zeros = Buffer.alloc(piece.length);
  for (let at = from; at < end; at += piece.length) {
    const length = await source.read(piece.subarray(0, Math.min(piece.length, end - at)), at);
    if (!piece.subarray(0, length).equals(zeros.subarray(0, length)))
      throw corrupt('a record of 0 bytes', from);
    if (length === 0) return;
  }
}
