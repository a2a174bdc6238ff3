import path from 'node:path';
import { exists } from '../files.js';
import type { LoadedLab } from './loadLab.js';

/**
 * Where a source file is: as debug information names it, or below a source root of the lab if the name is relative
 * (`-ffile-prefix-map`, Bazel). Undefined if it isn't on this machine.
 */
export async function findSource(file: string, lab: LoadedLab | undefined): Promise<string | undefined> {
  const candidates = path.isAbsolute(file)
    ? [file]
    : (lab?.definition.sourceRoots ?? []).map((root) => path.resolve(lab?.folder ?? '', root, file));
  for (const candidate of candidates) {
    if (await exists(candidate)) return candidate;
  }
  return undefined;
}
