import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, gunzipSync } from 'node:zlib';
import { bytes as formatBytes } from '../../text/numbers.js';
import { LabError } from '../labError.js';
import { shellWord } from '../../text/shellWord.js';
import { HEAD_BYTES, isGzip } from './detect.js';

export interface Head {
  /** The first bytes of the content, unpacked. */
  readonly bytes: Buffer;
  /** Whether the file is gzipped. */
  readonly packed: boolean;
  readonly folder: boolean;
}

/** Reads what format detection needs. @throws errors of the file system and of zlib */
export async function readHead(file: string): Promise<Head> {
  if ((await stat(file)).isDirectory()) return { bytes: Buffer.alloc(0), packed: false, folder: true };
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (!isGzip(bytes)) return { bytes, packed: false, folder: false };
    // The piece may end anywhere in the stream. Deflate expands a byte to a thousand at most.
    const unpacked = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    return { bytes: unpacked.subarray(0, HEAD_BYTES), packed: true, folder: false };
  } finally {
    await handle.close();
  }
}

/** Limit of a recording that is unpacked to disk, for random access. */
const MAX_UNPACKED = 8 * 2 ** 30;

/**
 * Unpacks a gzipped file to a temporary file for the duration of `use`.
 * @throws LabError `profile-too-large` for more than 8 GiB; errors of the file system and of zlib
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
  return new LabError('profile-too-large', `${file} is too large to unpack.`, {
    detail: `Unpacked to the temporary folder, it is larger than ${formatBytes(MAX_UNPACKED)}.`,
    remedy: {
      text: 'Unpack it yourself, then import the recording.',
      command: `gunzip --keep ${shellWord(file)}`,
    },
  });
}
