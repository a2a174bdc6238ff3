import { readdir, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { readRegular } from '../files.js';
import { sourceId } from '../environment/profiledSources.js';
import { findSource } from '../lab/findSource.js';
import type { LoadedLab, PackedFiles } from '../lab/loadLab.js';
import type { RunDocument } from '../../model/run.js';
import { stateFolder } from '../store/stateFolder.js';
import { sourceEntry } from './packFormat.js';

/** Files of archives that weren't opened for so long are removed. */
const keptDays = 30;

/** Bytes: no source that is read line by line is larger. */
const maxSourceBytes = 16 * 2 ** 20;

/** Where archives are unpacked: of the user, like all that isn't a project's. */
export function unpackedFolders(): string {
  return path.join(stateFolder(), 'packs');
}

/** @param hash of the archive. @returns undefined for anything that is no hash: runs are saved in projects */
export function unpackedFolder(hash: string): string | undefined {
  return /^[0-9a-f]{64}$/.test(hash) ? path.join(unpackedFolders(), hash) : undefined;
}

/**
 * The files of the archive that a run came in. Undefined for other runs, and if they are gone.
 * Sources that are the same on this machine are used as they are here, so that they can be edited.
 */
export async function packedFiles(run: RunDocument, lab: LoadedLab): Promise<PackedFiles | undefined> {
  const folder = run.pack === undefined ? undefined : unpackedFolder(run.pack);
  if (folder === undefined || !(await stat(folder).catch(() => undefined))) return undefined;
  const now = new Date();
  await utimes(folder, now, now).catch(() => undefined);
  const sources = new Map<string, string>();
  for (const [name, id] of Object.entries(run.sources ?? {})) {
    if (id === null || !/^[0-9a-f]{40}$/.test(id)) continue;
    const here = await findSource(name, lab);
    const content =
      here === undefined ? undefined : await readRegular(here, maxSourceBytes).catch(() => undefined);
    if (content && sourceId(content) === id) continue;
    const packed = path.join(folder, sourceEntry(id, name));
    if (await stat(packed).catch(() => undefined)) sources.set(name, packed);
  }
  return { symbols: folder, sources };
}

/** Removes what nobody has opened for long, and what an interrupted unpacking left. */
export async function removeUnused(): Promise<void> {
  const root = unpackedFolders();
  const before = Date.now() - keptDays * 86_400_000;
  for (const name of await readdir(root).catch(() => [])) {
    const folder = path.join(root, name);
    const found = await stat(folder).catch(() => undefined);
    if (found && found.mtimeMs < before) await rm(folder, { recursive: true, force: true });
  }
}
