import { AttrFlag, Feature, HEADER_SIZE, MAGIC, SampleType } from './format.js';
import { corrupt, Cursor } from './cursor.js';

export interface PerfDataHeader {
  readonly sampleType: number;
  /** Whether records other than samples end with thread and time. */
  readonly sampleIdAll: boolean;
  /** As perf named it, e.g. `cpu-clock:u`; undefined when the file does not say. */
  readonly eventName: string | undefined;
  /** Byte range of the records. */
  readonly dataStart: number;
  readonly dataEnd: number;
}

/** @throws LabError `profile-corrupt` */
export function readHeader(data: Buffer): PerfDataHeader {
  if (data.length < HEADER_SIZE) throw corrupt(`the file has only ${data.length} bytes`, data.length);
  const magic = data.toString('latin1', 0, 8);
  if (magic === '2ELIFREP')
    throw corrupt('it was recorded on a big-endian machine, which is not supported', 0);
  if (magic !== MAGIC)
    throw corrupt('it does not start with PERFILE2: not a perf.data file, or written to a pipe', 0);
  const cursor = new Cursor(data, 8, HEADER_SIZE);
  cursor.skip(8);
  const attrSize = cursor.u64();
  const attrs = section(cursor);
  const records = section(cursor);
  section(cursor);
  const features = [cursor.u32(), cursor.u32()] as const;
  if (records.size === 0) throw corrupt('the recording was not finished: its data section is empty', 40);
  const dataEnd = records.offset + records.size;
  if (dataEnd > data.length) {
    throw corrupt(`it ends early: ${data.length} bytes of at least ${dataEnd}`, data.length);
  }
  if (attrSize < 64 || attrs.size < attrSize) throw corrupt('it describes no event', attrs.offset);
  const attr = readAttr(new Cursor(data, attrs.offset, attrs.offset + attrSize));
  if (attrs.size >= 2 * attrSize)
    throw corrupt('it holds several events; record one event at a time', attrs.offset);
  return {
    ...attr,
    eventName: eventName(data, features[0], dataEnd),
    dataStart: records.offset,
    dataEnd,
  };
}

function section(cursor: Cursor): { offset: number; size: number } {
  return { offset: cursor.u64(), size: cursor.u64() };
}

/** perf_event_attr: type, size, config, sample_period, sample_type, read_format, flags, … */
function readAttr(cursor: Cursor): { sampleType: number; sampleIdAll: boolean } {
  cursor.skip(24);
  const at = cursor.offset;
  const sampleType = cursor.u64();
  cursor.skip(8);
  const flags = cursor.u32();
  if ((sampleType & SampleType.IP) === 0 || (sampleType & SampleType.TID) === 0) {
    throw corrupt('its samples have no address or no thread', at);
  }
  return { sampleType, sampleIdAll: (flags & AttrFlag.SAMPLE_ID_ALL) !== 0 };
}

/** The feature sections follow the data, one {offset, size} for each bit set, in the order of the bits. */
function eventName(data: Buffer, features: number, dataEnd: number): string | undefined {
  if ((features & (1 << Feature.EVENT_DESC)) === 0) return undefined;
  let index = 0;
  for (let bit = 0; bit < Feature.EVENT_DESC; bit++) if (features & (1 << bit)) index++;
  const table = new Cursor(data, dataEnd + index * 16, dataEnd + (index + 1) * 16);
  const { offset, size } = section(table);
  const cursor = new Cursor(data, offset, offset + size);
  if (cursor.u32() < 1) return undefined;
  const attrSize = cursor.u32();
  cursor.skip(attrSize + 4);
  return cursor.text(cursor.u32());
}
