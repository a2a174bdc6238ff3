import type { KeepPolicy } from '../../model/keepPolicy.js';
import type { Profile } from '../../model/profile.js';
import type { RunDocument } from '../../model/run.js';
import { LabError } from '../labError.js';
import type { RunDescription } from './runDescription.js';

/** The saved runs of one lab. How they lie on disk is known to the store alone. */
export interface SavedRuns {
  /** Identifies the store; files in it are the store's own. */
  readonly folder: string;
  /** Where runs are saved instead of beside the lab file, which can't be written; undefined until that was found. */
  readonly movedTo: string | undefined;
  /** Matches, below `folder`, one file for each run. */
  readonly watchPattern: string;
  /** IDs, newest first. */
  list(): Promise<string[]>;
  /** @throws LabError `run-unknown`, `run-corrupt`, `newer-version` */
  load(id: string): Promise<RunDocument>;
  /** Whether this user measured or imported a run, which otherwise came with the folder. */
  isOwn(id: string): Promise<boolean>;
  /** @throws LabError `run-unknown`, `run-without-profile`, `profile-corrupt`, `newer-version` */
  loadProfile(id: string): Promise<Profile>;
  /** A copy of a source file by its ID (`sourceId`), undefined if the run has none. @throws LabError `run-unknown` */
  loadSource(id: string, source: string): Promise<Buffer | undefined>;
  /** The newest run that `wanted` accepts; unreadable runs are skipped. */
  latest(wanted: (run: RunDocument) => boolean): Promise<RunDocument | undefined>;
  /** What the user says about a run; empty if nothing. */
  description(id: string): Promise<RunDescription>;
  /** Replaces the description. @throws LabError `run-unknown`, `write-failed` */
  describe(id: string, description: RunDescription): Promise<void>;
  /** Takes a run off the list, to be restored or deleted later. @throws LabError as `delete` */
  discard(id: string): Promise<void>;
  /** Lists a discarded run again. @throws LabError `run-unknown` if it's gone, `write-failed` */
  restore(id: string): Promise<void>;
  /** IDs of the discarded runs that can be restored, newest first. */
  listTrash(): Promise<string[]>;
  /** Discards the runs that a policy doesn't keep. @returns their IDs. @throws LabError `write-failed` */
  prune(policy: KeepPolicy): Promise<readonly string[]>;
  /** IDs of the runs that the last `prune` discarded. */
  readonly pruned: readonly string[];
  /** Deletes the discarded runs: those of that ID, or all that were discarded before a point in time. */
  emptyTrash(which: { readonly id: string } | { readonly before: Date }): Promise<void>;
  /** Deletes a run, readable or not. @throws LabError `run-unknown` for anything else, `write-failed` */
  delete(id: string): Promise<void>;
  /** Asks the next editor window that opens the lab to show a run. @throws LabError `write-failed` */
  requestOpening(id: string): Promise<void>;
  /** The ID of the run that was requested, once; undefined if none was. */
  takeOpenRequest(): Promise<string | undefined>;
}

/** Instead of an ID: the newest run. */
export const LATEST = 'latest';

/**
 * A run by its ID, or the newest one as `latest`.
 * @param wanted of the newest: any, or one with a profile
 * @throws LabError as `SavedRuns.load`
 */
export async function runNamed(
  store: Pick<SavedRuns, 'latest' | 'load'>,
  id: string,
  wanted: 'any' | 'profile',
): Promise<RunDocument> {
  if (id !== LATEST) return store.load(id);
  const run = await store.latest(({ kind }) => wanted === 'any' || kind === 'profile');
  if (run) return run;
  throw wanted === 'any'
    ? new LabError('run-unknown', 'There is no saved run.', { remedy: { text: 'Run a preset first.' } })
    : new LabError('run-unknown', 'There is no saved run with a profile.', {
        remedy: { text: 'Profile a preset first.' },
      });
}

/** All runs that can be read, newest first. Each stands alone: the others are left out. */
export async function readableRuns(store: Pick<SavedRuns, 'list' | 'load'>): Promise<RunDocument[]> {
  const runs: RunDocument[] = [];
  for (const id of await store.list()) {
    const run = await store.load(id).catch(() => undefined);
    if (run) runs.push(run);
  }
  return runs;
}
