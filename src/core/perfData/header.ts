import { readAttributes } from './attributes.js';
import { readPart, type ByteSource } from './byteSource.js';
import { corrupt, Cursor, unsupported } from './cursor.js';
import type { EventTable } from './eventTable.js';
import { Feature, HEADER_SIZE, MAGIC, PIPE_HEADER_SIZE } from './format.js';
import { readFeature, type Origin } from './features.js';

export interface PerfDataHeader {
  /** Byte range of the records. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /**
   * Why the records may end anywhere: perf was killed before it wrote their size, or wrote to a pipe, or the file is
   * truncated.
   */
  readonly openEnd: 'unfinished' | 'pipe' | 'cut' | undefined;
  /** The minimum size of the file according to its header, if the file is truncated. */
  readonly stated?: number | undefined;
}

/** Limit of IDs in one recording; each processor and thread has one for each event. */
const maxIds = 2 ** 22;

/**
 * Reads the header, events, and features. In a file written to a pipe, events and features are records.
 * @throws LabError `profile-corrupt`
 */
export async function readHeader(
  source: ByteSource,
  events: EventTable,
  origin: Origin,
): Promise<PerfDataHeader> {
  if (source.size < PIPE_HEADER_SIZE) throw corrupt(`the file has only ${source.size} bytes`, source.size);
  const start = await readPart(source, { offset: 0, size: PIPE_HEADER_SIZE }, 'the header');
  checkMagic(start.toString('latin1', 0, 8));
  const size = new Cursor(start, 8, 16).u64();
  if (size === PIPE_HEADER_SIZE)
    return { dataStart: PIPE_HEADER_SIZE, dataEnd: source.size, openEnd: 'pipe' };
  if (size < HEADER_SIZE) throw corrupt(`the header has an invalid size of ${size} bytes`, 8);
  const cursor = new Cursor(
    await readPart(source, { offset: 0, size: HEADER_SIZE }, 'the header'),
    16,
    HEADER_SIZE,
  );
  const attrSize = cursor.u64();
  const attrs = section(cursor);
  const records = section(cursor);
  section(cursor);
  const features = [cursor.u32(), cursor.u32(), cursor.u32(), cursor.u32()];
  await readEvents(source, attrs, attrSize, events);
  const unfinished = records.size === 0;
  const dataEnd = unfinished ? source.size : records.offset + records.size;
  if (records.offset < HEADER_SIZE || records.offset > source.size)
    throw corrupt('the records are outside the file', 40);
  // Event names and build IDs follow the records.
  if (dataEnd > source.size)
    return { dataStart: records.offset, dataEnd: source.size, openEnd: 'cut', stated: dataEnd };
  const stated = unfinished ? undefined : await readFeatures(source, features, dataEnd, events, origin);
  return { dataStart: records.offset, dataEnd, openEnd: unfinished ? 'unfinished' : undefined, stated };
}

function checkMagic(magic: string): void {
  if (magic === MAGIC) return;
  if (magic === '2ELIFREP')
    throw unsupported(
      'It was recorded on a big-endian machine.',
      'Run perf script on it and import the output.',
    );
  if (magic === 'PERFFILE' || magic === 'ELIFFREP')
    throw unsupported(
      'It has the first version of the format, which perf used until 2010.',
      'Run perf script on it and import the output.',
    );
  throw corrupt("the file doesn't start with PERFILE2, so it isn't a perf.data file", 0);
}

function section(cursor: Cursor): { offset: number; size: number } {
  return { offset: cursor.u64(), size: cursor.u64() };
}

/** struct perf_file_attr: the attributes, then the location of the event's IDs. */
async function readEvents(
  source: ByteSource,
  attrs: { offset: number; size: number },
  attrSize: number,
  events: EventTable,
): Promise<void> {
  if (attrSize < 80 || attrSize > 4096 || attrs.size < attrSize)
    throw corrupt('the file describes no event', attrs.offset);
  const bytes = await readPart(source, attrs, 'the table of events');
  let total = 0;
  for (let at = 0; at + attrSize <= bytes.length; at += attrSize) {
    const cursor = new Cursor(bytes, at, at + attrSize, attrs.offset);
    const attributes = readAttributes(cursor, attrSize - 16);
    const where = section(cursor);
    total += where.size / 8;
    if (total > maxIds) throw corrupt(`the events have more than ${maxIds} IDs`, attrs.offset + at);
    const ids = await readPart(source, where, 'the list of IDs');
    events.add(attributes, readIds(new Cursor(ids, 0, ids.length, where.offset)));
  }
}

export function readIds(cursor: Cursor): [number, number][] {
  const ids: [number, number][] = [];
  while (cursor.remaining >= 8) ids.push([cursor.u32(), cursor.u32()]);
  return ids;
}

/**
 * The feature sections follow the data, one {offset, size} for each bit set, in the order of the bits.
 * @returns the minimum size of the file, if the file is shorter
 */
async function readFeatures(
  source: ByteSource,
  bits: readonly number[],
  dataEnd: number,
  events: EventTable,
  origin: Origin,
): Promise<number | undefined> {
  let index = 0;
  for (let bit = 0; bit < bits.length * 32; bit++) {
    if ((((bits[bit >> 5] as number) >>> (bit & 31)) & 1) === 0) continue;
    const at = dataEnd + index++ * 16;
    if (!(Object.values(Feature) as number[]).includes(bit)) continue;
    if (at + 16 > source.size) return at + 16;
    const where = section(
      new Cursor(await readPart(source, { offset: at, size: 16 }, 'the table of features'), 0, 16),
    );
    // All zero if the end of the file was never written.
    if (where.size === 0) continue;
    if (where.offset + where.size > source.size) return where.offset + where.size;
    const content = await readPart(source, where, `feature ${bit}`);
    readFeature(bit, new Cursor(content, 0, content.length, where.offset), events, origin);
  }
  return undefined;
}
