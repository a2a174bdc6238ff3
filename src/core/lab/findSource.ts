import { realpath } from 'node:fs/promises';
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
 * @param program whose folder and those around it are looked through at last, for a relative name: it is rarely built far
 * from its sources
 */
export async function findSource(
  named: string,
  lab: LoadedLab | undefined,
  program?: string,
): Promise<string | undefined> {
  // Profiles have names without `./`; disassemblers may not.
  const packed = lab?.packed?.sources.get(named) ?? lab?.packed?.sources.get(path.normalize(named));
  if (packed !== undefined) return packed;
  // What Bazel has compilers write for the folder that it builds in; here it would be that of this process.
  const file = named.replace(/^\/proc\/self\/cwd\//, '');
  const asNamed = path.isAbsolute(file)
    ? [file]
    : (lab?.definition.sourceRoots ?? []).map((root) => path.resolve(lab?.folder ?? '', root, file));
  for (const candidate of [...asNamed, ...mapped(file, usual)]) {
    if (await exists(candidate)) return candidate;
  }
  return path.isAbsolute(file) || program === undefined ? undefined : foundAround(file, program);
}

/** How far above a program to look: `build/x86_64/release/bin` is four folders below. */
const MAX_ABOVE = 6;

/** The nearest folder around a program that has the file. The search ends with the folder that version control begins in. */
async function foundAround(file: string, program: string): Promise<string | undefined> {
  // A build folder may be a link.
  let folder = path.dirname(await realpath(program).catch(() => program));
  for (let above = 0; above <= MAX_ABOVE && path.dirname(folder) !== folder; above++) {
    const candidate = path.join(folder, file);
    if (await exists(candidate)) return candidate;
    if (await exists(path.join(folder, '.git'))) return undefined;
    folder = path.dirname(folder);
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
