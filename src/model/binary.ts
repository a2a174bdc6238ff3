import type { Profile, ProfileEvent, ProfileThread } from './profile.js';

/**
 * A profile as bytes, for files: little-endian, every section padded to 8 bytes so that columns can be read
 * in place.
 *
 *     magic "HKMLPROF" · u32 format version · u32 bytes of the head · head (JSON, UTF-8)
 *     columns in the order of `layout`, strings last: u32 end offsets, then their UTF-8 bytes
 */
const PROFILE_FORMAT_VERSION = 3;
/** The same without addresses. */
const OLDEST_FORMAT_VERSION = 2;

const MAGIC = 'HKMLPROF';
const LINE_LIMIT = 2 ** 31 - 1;

interface Head {
  readonly events: readonly ProfileEvent[];
  readonly threads: readonly ProfileThread[];
  readonly notes: readonly string[];
  readonly lengths: Lengths;
  /** Which of the columns that a profile may lack the file has. */
  readonly has?: { readonly sampleAddresses?: boolean; readonly addressCounts?: boolean };
}

interface Lengths {
  readonly functions: number;
  readonly frames: number;
  readonly stacks: number;
  readonly samples: number;
  readonly strings: number;
  readonly stringBytes: number;
  /** Absent without addresses, also in format 2. */
  readonly addresses?: number;
}

type ColumnType = typeof Int32Array | typeof Float64Array | typeof Uint8Array;

/** A column's place in the model and its valid values: low ≤ value < high. */
interface ColumnLayout {
  readonly table: 'functions' | 'frames' | 'stacks' | 'samples' | 'addresses';
  readonly name: string;
  readonly type: ColumnType;
  readonly low: number;
  readonly high: number;
}

/** The columns in file order. */
function layout({ events, threads, lengths, has }: Head): ColumnLayout[] {
  const { strings, functions, frames, stacks, addresses } = lengths;
  const column = (
    table: ColumnLayout['table'],
    name: string,
    low: number,
    high: number,
    type: ColumnType = Int32Array,
  ) => ({ table, name, type, low, high });
  return [
    column('samples', 'time', -Number.MAX_VALUE, Infinity, Float64Array),
    column('samples', 'weight', 0, Infinity, Float64Array),
    column('samples', 'stack', -1, stacks),
    column('samples', 'thread', 0, threads.length),
    column('samples', 'event', 0, events.length, Uint8Array),
    column('stacks', 'parent', -1, stacks),
    column('stacks', 'frame', 0, frames),
    column('frames', 'func', 0, functions),
    column('frames', 'file', -1, strings),
    column('frames', 'line', 0, LINE_LIMIT),
    column('frames', 'inlined', 0, 2, Uint8Array),
    column('functions', 'name', 0, strings),
    column('functions', 'module', -1, strings),
    column('functions', 'file', -1, strings),
    column('functions', 'line', 0, LINE_LIMIT),
    ...(addresses === undefined
      ? []
      : [
          column('addresses', 'address', 0, 2 ** 64, Float64Array),
          column('addresses', 'module', 0, strings),
          column('addresses', 'buildId', -1, strings),
          column('addresses', 'stack', -1, stacks),
        ]),
    ...(has?.addressCounts ? [column('addresses', 'count', 0, Infinity, Float64Array)] : []),
    ...(has?.sampleAddresses ? [column('samples', 'address', -1, addresses ?? 0)] : []),
  ];
}

type Columns = Record<string, Record<string, Int32Array | Float64Array | Uint8Array>>;

const padded = (bytes: number) => Math.ceil(bytes / 8) * 8;

export function encodeProfile(profile: Profile): Uint8Array<ArrayBuffer> {
  const strings = profile.strings.map((text) => new TextEncoder().encode(text));
  const ends = new Uint32Array(strings.length);
  let stringBytes = 0;
  strings.forEach((bytes, i) => (ends[i] = stringBytes += bytes.length));
  const head: Head = {
    events: profile.events,
    threads: profile.threads,
    notes: profile.notes,
    lengths: {
      functions: profile.functions.length,
      frames: profile.frames.length,
      stacks: profile.stacks.length,
      samples: profile.samples.length,
      strings: strings.length,
      stringBytes,
      ...(profile.addresses ? { addresses: profile.addresses.length } : {}),
    },
    has: {
      sampleAddresses: profile.samples.address !== undefined,
      addressCounts: profile.addresses?.count !== undefined,
    },
  };
  const headBytes = new TextEncoder().encode(JSON.stringify(head));
  const columns = layout(head);
  const start = padded(16 + headBytes.length);
  const data = new Uint8Array(start + bodySize(head.lengths, columns));
  const view = new DataView(data.buffer);
  data.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, PROFILE_FORMAT_VERSION, true);
  view.setUint32(12, headBytes.length, true);
  data.set(headBytes, 16);
  let at = start;
  const put = (column: Int32Array | Float64Array | Uint8Array | Uint32Array) => {
    data.set(new Uint8Array(column.buffer, column.byteOffset, column.byteLength), at);
    at += padded(column.byteLength);
  };
  for (const { table, name } of columns) put((profile as unknown as Columns)[table]?.[name] as Int32Array);
  put(ends);
  for (const bytes of strings) {
    data.set(bytes, at);
    at += bytes.length;
  }
  return data;
}

/** The bytes have a format that this version doesn't know yet. */
export class NewerFormatError extends RangeError {
  constructor(readonly format: number) {
    super(`It has format ${format}, which is newer than ${PROFILE_FORMAT_VERSION}.`);
  }
}

/**
 * Decodes a profile. Its columns are views of the bytes, which must not be changed afterwards.
 * @throws RangeError with what is wrong and where, also if a reference between tables is out of range; NewerFormatError
 */
export function decodeProfile(bytes: Uint8Array): Profile {
  // Columns are views, so they must be aligned in memory.
  const data = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 16 || new TextDecoder().decode(data.subarray(0, 8)) !== MAGIC)
    throw new RangeError("It doesn't start like a profile.");
  const version = view.getUint32(8, true);
  if (version > PROFILE_FORMAT_VERSION) throw new NewerFormatError(version);
  if (version < OLDEST_FORMAT_VERSION) throw new RangeError(`Its format ${version} never existed.`);
  const headBytes = view.getUint32(12, true);
  const head = readHead(data.subarray(16, 16 + headBytes));
  const columns = layout(head);
  const start = padded(16 + headBytes);
  const size = start + bodySize(head.lengths, columns);
  if (size !== data.length) throw new RangeError(`It has ${data.length} bytes instead of ${size}.`);
  let at = data.byteOffset + start;
  const tables: Columns = { functions: {}, frames: {}, stacks: {}, samples: {}, addresses: {} };
  for (const { table, name, type, low, high } of columns) {
    const column = new type(data.buffer as ArrayBuffer, at, head.lengths[table] ?? 0);
    checkRange(column, low, high, `${table}.${name}`);
    (tables[table] as Columns[string])[name] = column;
    at += padded(column.byteLength);
  }
  checkParents(tables['stacks']?.['parent'] as Int32Array);
  const ends = new Uint32Array(data.buffer, at, head.lengths.strings);
  const texts = data.subarray(at + padded(ends.byteLength) - data.byteOffset);
  const table = (name: keyof typeof tables & keyof Lengths) => ({
    length: head.lengths[name] ?? 0,
    ...tables[name],
  });
  return {
    events: head.events,
    strings: readStrings(ends, texts, head.lengths.stringBytes),
    functions: table('functions'),
    frames: table('frames'),
    stacks: table('stacks'),
    samples: table('samples'),
    threads: head.threads,
    ...(head.lengths.addresses === undefined ? {} : { addresses: table('addresses') }),
    notes: head.notes,
  } as unknown as Profile;
}

/** Bytes of all columns and strings. */
function bodySize(lengths: Lengths, columns: readonly ColumnLayout[]): number {
  let size = padded(lengths.strings * 4) + lengths.stringBytes;
  for (const { table, type } of columns) size += padded((lengths[table] ?? 0) * type.BYTES_PER_ELEMENT);
  return size;
}

function readHead(bytes: Uint8Array): Head {
  let head: Partial<Head> | null;
  try {
    head = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Partial<Head> | null;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RangeError(`Its head is damaged: ${reason}`, { cause: error });
  }
  const text = (value: unknown) => typeof value === 'string';
  const { events, threads, notes, lengths } = head ?? {};
  const valid =
    Array.isArray(events) &&
    events.length > 0 &&
    events.every(
      (e) =>
        text(e?.name) &&
        (e.unit === undefined || text(e.unit)) &&
        (e.taken === undefined || e.taken === null || typeof e.taken === 'number') &&
        (e.fallback === undefined || text(e.fallback?.reason)),
    ) &&
    Array.isArray(threads) &&
    threads.every((t) => text(t?.name) && Number.isInteger(t.pid) && Number.isInteger(t.tid)) &&
    Array.isArray(notes) &&
    notes.every(text) &&
    (['functions', 'frames', 'stacks', 'samples', 'strings', 'stringBytes'] as const).every((name) => {
      const length = lengths?.[name];
      return Number.isSafeInteger(length) && (length as number) >= 0;
    }) &&
    (lengths?.addresses === undefined || (Number.isSafeInteger(lengths.addresses) && lengths.addresses >= 0));
  if (!valid) throw new RangeError('Its head is incomplete.');
  return head as Head;
}

function checkRange(column: ArrayLike<number>, low: number, high: number, name: string): void {
  for (let i = 0; i < column.length; i++) {
    const value = column[i] as number;
    if (!(value >= low && value < high))
      throw new RangeError(`Column ${name} has the invalid value ${value} at index ${i}.`);
  }
}

function checkParents(parent: Int32Array): void {
  for (let i = 0; i < parent.length; i++)
    if ((parent[i] as number) >= i) throw new RangeError(`Stack ${i} precedes its caller.`);
}

function readStrings(ends: Uint32Array, bytes: Uint8Array, length: number): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let start = 0;
  const strings = Array.from(ends, (end) => {
    if (end < start || end > length) throw new RangeError('A string extends beyond the end of the file.');
    const text = decoder.decode(bytes.subarray(start, end));
    start = end;
    return text;
  });
  if (start !== length) throw new RangeError("The strings don't fill their section.");
  return strings;
}
