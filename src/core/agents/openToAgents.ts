import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { findSource } from '../lab/findSource.js';
import type { LoadedLab } from '../lab/loadLab.js';

/** Names of what compilers and interpreters read, in the languages that profilers know. */
const source =
  /\.(?:[chsS]|[ch](?:c|h|pp|xx|\+\+)|inl|ipp|tcc|cu|rs|go|zig|d|nim|swift|java|kt|scala|cs|fs|py|pyx|rb|php|js|mjs|cjs|jsx|ts|tsx|jl|ml|hs|f|f90|for|asm)$/i;

/**
 * Which files an agent may read through a profile. A profile can come from anybody and name any file of the user as a source:
 * outside of the lab's folder, only what has the name of a source is shown.
 * @param programs by the name of a source, a program with code of it
 */
export function openToAgents(
  lab: LoadedLab,
  programs: ReadonlyMap<string, string | undefined> = new Map(),
): (named: string) => Promise<string | undefined> {
  return async (named) => {
    const file = await findSource(named, lab, programs.get(named));
    if (file === undefined) return undefined;
    const [real, own] = [await realpath(file).catch(() => undefined), await realpath(lab.folder)];
    if (real === undefined) return undefined;
    return source.test(real) || real.startsWith(own + path.sep) ? real : undefined;
  };
}
