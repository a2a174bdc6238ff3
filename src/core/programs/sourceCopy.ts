/** The copy of a project's sources that Make builds for profiling. */
import {
  copyFile,
  lstat,
  mkdir,
  readdir,
  readlink,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../context.js';
import { readRegularText } from '../files.js';
import { canceled } from '../labError.js';
import { STORE_FOLDER } from '../store/runStore.js';
import type { ProjectPlace } from './buildSystem.js';
import { isBinary } from './programFiles.js';

/** Never copied: version control, saved runs, and what the user has built. */
const skippedFolders = new Set(['.git', '.hg', '.svn', STORE_FOLDER]);

export const copyOf = ({ buildFolder }: ProjectPlace) => path.join(buildFolder, 'copy');

/** Copies what changed since the last time, and removes what was copied then and is gone by now. */
export async function copySources(place: ProjectPlace, context: TaskContext): Promise<void> {
  const list = path.join(place.buildFolder, 'copied.json');
  const before = JSON.parse(await readRegularText(list).catch(() => '[]')) as unknown;
  const copied = await copyTree(place.folder, copyOf(place), '.', context);
  const now = new Set(copied);
  for (const file of Array.isArray(before) ? before : []) {
    if (typeof file !== 'string' || now.has(file)) continue;
    const target = path.resolve(copyOf(place), file);
    // The list may have come with the project, and links in the copy, too.
    const around = await realpath(path.dirname(target)).catch(() => '');
    const inside = `${around}${path.sep}`.startsWith((await realpath(copyOf(place))) + path.sep);
    if (inside) await rm(target, { force: true });
  }
  await removeLink(list);
  await writeFile(list, JSON.stringify(copied));
}

/** With their times, by which make decides; objects and programs are built from scratch. @returns what is there now */
async function copyTree(from: string, to: string, folder: string, context: TaskContext): Promise<string[]> {
  if (context.signal?.aborted) throw canceled();
  await removeLink(path.join(to, folder));
  await mkdir(path.join(to, folder), { recursive: true });
  const copied: string[] = [];
  for (const entry of await readdir(path.join(from, folder), { withFileTypes: true })) {
    const name = path.join(folder, entry.name);
    const [source, target] = [path.join(from, name), path.join(to, name)];
    if (entry.isDirectory()) {
      if (!skippedFolders.has(entry.name)) copied.push(...(await copyTree(from, to, name, context)));
      continue;
    }
    if (entry.isSymbolicLink()) {
      await rm(target, { force: true });
      await symlink(await readlink(source), target);
    } else if (entry.isFile()) await copyChanged(source, target);
    else continue;
    copied.push(name);
  }
  return copied;
}

async function copyChanged(source: string, target: string): Promise<void> {
  const [now, before] = [await lstat(source), await lstat(target).catch(() => undefined)];
  if (before && before.size === now.size && Math.abs(before.mtimeMs - now.mtimeMs) < 2) return;
  if (await isBinary(source)) return;
  if (before?.isSymbolicLink()) await rm(target);
  await copyFile(source, target);
  await utimes(target, now.atime, now.mtime);
}

/** Where a link is that came with the project, nothing is written through it. */
async function removeLink(file: string): Promise<void> {
  const found = await lstat(file).catch(() => undefined);
  if (found?.isSymbolicLink()) await rm(file);
}
