import path from 'node:path';
import { readValue, skipValue, type Encoding } from './attributes.js';
import { DwarfCursor } from './cursor.js';

/** DWARF 5, 7.22: what an entry of a table of files says, and of folders. */
const Content = { PATH: 1, DIRECTORY: 2 } as const;
/** Of damaged data, a count may be anything. */
const maxEntries = 1e6;

/**
 * The files of a line table, by the numbers that a unit has for them: absolute, if the unit's folder is. Only the header
 * is read (DWARF 5, 6.2.4).
 * @param lines `.debug_line`
 * @param at where the table begins
 * @param folder in which the unit was compiled
 * @throws RangeError for damaged data
 */
export function lineFiles(lines: Buffer, at: number, unit: Encoding, folder: string): (string | undefined)[] {
  const cursor = new DwarfCursor(lines, at);
  const offsetSize = cursor.number(4) === 0xffffffff ? 8 : 4;
  if (offsetSize === 8) cursor.skip(8);
  const version = cursor.number(2);
  if (version >= 5) cursor.skip(2);
  cursor.skip(offsetSize + (version >= 4 ? 5 : 4));
  cursor.skip(cursor.number(1) - 1);
  const resolved = (name: string | undefined, base: string | undefined) =>
    name === undefined ? undefined : path.join(path.isAbsolute(name) ? '' : (base ?? folder), name);
  if (version >= 5) {
    const folders = entries(cursor, { ...unit, offsetSize }).map(({ name }) => resolved(name, folder));
    return entries(cursor, { ...unit, offsetSize }).map((file) => resolved(file.name, folders[file.folder]));
  }
  const folders: (string | undefined)[] = [folder];
  for (let name = cursor.text(); name !== ''; name = cursor.text()) folders.push(resolved(name, folder));
  // The first has the number 1.
  const files: (string | undefined)[] = [undefined];
  for (let name = cursor.text(); name !== ''; name = cursor.text()) {
    files.push(resolved(name, folders[cursor.unsigned()]));
    cursor.skipLeb();
    cursor.skipLeb();
  }
  return files;
}

/** A table of DWARF 5: which values an entry has, and in which forms, comes first. */
function entries(cursor: DwarfCursor, unit: Encoding): { name: string | undefined; folder: number }[] {
  const format = Array.from(
    { length: cursor.number(1) },
    () => [cursor.unsigned(), cursor.unsigned()] as const,
  );
  const count = cursor.unsigned();
  if (count > maxEntries) throw new RangeError('a table of files is implausibly long');
  return Array.from({ length: format.length === 0 ? 0 : count }, () => {
    let name: string | undefined;
    let folder = 0;
    for (const [content, form] of format) {
      if (content !== Content.PATH && content !== Content.DIRECTORY) {
        skipValue(cursor, form, unit);
        continue;
      }
      const value = readValue(cursor, form, 0, unit);
      if (content === Content.PATH && typeof value === 'string') name = value;
      if (content === Content.DIRECTORY && typeof value === 'number') folder = value;
    }
    return { name, folder };
  });
}
