import { corrupt } from './cursor.js';
import { RecordType, SampleType } from './format.js';
import type { PerfDataHeader } from './header.js';

/** The records that matter, found but not yet read. */
export interface RecordIndex {
  /** Word offset (bytes / 4) of each record. */
  readonly word: Uint32Array;
  /** Nanoseconds; 0 for a record without a time. */
  readonly time: Float64Array;
  /** The records' indices in the order of time. */
  readonly order: Uint32Array;
  readonly sampleCount: number;
}

/** By record type: 1 where it matters. */
const wanted = new Uint8Array(256);
for (const type of Object.values(RecordType)) wanted[type] = 1;

/**
 * One pass over the records' headers: u32 type, u16 misc, u16 size.
 * @throws LabError `profile-corrupt`
 */
export function locateRecords(words: Uint32Array, header: PerfDataHeader): RecordIndex {
  if (header.dataStart % 4 !== 0) throw corrupt('its records are not aligned', header.dataStart);
  const end = Math.floor(header.dataEnd / 4);
  const start = header.dataStart / 4;
  // The smallest record that matters, LOST, has 24 bytes.
  const capacity = Math.ceil((end - start) / 6);
  const word = new Uint32Array(capacity);
  const time = new Float64Array(capacity);
  const timeOf = timeReader(words, header);
  let count = 0;
  let sampleCount = 0;
  let sorted = true;
  for (let at = start; at < end;) {
    if (at + 2 > end) throw corrupt('a record ends before its header does', at * 4);
    const type = words[at] as number;
    const bytes = (words[at + 1] as number) >>> 16;
    const size = bytes >>> 2;
    if (bytes < 8 || bytes % 4 !== 0 || at + size > end)
      throw corrupt(`a record of ${bytes} bytes does not fit`, at * 4);
    if (type === RecordType.COMPRESSED) {
      throw corrupt('its records are compressed (perf record -z); record without -z', at * 4);
    }
    if (wanted[type] === 1) {
      if (bytes < 24) throw corrupt(`a record of type ${type} has only ${bytes} bytes`, at * 4);
      word[count] = at;
      const t = timeOf(type, at, at + size);
      time[count] = t;
      if (count > 0 && t < (time[count - 1] as number)) sorted = false;
      count++;
      if (type === RecordType.SAMPLE) sampleCount++;
    }
    at += size;
  }
  const order = new Uint32Array(count);
  for (let i = 0; i < count; i++) order[i] = i;
  if (!sorted) order.sort((a, b) => (time[a] as number) - (time[b] as number));
  return { word, time, order, sampleCount };
}

/** Samples hold their time near the start, other records in a trailer of fixed size; without any, it is 0. */
function timeReader(words: Uint32Array, { sampleType, sampleIdAll }: PerfDataHeader) {
  const has = (bit: number) => (sampleType & bit) !== 0;
  if (!has(SampleType.TIME)) return () => 0;
  const number64 = (at: number) => (words[at] as number) + (words[at + 1] as number) * 2 ** 32;
  // A sample: header, IDENTIFIER, IP, TID, TIME, each of two words where it is present.
  const inSample = 2 + (has(SampleType.IDENTIFIER) ? 2 : 0) + 4;
  // A trailer: TID, TIME, ID, STREAM_ID, CPU, IDENTIFIER.
  const trailing = [SampleType.ID, SampleType.STREAM_ID, SampleType.CPU, SampleType.IDENTIFIER].filter(
    has,
  ).length;
  const fromEnd = 2 * (trailing + 1);
  return (type: number, at: number, end: number): number => {
    if (type === RecordType.SAMPLE) return at + inSample + 2 <= end ? number64(at + inSample) : 0;
    return sampleIdAll && end - fromEnd >= at + 2 ? number64(end - fromEnd) : 0;
  };
}
