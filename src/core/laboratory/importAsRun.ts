import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { TaskContext } from '../context.js';
import type { RunDocument } from '../../model/run.js';
import { importProfile, type ImportFileOptions } from '../import/importProfile.js';
import { openSource } from '../import/source.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { isPack } from '../pack/packFormat.js';
import { readPack, type ReadPack } from '../pack/readPack.js';
import { unknownEnvironment } from '../store/runEnvironment.js';
import type { RunStore } from '../store/runStore.js';
import { keep, newRun, runName, type ProfiledRun } from './saveRun.js';

export interface ImportOptions extends ImportFileOptions {
  /** Whether the files of an archive are unpacked into the user's state folder, too. By default they are. */
  readonly unpack?: boolean;
}

/** The archive of a run. Undefined for anything else, and for a stream: only its profile is read. */
async function packOf(
  file: string,
  { format, unpack = true }: ImportOptions,
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<ReadPack | undefined> {
  const found = file === '-' ? undefined : await stat(file).catch(() => undefined);
  if (format !== undefined || !found?.isFile()) return undefined;
  // What is wrong with another file is said by who reads it.
  const source = await openSource(file, signal).catch(() => undefined);
  if (!source) return undefined;
  try {
    const { name, head } = source;
    if (!isPack(head.bytes)) return undefined;
    progress(`Unpacking ${name}…`);
    return await readPack(source.chunks(), { name, gzipped: head.packed, unpack }, signal);
  } finally {
    source.close();
  }
}

/** Nothing of its command comes along: whoever runs this again would run what an archive says. */
function runOfPack(lab: LoadedLab, file: string, { run: recorded, profile, hash }: ReadPack): RunDocument {
  const { createdAt, environment, results, stat: counts, sources, ended, preset } = recorded;
  const name = runName(preset.name) || 'profile';
  return {
    ...newRun(lab, name, profile),
    createdAt,
    importedFrom: path.resolve(file),
    preset: {
      name,
      description: `Packed run ${recorded.id}`,
      environment: {},
      program: '',
      args: [],
    },
    environment,
    results,
    stat: counts,
    ...(sources ? { sources } : {}),
    ...(ended ? { ended } : {}),
    ...(hash === undefined ? {} : { pack: hash }),
  };
}

/**
 * Reads a profile in any supported format and saves it as a run named like the file.
 * @throws LabError as `importProfile`, and `write-failed`
 */
export async function importAsRun(
  lab: LoadedLab,
  store: RunStore,
  file: string,
  options: ImportOptions,
  context: TaskContext,
): Promise<ProfiledRun> {
  const read = await readAsRun(lab, file, options, context);
  context.progress('Saving run…');
  if (await keep(lab, store, read.run, { profile: read.profile }, context))
    context.log(`Saved as run ${read.run.id}`);
  return read;
}

/** As `importAsRun`, without saving anything. @throws LabError as `importProfile` */
export async function readAsRun(
  lab: LoadedLab,
  file: string,
  options: ImportOptions,
  context: TaskContext,
): Promise<ProfiledRun> {
  const pack = await packOf(file, options, context);
  if (pack) return { run: runOfPack(lab, file, pack), profile: pack.profile, warnings: [] };
  const profile = await importProfile(file, options, context);
  const stdin = file === '-';
  const name = stdin ? 'stdin' : runName(path.basename(file)) || 'profile';
  const run: RunDocument = {
    ...newRun(lab, name, profile),
    importedFrom: stdin ? 'standard input' : path.resolve(file),
    preset: {
      name,
      description: `Imported from ${stdin ? 'standard input' : file}`,
      environment: {},
      program: '',
      args: [],
    },
    environment: unknownEnvironment,
    results: [],
    stat: null,
  };
  return { run, profile, warnings: [] };
}
