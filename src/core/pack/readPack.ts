import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, type Extract } from 'tar-stream';
import type { Profile } from '../../model/profile.js';
import type { RunDocument } from '../../model/run.js';
import { canceled, LabError, messageOf } from '../labError.js';
import { unpackProfile } from '../store/profileFile.js';
import { parseRun } from '../store/runFile.js';
import { isPackedFile, profileEntry, runEntry } from './packFormat.js';
import { removeUnused, unpackedFolder, unpackedFolders } from './unpackedFolder.js';

export interface ReadPack {
  /** As it was saved where it was recorded. It came from elsewhere: nothing that it names is to be started. */
  readonly run: RunDocument;
  readonly profile: Profile;
  /** SHA-256 of the archive, by which its unpacked files are found. Undefined where they weren't wanted. */
  readonly hash: string | undefined;
}

/** One file of a tar: its header, and its content once. */
type Entry = Extract extends AsyncIterable<infer E> ? E : never;

/** Bytes of a run.json: environment and sources of the largest programs. */
const maxRunBytes = 2 ** 26;
const maxProfileBytes = 2 ** 31;
/** Bytes of all unpacked files. Protects against decompression bombs. */
const maxUnpacked = 8 * 2 ** 30;

/**
 * Reads an archive of a run, in pieces.
 * @param chunks the archive, gzipped if `gzipped`
 * @param unpack whether its files are unpacked, too (`unpackedFolder`)
 * @throws LabError `profile-corrupt`, `newer-version`, `write-failed`, `canceled`
 */
export async function readPack(
  chunks: AsyncIterable<Buffer>,
  options: { readonly name: string; readonly gzipped: boolean; readonly unpack: boolean },
  signal?: AbortSignal,
): Promise<ReadPack> {
  const { name, gzipped, unpack } = options;
  const temporary = unpack ? path.join(unpackedFolders(), `.${randomBytes(8).toString('hex')}`) : undefined;
  const hash = createHash('sha256');
  const read = new Entries(temporary);
  async function* hashed() {
    for await (const chunk of chunks) {
      hash.update(chunk);
      yield chunk;
    }
  }
  try {
    const tar = extract();
    const taking = read.take(tar);
    // An error of either ends both; that of the archive says what is wrong.
    taking.catch(() => tar.destroy());
    const source = Readable.from(hashed());
    await (gzipped ? pipeline(source, createGunzip(), tar, { signal }) : pipeline(source, tar, { signal }));
    await taking;
    const { run, profile } = await read.parsed(name);
    if (temporary === undefined) return { run, profile, hash: undefined };
    const digest = hash.digest('hex');
    await place(temporary, unpackedFolder(digest) as string);
    await removeUnused();
    return { run, profile, hash: digest };
  } catch (cause) {
    if (signal?.aborted) throw canceled();
    if (cause instanceof LabError && cause.code === 'newer-version') throw cause;
    const why = read.fault ?? (cause instanceof LabError ? cause.detail : messageOf(cause));
    if (read.unwritable) {
      throw new LabError('write-failed', `${name} couldn't be unpacked to ${unpackedFolders()}.`, {
        detail: why,
        remedy: { text: 'Check that the disk has room, or set XDG_STATE_HOME to a folder that is writable.' },
        cause,
      });
    }
    throw new LabError('profile-corrupt', `${name} can't be read.`, {
      detail: why,
      remedy: { text: 'Copy the archive again, or pack the run again: hakmem-lab pack latest' },
      cause,
    });
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}

/** Takes what is known from the entries of a tar, in their order. */
class Entries {
  unwritable = false;
  /** What is wrong, where the error that arrives is only that of a stream that ended. */
  fault: string | undefined;
  private run: Buffer | undefined;
  private profile: Buffer | undefined;
  private unpacked = 0;

  constructor(private readonly folder: string | undefined) {}

  async take(tar: AsyncIterable<Entry>): Promise<void> {
    for await (const entry of tar) {
      const { name, type, size = 0 } = entry.header;
      if (type === 'file' && name === runEntry) this.run = await whole(entry, maxRunBytes);
      else if (type === 'file' && name === profileEntry) this.profile = await whole(entry, maxProfileBytes);
      else if (type === 'file' && this.folder !== undefined && isPackedFile(name)) {
        this.unpacked += size;
        if (this.unpacked > maxUnpacked) throw new Error((this.fault = 'Its files are implausibly large.'));
        await this.write(entry, path.join(this.folder, name));
      } else entry.resume();
    }
  }

  async parsed(name: string): Promise<{ run: RunDocument; profile: Profile }> {
    if (!this.run || !this.profile) throw new Error('It has no profile: it may have been cut.');
    const text = this.run.toString('utf8');
    const id = (JSON.parse(text) as { id?: unknown } | null)?.id;
    return { run: parseRun(text, name, String(id)), profile: await unpackProfile(this.profile, name) };
  }

  private async write(entry: Entry, file: string): Promise<void> {
    try {
      await mkdir(path.dirname(file), { recursive: true });
      // Nobody is to edit a copy by mistake.
      await pipeline(entry, createWriteStream(file, { flags: 'wx', mode: 0o444 }));
    } catch (error) {
      const { code, syscall } = error as NodeJS.ErrnoException;
      // A name that comes twice is a fault of the archive.
      if (code === 'EEXIST') this.fault = `It has ${entry.header.name} twice.`;
      else if (syscall !== undefined) {
        this.unwritable = true;
        this.fault = messageOf(error);
      }
      throw error;
    }
  }
}

async function whole(entry: Entry, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of entry as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > limit) throw new Error(`${entry.header.name} is implausibly large.`);
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

/** The same archive may have been unpacked before, or by another window meanwhile. */
async function place(temporary: string, folder: string): Promise<void> {
  // An archive without files is known by its folder, too.
  await mkdir(temporary, { recursive: true });
  await rename(temporary, folder).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}
