import { crc32, createInflateRaw } from 'node:zlib';

/**
 * Unpacks gzip data (RFC 1952), one member after another. Node's own unpacker stops at zeros, whatever follows them, and
 * discards what it has unpacked where bytes follow that are no member: here, zeros between members are passed over, and
 * the bytes at the end that aren't gzip data are counted.
 */

/** What is given to the unpacker at once: deflate makes at most a thousand bytes of one, which are then in memory. */
const PIECE = 2 ** 16;
const flags = { headerChecksum: 2, extra: 4, name: 8, comment: 16 } as const;

/** Bytes of a stream, as many at a time as are asked for. */
class Bytes {
  private readonly source: AsyncIterator<Buffer>;
  private held: Buffer = Buffer.alloc(0);

  constructor(content: AsyncIterable<Buffer>) {
    this.source = content[Symbol.asyncIterator]();
  }

  /** @returns what comes next, not empty; undefined at the end */
  async some(): Promise<Buffer | undefined> {
    while (this.held.length === 0) {
      const { done, value } = await this.source.next();
      if (done) return undefined;
      this.held = value;
    }
    const piece = this.held.subarray(0, PIECE);
    this.held = this.held.subarray(piece.length);
    return piece;
  }

  giveBack(rest: Buffer): void {
    if (rest.length > 0) this.held = this.held.length > 0 ? Buffer.concat([rest, this.held]) : rest;
  }

  /** @returns fewer at the end */
  async upTo(count: number): Promise<Buffer> {
    const found: Buffer[] = [];
    let size = 0;
    while (size < count) {
      const piece = await this.some();
      if (!piece) break;
      size += found.push(piece) && piece.length;
    }
    const all = Buffer.concat(found);
    this.giveBack(all.subarray(count));
    return all.subarray(0, count);
  }

  async exactly(count: number): Promise<Buffer> {
    const found = await this.upTo(count);
    if (found.length < count) throw damaged('unexpected end of file');
    return found;
  }

  /** Ends what is read from. */
  async close(): Promise<void> {
    await this.source.return?.();
  }
}

/** As zlib reports it. */
function damaged(message: string): Error {
  return Object.assign(new Error(message), { code: 'Z_DATA_ERROR' });
}

/**
 * @param onRest gets, before the end, the number of bytes after the last member that are neither one nor zeros, if any
 * @throws errors with codes of zlib
 */
export async function* gunzip(
  content: AsyncIterable<Buffer>,
  onRest: (bytes: number) => void = () => undefined,
): AsyncGenerator<Buffer> {
  const bytes = new Bytes(content);
  try {
    do {
      await skipHeader(bytes);
      yield* member(bytes);
    } while (await isAtMember(bytes));
    let rest = 0;
    for (let piece = await bytes.some(); piece; piece = await bytes.some()) rest += piece.length;
    if (rest > 0) onRest(rest);
  } finally {
    await bytes.close();
  }
}

async function skipHeader(bytes: Bytes): Promise<void> {
  const header = await bytes.exactly(10);
  if (header[0] !== 0x1f || header[1] !== 0x8b) throw damaged('incorrect header check');
  if (header[2] !== 8) throw damaged('unknown compression method');
  const has = header[3] as number;
  if (has > 31) throw damaged('unknown header flags set');
  if (has & flags.extra) await bytes.exactly((await bytes.exactly(2)).readUInt16LE());
  if (has & flags.name) await skipText(bytes);
  if (has & flags.comment) await skipText(bytes);
  if (has & flags.headerChecksum) await bytes.exactly(2);
}

async function skipText(bytes: Bytes): Promise<void> {
  for (;;) {
    const piece = await bytes.some();
    if (!piece) throw damaged('unexpected end of file');
    const end = piece.indexOf(0);
    if (end === -1) continue;
    bytes.giveBack(piece.subarray(end + 1));
    return;
  }
}

async function* member(bytes: Bytes): AsyncGenerator<Buffer> {
  // All that is made of a piece is held until it is read.
  const options = { chunkSize: PIECE, readableHighWaterMark: Number.MAX_SAFE_INTEGER };
  const inflate = createInflateRaw(options);
  const failed = new Promise<never>((_, reject) => inflate.once('error', reject));
  failed.catch(() => undefined);
  let [checksum, size] = [0, 0];
  try {
    for (let ended = false; !ended;) {
      const piece = await bytes.some();
      if (!piece) throw damaged('unexpected end of file');
      const before = inflate.bytesWritten;
      await Promise.race([new Promise<void>((resolve) => inflate.write(piece, () => resolve())), failed]);
      const taken = inflate.bytesWritten - before;
      bytes.giveBack(piece.subarray(taken));
      const unpacked = inflate.read() as Buffer | null;
      if (unpacked) {
        checksum = crc32(unpacked, checksum);
        size += unpacked.length;
        yield unpacked;
      }
      // It takes less than it is given only where its data end.
      ended = taken < piece.length;
    }
  } finally {
    inflate.destroy();
  }
  const trailer = await bytes.exactly(8);
  if (trailer.readUInt32LE(0) !== checksum) throw damaged('incorrect data check');
  if (trailer.readUInt32LE(4) !== size % 2 ** 32) throw damaged('incorrect length check');
}

/** Passes over zeros: those with which tapes and some servers fill their last block. */
async function isAtMember(bytes: Bytes): Promise<boolean> {
  for (;;) {
    const piece = await bytes.some();
    if (!piece) return false;
    const start = piece.findIndex((byte) => byte !== 0);
    if (start === -1) continue;
    bytes.giveBack(piece.subarray(start));
    const magic = await bytes.upTo(2);
    bytes.giveBack(magic);
    return magic[0] === 0x1f && magic[1] === 0x8b;
  }
}
