type Column = Int32Array | Float64Array | Uint8Array;

/**
 * The columns of a table, each with a buffer of its own. VS Code transfers the whole buffer of a column, and those of a
 * saved profile are views of the file. O(bytes) where they are.
 */
export function ownColumns<Table extends object>(table: Table): Table {
  const isView = (value: unknown): value is Column =>
    ArrayBuffer.isView(value) && value.byteLength < value.buffer.byteLength;
  const entries = Object.entries(table) as [string, unknown][];
  if (!entries.some(([, value]) => isView(value))) return table;
  return Object.fromEntries(
    entries.map(([name, value]) => [name, isView(value) ? value.slice() : value]),
  ) as Table;
}
