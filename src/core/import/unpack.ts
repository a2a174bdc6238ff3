import { constants, gunzipSync } from 'node:zlib';
import { HEAD_BYTES, isGzip } from './detect.js';

/** The bytes that the format is detected from. */
export interface Head {
  /** The first bytes of the content, unpacked. */
  readonly bytes: Buffer;
  /** Whether the content is gzipped; then `bytes` are unpacked. */
  readonly packed: boolean;
  readonly folder: boolean;
}

/** @param bytes the first ones of a file. @throws errors of zlib */
export function headOf(bytes: Buffer): Head {
  if (!isGzip(bytes)) return { bytes, packed: false, folder: false };
  // The piece ends anywhere in the stream; deflate makes a thousand bytes of one at most.
  const unpacked = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
  return { bytes: unpacked.subarray(0, HEAD_BYTES), packed: true, folder: false };
}
