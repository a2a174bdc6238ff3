import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import path from 'node:path';

/**
 * Where programs and their debug information are, besides where they ran and where distributions install them. Whatever is
 * found there must have the recorded build ID, so that a folder with other versions does no harm.
 */
export interface SymbolPlaces {
  /** Absolute. Each like `/usr/lib/debug`, like perf's cache, or like the root of the machine that was recorded. */
  readonly folders: readonly string[];
  /** Servers that are asked by build ID, as `DEBUGINFOD_URLS` names them; none unless the user allowed it. */
  readonly servers: readonly string[];
}

const scoped = new AsyncLocalStorage<readonly string[]>();
let usual: SymbolPlaces = { folders: [], servers: [] };

/** What the user chose, for all that this process reads from now on. */
export function useSymbolPlaces(places: SymbolPlaces): void {
  usual = places;
}

/** Looks also, and first, in a folder while `action` reads: that of an archive, which holds for its own profile only. */
export function withSymbolFolder<T>(folder: string | undefined, action: () => Promise<T>): Promise<T> {
  return folder === undefined ? action() : scoped.run([folder], action);
}

export function symbolPlaces(): SymbolPlaces {
  return { ...usual, folders: [...(scoped.getStore() ?? []), ...usual.folders] };
}

/** Where the program with a build ID can be in these folders: as gdb and distributions lay them out, and as perf does. */
export function programsIn(folders: readonly string[], buildId: string): string[] {
  return folders.flatMap((folder) => {
    const named = path.join(folder, '.build-id', buildId.slice(0, 2), buildId.slice(2));
    return [named, path.join(named, 'elf')];
  });
}

/** In an archive: a program without a build ID, by the path that it was recorded with. */
export function programByPath(module: string): string {
  return `programs/${createHash('sha1').update(module).digest('hex')}/${path.basename(module)}`;
}

/** Where its separate debug information can be. */
export function debugFilesIn(folders: readonly string[], buildId: string): string[] {
  return folders.flatMap((folder) => {
    const named = path.join('.build-id', buildId.slice(0, 2), buildId.slice(2));
    return [
      path.join(folder, `${named}.debug`),
      path.join(folder, 'usr/lib/debug', `${named}.debug`),
      path.join(folder, named, 'debug'),
    ];
  });
}

/** A path of the recorded machine below folders that are like its root. Names of a profile don't lead out of them. */
export function below(folders: readonly string[], file: string): string[] {
  return folders.map((folder) => path.join(folder, path.resolve('/', file)));
}
