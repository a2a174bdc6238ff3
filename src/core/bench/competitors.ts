import path from 'node:path';
import type { TaskContext } from '../context.js';
import { exists } from '../files.js';
import type { Preset } from '../lab/labFile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { LabError } from '../labError.js';
import { ask } from '../process/childProcess.js';
import { installRemedy } from '../process/packages.js';
import { resolveProgram, runPlace, type Subject } from './subject.js';

/** Allocators that can be preloaded (LD_PRELOAD) into the libc build of a benchmark. */
const preloadable: Readonly<Record<string, { soname: RegExp }>> = {
  mimalloc: { soname: /^libmimalloc\.so/ },
  jemalloc: { soname: /^libjemalloc\.so/ },
  tcmalloc: { soname: /^libtcmalloc(_minimal)?\.so/ },
};

/**
 * The same benchmark with another allocator: its own build, where the preset names one, else the `system` build with
 * the allocator's library preloaded.
 * @throws LabError `competitor-unknown`; `tool-missing`, naming the package, if the allocator isn't installed
 */
export async function competitorSubject(
  lab: LoadedLab,
  preset: Preset,
  allocator: string,
  context: Pick<TaskContext, 'signal'>,
): Promise<Subject> {
  const subject = (program: string, environment: Record<string, string>): Subject => ({
    allocator,
    program,
    args: preset.args,
    environment: { ...preset.environment, ...environment },
    output: preset.output,
    ...runPlace(lab, preset),
  });
  // A record also answers to names like `constructor`, which it wasn't given.
  const own = <T>(record: Readonly<Record<string, T>>) =>
    Object.hasOwn(record, allocator) ? record[allocator] : undefined;
  const build = own(preset.rivals);
  if (build !== undefined && (allocator === 'system' || (await exists(path.resolve(lab.folder, build))))) {
    return subject(await resolveProgram(lab, build), {});
  }
  const system = preset.rivals['system'];
  const library = own(preloadable);
  if (!library || system === undefined) {
    const known = [
      ...new Set([...Object.keys(preset.rivals), ...(system === undefined ? [] : Object.keys(preloadable))]),
    ];
    throw new LabError(
      'competitor-unknown',
      `${allocator} isn't a configured competitor of ${preset.name}.`,
      {
        detail: `Competitors of this preset: ${known.join(', ') || 'none'}`,
        remedy: { text: 'Use one of these, or add it under "rivals" in the lab file.' },
      },
    );
  }
  const file = (await preloadLibraries(context)).find((l) => l.allocator === allocator)?.file;
  if (!file) {
    throw new LabError('tool-missing', `${allocator} isn't installed.`, {
      detail: `The dynamic linker knows no library that matches ${library.soname.source}.`,
      remedy: installRemedy(allocator),
    });
  }
  return subject(await resolveProgram(lab, system), { LD_PRELOAD: file });
}

interface PreloadLibrary {
  readonly allocator: string;
  /** Undefined if it isn't installed. */
  readonly file: string | undefined;
}

/** All allocators that can be preloaded, installed or not. */
export async function preloadLibraries(context: Pick<TaskContext, 'signal'>): Promise<PreloadLibrary[]> {
  // `ldconfig` is in /sbin, which often isn't on the PATH of ordinary users.
  const env = { PATH: `${process.env['PATH'] ?? ''}:/sbin:/usr/sbin` };
  const stdout = await ask('ldconfig', ['-p'], context, env);
  const known = stdout.split('\n').flatMap((line) => {
    const match = /^\s*(\S+) \(.*\) => (.+)$/.exec(line);
    return match ? [{ soname: match[1] as string, file: match[2] as string }] : [];
  });
  return Object.entries(preloadable).map(([allocator, library]) => ({
    allocator,
    file: known.find(({ soname }) => library.soname.test(soname))?.file,
  }));
}
