import { currentFolder, exists } from '../core/files.js';
import { folderLab } from '../core/lab/folderLab.js';
import { LAB_FILE_NAME, findLabFile } from '../core/lab/findLabFile.js';
import { loadLab } from '../core/lab/loadLab.js';
import { Laboratory } from '../core/laboratory.js';
import { LabError } from '../core/labError.js';
import { stateFolder } from '../core/store/stateFolder.js';
import { LATEST, runNamed } from '../core/store/savedRuns.js';
import type { TaskContext } from '../core/context.js';
import type { ProfiledRun } from '../core/laboratory/saveRun.js';
import type { Common } from './output.js';

/** @throws LabError `lab-file-missing` */
export async function openLab(options: Common): Promise<Laboratory> {
  const laboratory = await openNearestLab(options);
  if (laboratory) return laboratory;
  throw new LabError('lab-file-missing', `There is no ${LAB_FILE_NAME} here or in a parent folder.`, {
    remedy: { text: 'Change to the folder of a lab, or specify a lab file with --lab.' },
  });
}

/**
 * The lab, or if there is none the current folder, in which recordings of any program are saved. Without a current folder,
 * that of the user's state.
 */
export async function openLabOrFolder(options: Common): Promise<Laboratory> {
  const nearest = await openNearestLab(options);
  if (nearest) return nearest;
  const folder = currentFolder();
  if (folder === undefined)
    process.stderr.write(`The current folder doesn't exist anymore. Runs are kept in ${stateFolder()}.\n`);
  return new Laboratory(folderLab(folder ?? stateFolder()));
}

/** The lab, or the current folder if recordings are saved in it. @throws LabError `lab-file-missing` */
export async function openRuns(options: Common): Promise<Laboratory> {
  const laboratory = await openLabOrFolder(options);
  return (await laboratory.store.list()).length > 0 ? laboratory : openLab(options);
}

/** A profile with its run, and the lab as it is for this run. */
export interface OpenedRun extends Pick<ProfiledRun, 'run' | 'profile'> {
  readonly laboratory: Laboratory;
}

/**
 * A saved run, the latest by default, or else a file that any tool wrote: it needs no lab, and isn't saved.
 * @throws LabError `run-unknown`, `lab-file-missing`, as `SavedRuns.load` and `loadProfile`, or as `Laboratory.read`
 */
export async function openRunOrFile(
  options: Common,
  named: string = LATEST,
  context: TaskContext,
): Promise<OpenedRun> {
  const anywhere = await openLabOrFolder(options);
  const runs = await anywhere.store.list();
  if (named !== LATEST && !runs.includes(named)) {
    if (named !== '-' && !(await exists(named)))
      throw new LabError('run-unknown', `There is no run and no file called ${named}.`, {
        remedy: { text: 'List the runs: hakmem-lab runs' },
      });
    const { run, profile } = await anywhere.read(named, {}, context);
    return { run, profile, laboratory: await anywhere.forRun(run) };
  }
  const found = runs.length > 0 ? anywhere : await openLab(options);
  const run = await runNamed(found.store, named, 'profile');
  return { run, profile: await found.store.loadProfile(run.id), laboratory: await found.forRun(run) };
}

/** The given lab, or else the nearest one, if any. */
export async function openNearestLab({ lab }: Common): Promise<Laboratory | undefined> {
  const folder = currentFolder();
  const file = lab ?? (folder === undefined ? undefined : await findLabFile(folder));
  return file === undefined ? undefined : new Laboratory(await loadLab(file));
}
