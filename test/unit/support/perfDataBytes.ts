/**
 * perf.data files made in a test. Layouts: tools/perf/Documentation/perf.data-file-format.txt and the comments of
 * include/uapi/linux/perf_event.h.
 */
export interface Attribute {
  readonly type?: number;
  readonly config?: number;
  readonly period?: number;
  readonly sampleType: number;
  readonly readFormat?: number;
  readonly flags?: number;
  readonly branchSampleType?: number;
  readonly ids?: readonly number[];
}

export type Word = number | bigint;

/** 64-bit words; negative ones are what the kernel's addresses and markers are. */
export function words(...values: readonly Word[]): Buffer {
  const bytes = Buffer.alloc(values.length * 8);
  values.forEach((value, i) => bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), i * 8));
  return bytes;
}

/** Two 32-bit numbers as one word: pid and tid. */
export function pair(low: number, high: number): bigint {
  return BigInt(low >>> 0) | (BigInt(high >>> 0) << 32n);
}

export function record(type: number, misc: number, ...content: readonly (Buffer | Word)[]): Buffer {
  const body = Buffer.concat(content.map((c) => (Buffer.isBuffer(c) ? c : words(c))));
  const header = Buffer.alloc(8);
  header.writeUInt32LE(type, 0);
  header.writeUInt16LE(misc, 4);
  header.writeUInt16LE(8 + body.length, 6);
  return Buffer.concat([header, body]);
}

/** A name, ended by NULs up to a multiple of eight bytes. */
export function text(value: string): Buffer {
  const bytes = Buffer.alloc(Math.ceil((value.length + 1) / 8) * 8);
  bytes.write(value, 'latin1');
  return bytes;
}

/** PERF_RECORD_MMAP: pid and tid, address, length, offset in the file, name. */
export function mapping(pid: number, start: Word, length: number, file: string, misc = 2): Buffer {
  return record(1, misc, pair(pid, pid), start, length, 0, text(file));
}

const ATTR_SIZE = 96;

/** struct perf_event_attr up to its fifth version. */
function attributeBytes(a: Attribute): Buffer {
  const bytes = Buffer.alloc(ATTR_SIZE);
  bytes.writeUInt32LE(a.type ?? 1, 0);
  bytes.writeUInt32LE(ATTR_SIZE, 4);
  words(a.config ?? 0, a.period ?? 1, a.sampleType, a.readFormat ?? 0, a.flags ?? 0).copy(bytes, 8);
  words(a.branchSampleType ?? 0).copy(bytes, 72);
  return bytes;
}

/** A finished file without features. */
export function perfDataFile(attributes: readonly Attribute[], ...records: readonly Buffer[]): Buffer {
  const data = Buffer.concat(records);
  const ids = attributes.map((a) => words(...(a.ids ?? [])));
  const attrsAt = 104;
  let idsAt = attrsAt + attributes.length * (ATTR_SIZE + 16);
  const dataAt = idsAt + ids.reduce((sum, list) => sum + list.length, 0);
  const table = attributes.flatMap((a, i) => {
    const list = ids[i] as Buffer;
    idsAt += list.length;
    return [attributeBytes(a), words(idsAt - list.length, list.length)];
  });
  const header = Buffer.concat([
    Buffer.from('PERFILE2'),
    words(104, ATTR_SIZE + 16, attrsAt, attributes.length * (ATTR_SIZE + 16), dataAt, data.length),
    Buffer.alloc(48),
  ]);
  return Buffer.concat([header, ...table, ...ids, data]);
}

/** As perf writes it to a pipe: attributes are records. */
export function perfDataPipe(attributes: readonly Attribute[], ...records: readonly Buffer[]): Buffer {
  const described = attributes.map((a) => record(64, 0, attributeBytes(a), words(...(a.ids ?? []))));
  return Buffer.concat([Buffer.from('PERFILE2'), words(16), ...described, ...records]);
}
