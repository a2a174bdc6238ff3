import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** What can be done in a folder without a lab file. */
export interface FolderContents {
  readonly empty: boolean;
  /** Has sources of programs that perf shows by name and line. */
  readonly native: boolean;
  /** Files that `wanted` accepts, relative to the folder. */
  readonly found: string[];
}

/** Sources are rarely further down than this, and a look must not cost what a search does. */
const maxFolders = 60;
const nativeSource = /\.(c|cc|cpp|cxx|c\+\+|h|hh|hpp|rs|zig|d|swift|f90|go)$/i;
/** What others wrote there says nothing about the project. */
const skipped = /^(\.|node_modules$|target$|build|dist$|vendor$|third_party$)/;

/** Looks at a folder and the folders in it, without following links. Unreadable folders are empty. */
export async function folderContents(
  folder: string,
  wanted: (name: string) => boolean,
): Promise<FolderContents> {
  const read = (relative: string) =>
    readdir(path.join(folder, relative), { withFileTypes: true }).catch(() => []);
  const top = await read('');
  const inside = top
    .filter((entry) => entry.isDirectory() && !skipped.test(entry.name))
    .slice(0, maxFolders)
    .map(({ name }) => name);
  const all = await Promise.all(['', ...inside].map(async (at) => ({ at, entries: await read(at) })));
  const files = all.flatMap(({ at, entries }) =>
    entries.filter((entry) => entry.isFile()).map(({ name }) => path.join(at, name)),
  );
  return {
    empty: top.every(({ name }) => name.startsWith('.')),
    native: files.some((file) => nativeSource.test(file)),
    found: files.filter((file) => wanted(path.basename(file))),
  };
}
