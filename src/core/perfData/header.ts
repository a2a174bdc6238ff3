import { AttrFlag, Feature, HEADER_SIZE, MAGIC, MISC_BUILD_ID_SIZE, SampleType } from './format.js';
import { corrupt, Cursor } from './cursor.js';

export interface PerfDataHeader {
  readonly sampleType: number;
  /** Whether records other than samples end with thread and time. */
  readonly sampleIdAll: boolean;
  /** As perf named it, e.g. `cpu-clock:u`; undefined when the file does not say. */
  readonly eventName: string | undefined;
  /** Build id of each file in hexadecimal, by its path. */
  readonly buildIds: ReadonlyMap<string, string>;
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
    buildIds: buildIds(data, features[0], dataEnd),
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
function feature(data: Buffer, features: number, bit: number, dataEnd: number): Cursor | undefined {
  if ((features & (1 << bit)) === 0) return undefined;
  let index = 0;
  for (let lower = 0; lower < bit; lower++) if (features & (1 << lower)) index++;
  const { offset, size } = section(new Cursor(data, dataEnd + index * 16, dataEnd + (index + 1) * 16));
  return new Cursor(data, offset, offset + size);
}

function eventName(data: Buffer, features: number, dataEnd: number): string | undefined {
  const cursor = feature(data, features, Feature.EVENT_DESC, dataEnd);
  if (!cursor || cursor.u32() < 1) return undefined;
  const attrSize = cursor.u32();
  cursor.skip(attrSize + 4);
  return cursor.text(cursor.u32());
}

/** Records of struct perf_record_header_build_id: header, pid, 20 bytes of build id padded to 24, file name. */
function buildIds(data: Buffer, features: number, dataEnd: number): Map<string, string> {
  const found = new Map<string, string>();
  const cursor = feature(data, features, Feature.BUILD_ID, dataEnd);
  while (cursor && cursor.remaining >= 36) {
    cursor.skip(4);
    const misc = cursor.u16();
    const size = cursor.u16();
    if (size < 36) throw corrupt(`a build id of ${size} bytes`, cursor.offset);
    cursor.skip(4);
    const id = cursor.hex(20);
    const idBytes = misc & MISC_BUILD_ID_SIZE ? Math.min(cursor.u32() & 0xff, 20) : (cursor.skip(4), 20);
    found.set(cursor.text(size - 36), id.slice(0, idBytes * 2));
  }
  return found;
}
