import { access, constants, lstat, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as z from '../zod.js';
import { outdated, type KeepPolicy, type KeptRun } from '../../model/keepPolicy.js';
import type { Profile } from '../../model/profile.js';
import type { RunDocument } from '../../model/run.js';
import { exists, readRegular, readRegularText } from '../files.js';
import { LabError, messageOf } from '../labError.js';
import { OwnFolder } from './ownFolder.js';
import { packProfile, unpackProfile } from './profileFile.js';
import { parseJsonProfile } from './profileJson.js';
import { description, readDescription, type RunDescription } from './runDescription.js';
import { parseRun } from './runFile.js';
import { packSources, sourcesFile, unpackSource } from './sourceCopies.js';
import type { SavedRuns } from './savedRuns.js';
import { isOwn, sealed } from './seal.js';
import { stateFolderOf } from './stateFolder.js';

/** Next to the lab file, so that editor and command line share it; ignored by version control. */
export const STORE_FOLDER = '.hakmem-lab';

/** For how long discarded runs can be restored. */
export const TRASH_DAYS = 30;

/** Checkouts of commits, each removed after its measurement. */
export const WORKTREES = 'worktrees';
export const EXPERIMENTS = 'experiments';

const openRequestFile = 'open.json';
const openRequest = z.object({ run: z.string() });

/**
 * The saved runs of one lab: `runs/ID/run.json` and, for a profile, `runs/ID/profile.bin.gz` (`profile.json` in runs of
 * the first version), and copies of sources. The profile is written first, and each file atomically, so a run that is listed is complete,
 * whatever was interrupted.
 *
 * Where the lab's folder can't be written, as on a read-only or full disk, runs are kept in the user's state folder.
 * Those of both places are listed.
 */
export class RunStore implements SavedRuns {
  private readonly beside: OwnFolder;
  private readonly elsewhere: OwnFolder;
  /** Where runs were when they were last listed, so that thousands aren't looked for one by one. */
  private listed: ReadonlyMap<string, OwnFolder> = new Map();
  /** Where is written: one of the two. */
  private own: OwnFolder;
  pruned: readonly string[] = [];
  readonly watchPattern = 'runs/*/run.json';

  constructor(labFolder: string) {
    this.own = this.beside = new OwnFolder(path.join(labFolder, STORE_FOLDER));
    this.elsewhere = new OwnFolder(path.join(stateFolderOf(labFolder), STORE_FOLDER));
  }

  get folder(): string {
    return this.own.root;
  }

  get runsFolder(): string {
    return this.own.path('runs');
  }

  get movedTo(): string | undefined {
    return this.own === this.elsewhere ? this.own.root : undefined;
  }

  /** Creates the folder, if need be in the other place. @throws LabError `write-failed` if neither can be written */
  async prepare(): Promise<void> {
    await this.whereWritable('create', async () => {
      await this.own.make('runs');
      await this.own.writeNew('*\n', '.gitignore');
      for (const folder of [this.folder, this.runsFolder]) await access(folder, constants.W_OK);
    });
  }

  /** Removes what killed processes left. Only for who has the lock: nobody else measures here. */
  async removeLeftovers(): Promise<void> {
    await this.guard('clean', async () => {
      for (const id of await namesIn(this.runsFolder))
        if (
          (await this.own.isAbandoned('runs', id)) &&
          !(await exists(this.own.path('runs', id, 'run.json')))
        )
          await this.own.remove('runs', id);
      for (const folder of ['runs', EXPERIMENTS]) await this.own.removeLeftovers(folder);
      await this.own.remove(WORKTREES);
    });
  }

  /** @throws LabError `write-failed`, e.g. on a full disk; then nothing is listed */
  async save(
    run: RunDocument,
    profile: Profile | undefined,
    sources: ReadonlyMap<string, Buffer> = new Map(),
  ): Promise<void> {
    await this.prepare();
    this.requireId(run.id);
    const packed = profile && (await packProfile(profile));
    const copies = sources.size > 0 ? await packSources(sources) : undefined;
    await this.whereWritable('write', async () => {
      // A clock that jumped back, or another window at the same moment.
      if (await exists(this.own.path('runs', run.id, 'run.json')))
        throw new Error(`There is a run ${run.id} already.`);
      try {
        await this.own.make('runs', run.id);
        const { mark } = this.own;
        await this.own.writeNew('', 'runs', run.id, mark);
        if (packed) await this.own.write(packed, 'runs', run.id, 'profile.bin.gz');
        if (copies) await this.own.write(copies, 'runs', run.id, sourcesFile);
        await this.own.write(`${JSON.stringify(await sealed(run), null, 2)}\n`, 'runs', run.id, 'run.json');
        await this.own.remove('runs', run.id, mark);
      } catch (error) {
        await this.own.remove('runs', run.id).catch(() => undefined);
        throw error;
      }
    });
  }

  async list(): Promise<string[]> {
    const found = await this.everywhere('runs');
    this.listed = found;
    return newestFirst(found);
  }

  async load(id: string): Promise<RunDocument> {
    const file = path.join(await this.runFolder(id), 'run.json');
    const text = await readRegularText(file).catch((cause: unknown) => {
      throw unknownRun(id, `Looked for ${file}.`, cause);
    });
    return parseRun(text, file, id);
  }

  /** Whether this user measured or imported a run, which otherwise came with the folder. */
  async isOwn(id: string): Promise<boolean> {
    const file = path.join(await this.runFolder(id), 'run.json');
    return readRegularText(file)
      .then((text) => isOwn(JSON.parse(text) as object))
      .catch(() => false);
  }

  async loadProfile(id: string): Promise<Profile> {
    const folder = await this.runFolder(id);
    const file = path.join(folder, 'profile.bin.gz');
    const data = await readRegular(file, 2 ** 31).catch(() => undefined);
    if (data) return unpackProfile(data, file);
    const older = path.join(folder, 'profile.json');
    const text = await readRegularText(older).catch((cause: unknown) => {
      throw new LabError('run-without-profile', `The run ${id} has no profile.`, {
        detail: `Looked for ${file}.`,
        remedy: { text: 'Profile the preset, or choose another run.' },
        cause,
      });
    });
    return parseJsonProfile(text, older);
  }

  async loadSource(id: string, source: string): Promise<Buffer | undefined> {
    const file = path.join(await this.runFolder(id), sourcesFile);
    const data = await readRegular(file).catch(() => undefined);
    return data && (await unpackSource(data, source));
  }

  async latest(wanted: (run: RunDocument) => boolean): Promise<RunDocument | undefined> {
    for (const id of await this.list()) {
      const run = await this.load(id).catch(() => undefined);
      if (run && wanted(run)) return run;
    }
    return undefined;
  }

  async delete(id: string): Promise<void> {
    const place = await this.requireListed(id);
    await this.guard('delete from', () => place.remove('runs', id));
  }

  async description(id: string): Promise<RunDescription> {
    return readDescription(path.join(await this.runFolder(id), 'description.json'));
  }

  async describe(id: string, described: RunDescription): Promise<void> {
    const place = await this.requireListed(id);
    const text = `${JSON.stringify(description(described), null, 2)}\n`;
    await this.guard('write', () => place.write(text, 'runs', id, 'description.json'));
  }

  async discard(id: string): Promise<void> {
    const place = await this.requireListed(id);
    await this.guard('delete from', async () => {
      await place.make('trash');
      // Its time is when it was discarded: `emptyTrash` goes by it.
      await place.move(['runs', id], ['trash', id]);
    });
  }

  async restore(id: string): Promise<void> {
    this.requireId(id);
    const place = await this.holding('trash', id);
    await this.guard('write', () => place.move(['trash', id], ['runs', id]));
  }

  async listTrash(): Promise<string[]> {
    return newestFirst(await this.everywhere('trash'));
  }

  async prune(policy: KeepPolicy): Promise<readonly string[]> {
    this.pruned = [];
    if (Object.values(policy).every((limit) => limit === undefined)) return [];
    const runs: KeptRun[] = [];
    for (const id of await this.list()) {
      // What the user has written about is wanted.
      if (Object.keys(await this.description(id)).length > 0) continue;
      const folder = await this.runFolder(id);
      const found = await Promise.all((await namesIn(folder)).map((name) => lstat(path.join(folder, name))));
      const saved = Math.max(...found.map(({ mtimeMs }) => mtimeMs));
      // What isn't a run isn't touched.
      if (found.length > 0) runs.push({ id, saved, bytes: found.reduce((sum, { size }) => sum + size, 0) });
    }
    const gone = outdated(runs, policy, Date.now());
    for (const id of gone) await this.discard(id);
    if (gone.length > 0) await this.emptyTrash({ before: new Date(Date.now() - TRASH_DAYS * 86_400_000) });
    return (this.pruned = gone);
  }

  async emptyTrash(which: { readonly id: string } | { readonly before: Date }): Promise<void> {
    for (const place of [this.beside, this.elsewhere])
      for (const id of await namesIn(place.path('trash'))) {
        const wanted =
          'id' in which ? id === which.id : (await stat(place.path('trash', id))).mtime < which.before;
        if (wanted) await this.guard('delete from', () => place.remove('trash', id));
      }
  }

  async requestOpening(id: string): Promise<void> {
    await this.prepare();
    await this.guard('write', () => this.own.write(JSON.stringify({ run: id }), openRequestFile));
  }

  async takeOpenRequest(): Promise<string | undefined> {
    const place = (await exists(this.elsewhere.path(openRequestFile))) ? this.elsewhere : this.beside;
    const text = await readRegularText(place.path(openRequestFile)).catch(() => undefined);
    if (text === undefined) return undefined;
    await place.remove(openRequestFile);
    try {
      return openRequest.parse(JSON.parse(text)).run;
    } catch {
      return undefined;
    }
  }

  /** A path for a tool's temporary output, on the same disk. */
  temporary(name: string): string {
    return this.own.temporary(name);
  }

  /** A path that exists only while a measurement of this lab is in progress. */
  get lockFile(): string {
    return this.own.path('lock');
  }

  /** By ID, which place has it: `holding` for all of them. */
  private async everywhere(where: 'runs' | 'trash'): Promise<Map<string, OwnFolder>> {
    const found = await Promise.all(
      [this.beside, this.elsewhere].map(async (place) =>
        (await namesIn(place.path(where))).map((id) => [id, place] as const),
      ),
    );
    return new Map(found.flat());
  }

  /** Where a run is. Only what the store lists is changed: never a path made from whatever an ID says. */
  private async requireListed(id: string): Promise<OwnFolder> {
    if (!(await this.list()).includes(id)) throw unknownRun(id, `Looked for ${await this.runFolder(id)}.`);
    return this.holding('runs', id);
  }

  /** @throws LabError `run-unknown` for an ID that can't be a folder's name */
  private async runFolder(id: string): Promise<string> {
    this.requireId(id);
    return (this.listed.get(id) ?? (await this.holding('runs', id))).path('runs', id);
  }

  /** Which of the two places has a run; that beside the lab file if neither has. */
  private async holding(where: 'runs' | 'trash', id: string): Promise<OwnFolder> {
    return (await exists(this.elsewhere.path(where, id))) ? this.elsewhere : this.beside;
  }

  private requireId(id: string): void {
    if (!/^[\w.+-]+$/.test(id) || id.includes('..') || id === '.')
      throw unknownRun(id, 'IDs consist of letters, digits, and _ . + -.');
  }

  /**
   * Writes in the other place if the one beside the lab file can't be written.
   * @throws LabError `write-failed` if neither can
   */
  async whereWritable(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await this.guard(what, action);
    } catch (error) {
      const { code } = ((error as LabError).cause ?? {}) as NodeJS.ErrnoException;
      if (this.own === this.elsewhere || !unwritable.includes(code ?? '')) throw error;
      this.own = this.elsewhere;
      try {
        await this.own.make('runs');
        await action();
      } catch {
        // The user can change the lab's own folder: its error is the useful one.
        this.own = this.beside;
        throw error;
      }
    }
  }

  private async guard(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      if (cause instanceof LabError) throw cause;
      throw new LabError('write-failed', `Couldn't ${what} the run folder ${this.folder}.`, {
        detail: messageOf(cause),
        remedy: {
          text: "Check that the disk isn't full and that the folder is writable, or set XDG_STATE_HOME to a folder that is.",
        },
        cause,
      });
    }
  }
}

function newestFirst(runs: ReadonlyMap<string, unknown>): string[] {
  return [...runs.keys()].sort().reverse();
}

/** What a read-only folder and a full disk answer (errno(3)). */
const unwritable = ['EROFS', 'EACCES', 'EPERM', 'ENOSPC', 'EDQUOT'];

function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function unknownRun(id: string, detail: string, cause?: unknown): LabError {
  return new LabError('run-unknown', `There is no run ${id}.`, {
    detail,
    remedy: { text: 'Choose a saved run. In a terminal, hakmem-lab runs lists them.' },
    cause,
  });
}

/** Of the last ID, in milliseconds since 1970. */
let last = 0;

/** Sorts by time; not twice the same in one process, also if the clock is set back by less than an hour. */
export function newRunId(preset: string, now: Date): string {
  const nearby = Math.abs(now.getTime() - last) < 3_600_000;
  last = nearby ? Math.max(now.getTime(), last + 1) : now.getTime();
  const time = new Date(last).toISOString().replace(/[-:]/g, '').replace('Z', '');
  return `${time}-${preset}`;
}
