import { readdir, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { openRegular } from '../files.js';
import { LabError } from '../labError.js';
import { corrupt } from './cursor.js';

/** Random access to bytes: of a file, which may be larger than memory, or of a buffer. */
export interface ByteSource {
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on. @returns how many were read; fewer than requested at the end only */
  read(into: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

export async function openFile(file: string): Promise<ByteSource> {
  const handle = await openRegular(file);
  const { size } = await handle.stat();
  return { size, read: (into, offset) => readAll(handle, into, offset), close: () => handle.close() };
}

/** The files of one recording. */
interface RecordingFiles {
  /** Of the main file. */
  readonly path: string;
  /** Has the header and the events. */
  readonly main: ByteSource;
  /** Written by `perf record --threads`: each has the records of some processors, and no header. */
  readonly parts: readonly ByteSource[];
  close(): Promise<void>;
}

/** The name of the main file in a folder that perf wrote. */
const MAIN = 'data';

/**
 * Opens a recording: a file, or the folder that `perf record --threads` writes.
 * @throws errors of the file system; LabError `format-unsupported` for any other folder
 */
export async function openFiles(file: string): Promise<RecordingFiles> {
  const folder = (await stat(file)).isDirectory();
  const names = folder ? await readdir(file) : [];
  if (folder && !names.includes(MAIN))
    throw new LabError('format-unsupported', `${file} is a folder, not a profile.`, {
      detail: `It wasn't written by perf record --threads: it contains no file named ${MAIN}.`,
      remedy: { text: 'Choose a file in it.' },
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
  return {
    path: folder ? join(file, MAIN) : file,
    main: opened[0] as ByteSource,
    parts: opened.slice(1),
    close,
  };
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
 * Reads a part of the file as a whole.
 * @param limit a reasonable size for such a part: the size that the file states can't be trusted
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
    throw corrupt(
      `${what}, ${size} bytes at offset ${offset}, extends beyond the end of the file`,
      source.size,
    );
  if (size > limit) throw corrupt(`${what} has an implausible size of ${size} bytes`, offset);
  const bytes = Buffer.alloc(size);
  if ((await source.read(bytes, offset)) < size) throw corrupt(`${what} is truncated`, offset);
  return bytes;
}
