import type { Profile } from '../../model/profile.js';
import type { RunDocument } from '../../model/run.js';

/** The saved runs of one lab. How they lie on disk is known to the store alone. */
export interface SavedRuns {
  /** Identifies the store; files in it are the store's own. */
  readonly folder: string;
  /** Matches, below `folder`, one file for each run. */
  readonly watchPattern: string;
  /** IDs, newest first. */
  list(): Promise<string[]>;
  /** @throws LabError `run-unknown`, `run-corrupt`, `newer-version` */
  load(id: string): Promise<RunDocument>;
  /** @throws LabError `run-unknown`, `run-without-profile`, `profile-corrupt`, `newer-version` */
  loadProfile(id: string): Promise<Profile>;
  /** The newest run that `wanted` accepts; unreadable runs are skipped. */
  latest(wanted: (run: RunDocument) => boolean): Promise<RunDocument | undefined>;
  /** Deletes a run, readable or not. @throws LabError `run-unknown` for anything else, `write-failed` */
  delete(id: string): Promise<void>;
  /** Asks the next editor window that opens the lab to show a run. @throws LabError `write-failed` */
  requestOpening(id: string): Promise<void>;
  /** The ID of the run that was requested, once; undefined if none was. */
  takeOpenRequest(): Promise<string | undefined>;
}
