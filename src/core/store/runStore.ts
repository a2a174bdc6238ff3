import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod';
import { LabError } from '../labError.js';
import type { Profile } from '../../model/profile.js';
import { packProfile, unpackProfile } from './profileFile.js';
import { parseJsonProfile } from './profileJson.js';
import { RUN_FORMAT_VERSION, type RunDocument } from '../../model/run.js';

/** Kept beside the lab file, so that the editor and the command line share it; ignored by version control. */
export const STORE_FOLDER = '.hakmem-lab';

/** What every reader of a run relies on; a run without it is refused as a whole. */
const header = z.object({
  formatVersion: z.number().int(),
  id: z.string(),
  kind: z.enum(['bench', 'profile']),
  createdAt: z.string(),
  preset: z.object({
    name: z.string(),
    description: z.string(),
    environment: z.record(z.string(), z.string()),
    program: z.string(),
    args: z.array(z.string()),
  }),
  environment: z.object({
    host: z
      .object({ cpu: z.string(), cores: z.number(), kernel: z.string(), memoryBytes: z.number() })
      .nullable(),
    variables: z.record(z.string(), z.string()),
  }),
  results: z.array(
    z.object({
      allocator: z.string(),
      opsPerSec: z.object({
        median: z.number(),
        ci95: z.tuple([z.number(), z.number()]),
        samples: z.array(z.number()),
      }),
      peakRssBytes: z.number(),
    }),
  ),
  samples: z.number().nullable(),
});

/**
 * The saved runs of one lab: `runs/ID/run.json` and, for a profile, `runs/ID/profile.bin.gz`
 * (`profile.json` in runs of the first version). The profile is written first and each file atomically, so a run that is listed is whole, whatever was interrupted.
 */
export class RunStore {
  readonly folder: string;

  constructor(labFolder: string) {
    this.folder = path.join(labFolder, STORE_FOLDER);
  }

  /** Makes the folder. @throws LabError `storage` */
  async prepare(): Promise<void> {
    await this.guard('create', async () => {
      await mkdir(path.join(this.folder, 'runs'), { recursive: true });
      await writeFileAtomic(path.join(this.folder, '.gitignore'), '*\n');
    });
  }

  /** @throws LabError `storage`, e.g. on a full disk; then nothing is listed */
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

  /** Ids of the saved runs, newest first. An unreadable folder holds none. */
  async list(): Promise<string[]> {
    const entries = await readdir(path.join(this.folder, 'runs')).catch(() => [] as string[]);
    return entries.sort().reverse();
  }

  /** @throws LabError `run-unknown` or `profile-corrupt` */
  async load(id: string): Promise<RunDocument> {
    const file = path.join(this.runFolder(id), 'run.json');
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (cause) {
      throw new LabError('run-unknown', `There is no run ${id}.`, {
        detail: `Looked for ${file}.`,
        remedy: { text: 'Run or profile the preset, or name one of the saved runs.' },
        cause,
      });
    }
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      json = undefined;
    }
    const parsed = header.safeParse(json);
    if (!parsed.success || parsed.data.formatVersion > RUN_FORMAT_VERSION) {
      throw new LabError('profile-corrupt', `The saved run ${file} cannot be read.`, {
        detail: parsed.success
          ? `It has format ${parsed.data.formatVersion}, made by a newer version of the lab.`
          : z.prettifyError(parsed.error),
        remedy: { text: 'Delete its folder, or open it with the version that wrote it.' },
      });
    }
    return json as RunDocument;
  }

  /** @throws LabError `run-unknown` or `profile-corrupt` */
  async loadProfile(id: string): Promise<Profile> {
    const file = path.join(this.runFolder(id), 'profile.bin.gz');
    const data = await readFile(file).catch(() => undefined);
    if (data) return unpackProfile(data, file);
    const older = path.join(this.runFolder(id), 'profile.json');
    const text = await readFile(older, 'utf8').catch((cause: unknown) => {
      throw new LabError('run-unknown', `The run ${id} has no profile.`, {
        detail: `Looked for ${file}.`,
        remedy: { text: 'Profile the preset.' },
        cause,
      });
    });
    return parseJsonProfile(text, older);
  }

  /** The newest run that `wanted` accepts; unreadable runs are passed over. */
  async latest(wanted: (run: RunDocument) => boolean): Promise<RunDocument | undefined> {
    for (const id of await this.list()) {
      const run = await this.load(id).catch(() => undefined);
      if (run && wanted(run)) return run;
    }
    return undefined;
  }

  /** A path for a tool's temporary output, on the same disk. */
  temporary(name: string): string {
    return path.join(this.folder, `${process.pid}-${Date.now()}-${name}`);
  }

  private runFolder(id: string): string {
    if (!/^[\w.+-]+$/.test(id) || id.includes('..')) {
      throw new LabError('run-unknown', `${JSON.stringify(id)} is not the name of a run.`);
    }
    return path.join(this.folder, 'runs', id);
  }

  private async guard(what: string, action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (cause) {
      throw new LabError('storage', `Could not ${what} the run store ${this.folder}.`, {
        detail: cause instanceof Error ? cause.message : String(cause),
        remedy: { text: 'Check that the disk has room and that the folder is writable, then try again.' },
        cause,
      });
    }
  }
}

/** Sortable by time, unique per millisecond and preset. */
export function newRunId(preset: string, now: Date): string {
  const time = now.toISOString().replace(/[-:]/g, '').replace('Z', '');
  return `${time}-${preset}`;
}
