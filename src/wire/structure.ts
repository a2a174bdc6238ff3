/**
 * Serializes a plain value that contains typed arrays, and back: u32 length of the head, head (JSON, UTF-8) with the
 * value without its arrays and the list of them, then their bytes, each padded to 8.
 */
const types = { Int32Array, Float64Array, Uint8Array, Uint16Array } as const;

type TypeName = keyof typeof types;
type Column = Int32Array | Float64Array | Uint8Array | Uint16Array;

const typeNames = Object.keys(types) as TypeName[];

interface Head {
  readonly value: unknown;
  readonly columns: readonly {
    readonly path: readonly string[];
    readonly type: TypeName;
    readonly length: number;
  }[];
}

const padded = (length: number) => Math.ceil(length / 8) * 8;

export function packStructure(value: unknown): Uint8Array {
  const columns: { path: string[]; type: TypeName; length: number; data: Column }[] = [];
  const strip = (item: unknown, path: string[]): unknown => {
    for (const type of typeNames) {
      if (!(item instanceof types[type])) continue;
      columns.push({ path, type, length: item.length, data: item });
      return null;
    }
    if (Array.isArray(item)) return item.map((entry, i) => strip(entry, [...path, String(i)]));
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, entry]) => [key, strip(entry, [...path, key])]),
    );
  };
  const stripped = strip(value, []);
  const head = new TextEncoder().encode(
    JSON.stringify({
      value: stripped,
      columns: columns.map(({ path, type, length }) => ({ path, type, length })),
    }),
  );
  const start = padded(4 + head.length);
  const out = new Uint8Array(columns.reduce((size, { data }) => size + padded(data.byteLength), start));
  new DataView(out.buffer).setUint32(0, head.length, true);
  out.set(head, 4);
  let at = start;
  for (const { data } of columns) {
    out.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += padded(data.byteLength);
  }
  return out;
}

/** Reads the output of `packStructure`; the arrays are views of a copy of the bytes. */
export function unpackStructure(bytes: Uint8Array): unknown {
  const copy = bytes.slice();
  const length = new DataView(copy.buffer).getUint32(0, true);
  const { value, columns } = JSON.parse(new TextDecoder().decode(copy.subarray(4, 4 + length))) as Head;
  let at = padded(4 + length);
  const root = { value };
  for (const { path, type, length: count } of columns) {
    const column = new types[type](copy.buffer, at, count);
    at += padded(column.byteLength);
    let place = root as unknown as Record<string, unknown>;
    const keys = ['value', ...path];
    for (const key of keys.slice(0, -1)) place = place[key] as Record<string, unknown>;
    place[keys.at(-1) as string] = column;
  }
  return root.value;
}
