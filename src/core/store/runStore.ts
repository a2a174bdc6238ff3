import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import type { Profile } from '../../model/profile.js';
import type { RunDocument } from '../../model/run.js';
import { LabError, messageOf } from '../labError.js';
import { packProfile, unpackProfile } from './profileFile.js';
import { parseJsonProfile } from './profileJson.js';
import { parseRun } from './runFile.js';
import type { SavedRuns } from './savedRuns.js';

/** Next to the lab file, so that editor and command line share it; ignored by version control. */
const STORE_FOLDER = '.hakmem-lab';

const openRequest = z.object({ run: z.string() });

/**
 * The saved runs of one lab: `runs/ID/run.json` and, for a profile, `runs/ID/profile.bin.gz` (`profile.json` in runs of
 * the first version). The profile is written first, and each file atomically, so a run that is listed is complete,
 * whatever was interrupted.
 */
export class RunStore implements SavedRuns {
  readonly folder: string;
  readonly watchPattern = 'runs/*/run.json';

  constructor(labFolder: string) {
    this.folder = path.join(labFolder, STORE_FOLDER);
  }

  get runsFolder(): string {
    return path.join(this.folder, 'runs');
  }

  /** Creates the folder. @throws LabError `write-failed` */
  async prepare(): Promise<void> {
    await this.guard('create', async () => {
      await mkdir(this.runsFolder, { recursive: true });
      await writeFileAtomic(path.join(this.folder, '.gitignore'), '*\n');
    });
  }

  /** @throws LabError `write-failed`, e.g. on a full disk; then nothing is listed */
  async save(run: RunDocument, profile: Profile | undefined): Promise<void> {
    await this.prepare();
    const folder = this.runFolder(run.id);
    try {
      await this.guard('write', async () => {
        await mkdir(folder, { recursive: true });
        if (profile) await writeFileAtomic(path.join(folder, 'profile.bin.gz'), await packProfile(profile));
        await writeFileAtomic(path.join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
      });
    } catch (error) {
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
      throw error;
    }
  }

  async list(): Promise<string[]> {
    const entries = await readdir(this.runsFolder).catch(() => [] as string[]);
    return entries.sort().reverse();
  }

  async load(id: string): Promise<RunDocument> {
    const file = path.join(this.runFolder(id), 'run.json');
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw unknownRun(id, `Looked for ${file}.`, cause);
    });
    return parseRun(text, file, id);
  }

  async loadProfile(id: string): Promise<Profile> {
    const file = path.join(this.runFolder(id), 'profile.bin.gz');
    const data = await readFile(file).catch(() => undefined);
    if (data) return unpackProfile(data, file);
    const older = path.join(this.runFolder(id), 'profile.json');
    const text = await readFile(older, 'utf8').catch((cause: unknown) => {
      throw new LabError('run-without-profile', `The run ${id} has no profile.`, {
        detail: `Looked for ${file}.`,
        remedy: { text: 'Profile the preset, or choose another run.' },
        cause,
      });
    });
    return parseJsonProfile(text, older);
  }

  async latest(wanted: (run: RunDocument) => boolean): Promise<RunDocument | undefined> {
    for (const id of await this.list()) {
      const run = await this.load(id).catch(() => undefined);
      if (run && wanted(run)) return run;
    }
    return undefined;
  }

  async delete(id: string): Promise<void> {
    const folder = this.runFolder(id);
    // Only what the store lists: never a path made from whatever an ID says.
    if (!(await this.list()).includes(id)) throw unknownRun(id, `Looked for ${folder}.`);
    await this.guard('delete from', () => rm(folder, { recursive: true, force: true }));
  }

  async requestOpening(id: string): Promise<void> {
    await this.prepare();
    await this.guard('write', () => writeFileAtomic(this.openRequestFile, JSON.stringify({ run: id })));
  }

  async takeOpenRequest(): Promise<string | undefined> {
    const text = await readFile(this.openRequestFile, 'utf8').catch(() => undefined);
    if (text === undefined) return undefined;
    await rm(this.openRequestFile, { force: true });
    try {
      return openRequest.parse(JSON.parse(text)).run;
    } catch {
      return undefined;
    }
  }

  /** A path for a tool's temporary output, on the same disk. */
  temporary(name: string): string {
    return path.join(this.folder, `${process.pid}-${Date.now()}-${name}`);
  }

  /** A path that exists only while a measurement of this lab is in progress. */
  get lockFile(): string {
    return path.join(this.folder, 'lock');
  }

  private get openRequestFile(): string {
    return path.join(this.folder, 'open.json');
  }

  /** @throws LabError `run-unknown` for an ID that can't be a folder's name */
  private runFolder(id: string): string {
    if (!/^[\w.+-]+$/.test(id) || id.includes('..') || id === '.')
      throw unknownRun(id, 'IDs consist of letters, digits, and _ . + -.');
    return path.join(this.runsFolder, id);
  }

  private async guard(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      throw new LabError('write-failed', `Couldn't ${what} the run folder ${this.folder}.`, {
        detail: messageOf(cause),
        remedy: { text: "Check that the disk isn't full and that the folder is writable, then try again." },
        cause,
      });
    }
  }
}

function unknownRun(id: string, detail: string, cause?: unknown): LabError {
  return new LabError('run-unknown', `There is no run ${id}.`, {
    detail,
    remedy: { text: 'Choose a saved run. In a terminal, hakmem-lab runs lists them.' },
    cause,
  });
}

/** Sorts by time; unique per millisecond and preset. */
export function newRunId(preset: string, now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('Z', '');
  return `${time}-${preset}`;
}
