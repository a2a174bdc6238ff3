import path from 'node:path';
import type { TaskContext } from '../context.js';
import type { RunDocument } from '../../model/run.js';
import { importProfile, type ImportFileOptions } from '../import/importProfile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { unknownEnvironment } from '../store/runEnvironment.js';
import type { RunStore } from '../store/runStore.js';
import { keep, newRun, runName, type ProfiledRun } from './saveRun.js';

export type ImportOptions = ImportFileOptions;

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
