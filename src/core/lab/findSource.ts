import path from 'node:path';
import { exists } from '../files.js';
import type { LoadedLab } from './loadLab.js';

/** Folders that sources were built in, and where these are on this machine. */
export type SourceMap = Readonly<Record<string, string>>;

let usual: SourceMap = {};

/** What the user chose, for all that this process looks for from now on. */
export function useSourceMap(map: SourceMap): void {
  usual = map;
}

/**
 * Where a source file is: as debug information names it, below a source root of the lab if the name is relative
 * (`-ffile-prefix-map`, Bazel), or where the user's map says. Undefined if it isn't on this machine.
 */
export async function findSource(file: string, lab: LoadedLab | undefined): Promise<string | undefined> {
  const packed = lab?.packed?.sources.get(file);
  if (packed !== undefined) return packed;
  const asNamed = path.isAbsolute(file)
    ? [file]
    : (lab?.definition.sourceRoots ?? []).map((root) => path.resolve(lab?.folder ?? '', root, file));
  for (const candidate of [...asNamed, ...mapped(file, usual)]) {
    if (await exists(candidate)) return candidate;
  }
  return undefined;
}

/** The longest folder comes first. An empty one stands for all relative names. */
function mapped(file: string, map: SourceMap): string[] {
  const name = path.normalize(file);
  return Object.entries(map)
    .map(([from, to]) => ({ from: from === '' ? '' : path.join(from, '/'), to }))
    .filter(({ from, to }) => path.isAbsolute(to) && isIn(name, from))
    .sort((a, b) => b.from.length - a.from.length)
    .map(({ from, to }) => path.join(to, name.slice(from.length)));
}

function isIn(name: string, from: string): boolean {
  return from === '' ? !path.isAbsolute(name) && !name.startsWith('..') : name.startsWith(from);
}

/**
 * What to map so that a file is found that the user has shown: as many folders as the two paths don't have in common at
 * their ends. Undefined where the names of the files differ.
 */
export function mappingFor(named: string, found: string): { from: string; to: string } | undefined {
  const a = path.normalize(named).split('/');
  const b = path.normalize(found).split('/');
  if (a.at(-1) !== b.at(-1)) return undefined;
  // An absolute path keeps its root.
  const fewest = path.isAbsolute(named) ? 1 : 0;
  while (a.length > fewest && b.length > 1 && a.at(-1) === b.at(-1)) {
    a.pop();
    b.pop();
  }
  return { from: a.join('/') || (fewest === 1 ? '/' : ''), to: b.join('/') || '/' };
}
