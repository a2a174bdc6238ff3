import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../labError.js';
import { corrupt } from './cursor.js';

/** Bytes at any offset: a file far larger than memory, or a buffer. */
export interface ByteSource {
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on. @returns how many there were; fewer than asked at the end only */
  read(into: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

export async function openFile(file: string): Promise<ByteSource> {
  const handle = await open(file);
  const { size } = await handle.stat();
  return { size, read: (into, offset) => readAll(handle, into, offset), close: () => handle.close() };
}

/** The files of one recording. */
export interface RecordingFiles {
  /** With header and events. */
  readonly main: ByteSource;
  /** Of `perf record --threads`: each has the records of some processors, and no header. */
  readonly parts: readonly ByteSource[];
  close(): Promise<void>;
}

/** In a folder that perf record made. */
const MAIN = 'data';

/**
 * Opens a recording: a file, or the folder that `perf record --threads` makes.
 * @throws errors of the file system; LabError `storage` for another folder
 */
export async function openFiles(file: string): Promise<RecordingFiles> {
  const folder = (await stat(file)).isDirectory();
  const names = folder ? await readdir(file) : [];
  if (folder && !names.includes(MAIN))
    throw new LabError('storage', `${file} is a folder, not a profile.`, {
      detail: `It has no file named ${MAIN}, as the folders have that perf record --threads makes.`,
      remedy: { text: 'Name a file in it.' },
    });
  const parts = names
    .filter((name) => /^data\.\d{1,6}$/.test(name))
    .sort((a, b) => Number(a.slice(5)) - Number(b.slice(5)));
  const opened: ByteSource[] = [];
  const close = async () => {
    for (const source of opened) await source.close();
  };
  try {
    for (const path of folder ? [MAIN, ...parts].map((name) => join(file, name)) : [file])
      opened.push(await openFile(path));
  } catch (error) {
    await close();
    throw error;
  }
  return { main: opened[0] as ByteSource, parts: opened.slice(1), close };
}

async function readAll(handle: FileHandle, into: Buffer, offset: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await handle.read(into, done, into.length - done, offset + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}

export function bufferSource(data: Buffer): ByteSource {
  return {
    size: data.length,
    read: (into, offset) => Promise.resolve(offset < data.length ? data.copy(into, 0, offset) : 0),
    close: () => Promise.resolve(),
  };
}

/**
 * A part of the file that must be there as a whole.
 * @param limit what such a part can reasonably have, since its size is only what the file says
 * @throws LabError `profile-corrupt`
 */
export async function readPart(
  source: ByteSource,
  part: { readonly offset: number; readonly size: number },
  what: string,
  limit = 64 * 2 ** 20,
): Promise<Buffer> {
  const { offset, size } = part;
  if (offset + size > source.size)
    throw corrupt(`${what} of ${size} bytes at ${offset} lies outside of the file`, source.size);
  if (size > limit) throw corrupt(`${what} has ${size} bytes`, offset);
  const bytes = Buffer.alloc(size);
  if ((await source.read(bytes, offset)) < size) throw corrupt(`${what} ends early`, offset);
  return bytes;
}
