import { access } from 'node:fs/promises';
import path from 'node:path';
import type { Preset } from '../lab/labFile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { LabError } from '../labError.js';
import { installRemedy } from '../process/packages.js';
import { run } from '../process/run.js';
import { resolveProgram, type Contestant } from './bench.js';

/** Allocators that come in by LD_PRELOAD on the libc build of a benchmark. */
const preloadable: Readonly<Record<string, { soname: RegExp }>> = {
  mimalloc: { soname: /^libmimalloc\.so/ },
  jemalloc: { soname: /^libjemalloc\.so/ },
  tcmalloc: { soname: /^libtcmalloc(_minimal)?\.so/ },
};

/**
 * The same benchmark under another allocator: a build of its own that the preset names, or the `system` build
 * with the allocator's library preloaded.
 * @throws LabError `tool-missing` naming the package, when the allocator is not installed
 */
export async function rivalContestant(
  lab: LoadedLab,
  preset: Preset,
  allocator: string,
): Promise<Contestant> {
  const contestant = (program: string, environment: Record<string, string>): Contestant => ({
    allocator,
    program,
    args: preset.args,
    environment: { ...preset.environment, ...environment },
  });
  const own = preset.rivals[allocator];
  if (own !== undefined && (allocator === 'system' || (await exists(path.resolve(lab.folder, own))))) {
    return contestant(await resolveProgram(lab, own), {});
  }
  const system = preset.rivals['system'];
  const library = preloadable[allocator];
  if (!library || system === undefined) {
    const known = [
      ...new Set([...Object.keys(preset.rivals), ...(system === undefined ? [] : Object.keys(preloadable))]),
    ];
    throw new LabError('tool-missing', `${allocator} is no rival of ${preset.name}.`, {
      detail: `Rivals of this preset: ${known.join(', ') || 'none'}`,
      remedy: { text: 'Use one of these, or add it under "rivals" in the lab file.' },
    });
  }
  const file = (await preloadLibraries()).find((l) => l.allocator === allocator)?.file;
  if (!file) {
    throw new LabError('tool-missing', `${allocator} is not installed.`, {
      detail: `No library matching ${library.soname.source} is known to the dynamic linker.`,
      remedy: installRemedy(allocator),
    });
  }
  return contestant(await resolveProgram(lab, system), { LD_PRELOAD: file });
}

export interface PreloadLibrary {
  readonly allocator: string;
  /** Undefined when it is not installed. */
  readonly file: string | undefined;
}

/** The allocators that can be preloaded here, installed or not. */
export async function preloadLibraries(): Promise<PreloadLibrary[]> {
  // `ldconfig` is in /sbin, which is often not on the PATH of a normal user.
  const env = { PATH: `${process.env['PATH'] ?? ''}:/sbin:/usr/sbin` };
  const stdout = await run('ldconfig', ['-p'], { env }).then(
    (result) => result.stdout,
    () => '',
  );
  const known = stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\S+) \(.*\) => (.+)$/.exec(line);
    return match ? [{ soname: match[1] as string, file: match[2] as string }] : [];
  });
  return Object.entries(preloadable).map(([allocator, library]) => ({
    allocator,
    file: known.find(({ soname }) => library.soname.test(soname))?.file,
  }));
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
