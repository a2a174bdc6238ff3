import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { LabError } from '../labError.js';
import { HEAD_BYTES, isGzip } from './detect.js';

export interface Head {
  /** The first bytes of the content. */
  readonly bytes: Buffer;
  /** Whether the file is gzipped; then `bytes` are unpacked. */
  readonly packed: boolean;
  readonly folder: boolean;
}

/** What is looked at to tell the format. @throws errors of the file system and of zlib */
export async function readHead(file: string): Promise<Head> {
  if ((await stat(file)).isDirectory()) return { bytes: Buffer.alloc(0), packed: false, folder: true };
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (!isGzip(bytes)) return { bytes, packed: false, folder: false };
    // The piece ends anywhere in the stream; deflate makes a thousand bytes of one at most.
    const unpacked = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    return { bytes: unpacked.subarray(0, HEAD_BYTES), packed: true, folder: false };
  } finally {
    await handle.close();
  }
}

/** A recording is read at any offset, so it is unpacked to the disk: this is where that ends. */
const MAX_UNPACKED = 8 * 2 ** 30;

/**
 * Unpacks a gzipped file to a temporary one for as long as `use` takes.
 * @throws LabError `profile-corrupt` for more than 8 GiB; errors of the file system and of zlib
 */
export async function withUnpacked<T>(
  file: string,
  signal: AbortSignal | undefined,
  use: (unpacked: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-'));
  try {
    const unpacked = path.join(folder, 'perf.data');
    let size = 0;
    const limit = new Transform({
      transform(chunk: Buffer, _, done) {
        size += chunk.length;
        done(size > MAX_UNPACKED ? tooLarge(file) : null, chunk);
      },
    });
    await pipeline(
      createReadStream(file),
      createGunzip(),
      limit,
      createWriteStream(unpacked),
      signal ? { signal } : {},
    );
    return await use(unpacked);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function tooLarge(file: string): LabError {
  return new LabError('profile-corrupt', `${file} holds more than ${MAX_UNPACKED / 2 ** 30} GiB.`, {
    detail: 'A packed recording is unpacked to the temporary folder first.',
    remedy: { text: 'Unpack it yourself, and import the recording.', command: `gunzip --keep '${file}'` },
  });
}
