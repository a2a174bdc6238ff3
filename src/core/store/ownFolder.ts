import { randomBytes } from 'node:crypto';
import { constants, lstat, mkdir, open, readdir, rename, rm, truncate, utimes } from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../files.js';
import { LabError } from '../labError.js';
import { startTime } from '../process/descendants.js';

/** Between the name of a file and that of the process that is writing it: ID, start, and a random part. */
const unfinished = /(?:^|\.)(?:tmp-)?(\d+)-(\d+)-[0-9a-f]{12}(?:-|$)/;
/** What versions wrote that named temporary files by process ID and time. */
const unfinishedBefore = /^(\d+)-1\d{12}-/;

/**
 * A folder of ours that may have come with somebody else's: a repository can ship it, with links in it that lead anywhere.
 * Nothing is made, replaced, or removed through a link, and names are single names, never paths.
 */
export class OwnFolder {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** @throws Error for anything but names of files in the folder */
  path(...names: readonly string[]): string {
    for (const name of names)
      if (name === '' || name === '.' || name === '..' || /[/\0]/.test(name))
        throw new Error(`${JSON.stringify(name)} can't be the name of a file`);
    return path.join(this.root, ...names);
  }

  /** Makes the folder, or one in it. @throws LabError `write-failed` for a link; errors of the file system */
  async make(...names: readonly string[]): Promise<string> {
    await this.refuseLinks(names);
    const around = path.dirname(this.root);
    if (!(await exists(around))) await mkdir(around, { recursive: true });
    // One by one: a recursive mkdir says of a read-only disk that the folder doesn't exist.
    for (let i = 0; i <= names.length; i++)
      await mkdir(this.path(...names.slice(0, i))).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    // Made by somebody else meanwhile.
    await this.refuseLinks(names);
    return this.path(...names);
  }

  /** Writes a file as a whole or not at all. @throws as `make` */
  async write(data: string | Buffer, ...names: readonly string[]): Promise<void> {
    await this.refuseLinks(names);
    const target = this.path(...names);
    const partial = `${target}.${processMark()}`;
    const handle = await open(partial, 'wx');
    try {
      await handle.writeFile(data);
      await handle.sync();
      await handle.close();
      await rename(partial, target);
    } catch (error) {
      await handle.close().catch(() => undefined);
      await rm(partial, { force: true });
      throw error;
    }
  }

  /** Writes a file that isn't there yet; one that is belongs to the user. @throws as `make` */
  async writeNew(data: string, ...names: readonly string[]): Promise<void> {
    await this.refuseLinks(names.slice(0, -1));
    const handle = await open(this.path(...names), 'wx').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw error;
    });
    await handle?.writeFile(data);
    await handle?.close();
  }

  /** Adds to a file, which has it when this resolves. @throws as `make` */
  async append(data: string, ...names: readonly string[]): Promise<void> {
    await this.refuseLinks(names);
    const handle = await open(
      this.path(...names),
      constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT,
    );
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  /** Cuts a file to a length in bytes. @throws as `make` */
  async cut(length: number, ...names: readonly string[]): Promise<void> {
    await this.refuseLinks(names);
    await truncate(this.path(...names), length);
  }

  /** Removes a file or folder; of a link, the link. @throws as `make`, for links on the way to it */
  async remove(...names: readonly string[]): Promise<void> {
    await this.refuseLinks(names.slice(0, -1));
    await rm(this.path(...names), { recursive: true, force: true });
  }

  /** Moves a file or folder, whose time becomes now. @throws as `make` */
  async move(from: readonly string[], to: readonly string[]): Promise<void> {
    await this.refuseLinks(from);
    await this.refuseLinks(to);
    await rename(this.path(...from), this.path(...to));
    await utimes(this.path(...to), new Date(), new Date());
  }

  /** A name for a temporary file of this process. */
  temporary(name: string): string {
    return this.path(`tmp-${processMark()}-${name}`);
  }

  /** A name for a file that tells, for as long as it is there, that this process is writing in its folder. */
  get mark(): string {
    return `writing.${processMark()}`;
  }

  /** Whether a process ended while it was writing in a folder. */
  async isAbandoned(...folder: readonly string[]): Promise<boolean> {
    await this.refuseLinks(folder);
    return (await entries(this.path(...folder))).some(isLeftover);
  }

  /** Removes what processes left that ended before they were done, here and in the folders of a folder. */
  async removeLeftovers(...folders: readonly string[]): Promise<void> {
    await this.refuseLinks(folders);
    const inside = (await entries(this.path(...folders))).map((name) => [...folders, name]);
    for (const names of [[], ...inside]) {
      if ((await lstat(this.path(...names)).catch(() => undefined))?.isDirectory() !== true) continue;
      for (const name of await entries(this.path(...names)))
        if (isLeftover(name)) await this.remove(...names, name);
    }
  }

  private async refuseLinks(names: readonly string[]): Promise<void> {
    for (let i = 0; i <= names.length; i++) {
      const file = this.path(...names.slice(0, i));
      const status = await lstat(file).catch(() => undefined);
      if (!status) return;
      if (!status.isSymbolicLink()) continue;
      throw new LabError('write-failed', `${file} is a symbolic link, so nothing is written there.`, {
        detail: 'A link may have come with a cloned repository, and it may lead to any of your files.',
        remedy: { text: 'Remove the link, then try again.' },
      });
    }
  }
}

function processMark(): string {
  return `${process.pid}-${startTime(process.pid) ?? '0'}-${randomBytes(6).toString('hex')}`;
}

function isLeftover(name: string): boolean {
  const [, pid, start] = unfinished.exec(name) ?? [];
  if (pid !== undefined) return startTime(Number(pid)) !== start;
  const before = unfinishedBefore.exec(name)?.[1];
  return before !== undefined && startTime(Number(before)) === undefined;
}

function entries(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
