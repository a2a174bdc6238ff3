import { open, stat, type FileHandle } from 'node:fs/promises';
import { corrupt, unsupported } from './cursor.js';

/** Bytes at any offset: a file far larger than memory, or a buffer. */
export interface ByteSource {
  readonly size: number;
  /** Fills `into` with the bytes from `offset` on. @returns how many there were; fewer than asked at the end only */
  read(into: Buffer, offset: number): Promise<number>;
  close(): Promise<void>;
}

/** @throws errors of the file system; LabError for a folder, which `perf record --threads` makes */
export async function openFile(file: string): Promise<ByteSource> {
  if ((await stat(file)).isDirectory()) {
    throw unsupported(
      `${file} is a folder: perf record --threads wrote one file for each processor.`,
      'Record without --threads, or turn it into one file: perf inject -i FOLDER -o one.data',
    );
  }
  const handle = await open(file);
  const { size } = await handle.stat();
  return { size, read: (into, offset) => readAll(handle, into, offset), close: () => handle.close() };
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
