import { Readable } from 'node:stream';
import { HEAD_BYTES, isGzip } from './detect.js';
import { gunzip } from './gunzip.js';

/** The bytes that the format is detected from. */
export interface Head {
  /** The first bytes of the content, unpacked, and with newlines. */
  readonly bytes: Buffer;
  /** Whether the content is gzipped; then `bytes` are unpacked. */
  readonly packed: boolean;
  /** Whether its lines end with carriage returns alone, as old tools write them; then `bytes` have newlines instead. */
  readonly returns: boolean;
  readonly folder: boolean;
}

/** @param bytes the first ones of a file. @throws errors with codes of zlib */
export async function headOf(bytes: Buffer): Promise<Head> {
  if (!isGzip(bytes)) return textOf(bytes, false);
  const unpacked: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of gunzip(Readable.from([bytes]))) {
      size += unpacked.push(piece) && piece.length;
      if (size >= HEAD_BYTES) break;
    }
  } catch (error) {
    // The first bytes of a file end anywhere. What else is wrong is said by who reads all of it.
    if (size === 0) throw error;
  }
  return textOf(Buffer.concat(unpacked).subarray(0, HEAD_BYTES), true);
}

const [NUL, NEWLINE, RETURN] = [0, 10, 13] as const;

function textOf(bytes: Buffer, packed: boolean): Head {
  // Binary files have all of these.
  const returns = bytes.includes(RETURN) && !bytes.includes(NEWLINE) && !bytes.includes(NUL);
  return { bytes: returns ? newlines(bytes) : bytes, packed, returns, folder: false };
}

function newlines(bytes: Buffer): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === RETURN ? NEWLINE : byte)));
}

/** The pieces with a newline for each carriage return. */
export async function* withNewlines(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield newlines(piece);
}
