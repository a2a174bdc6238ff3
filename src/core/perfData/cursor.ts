import { capitalized } from '../../text/capitalized.js';
import { LabError } from '../labError.js';

export function corrupt(what: string, offset: number): LabError {
  return new LabError('profile-corrupt', 'The perf.data file is damaged.', {
    detail: `${capitalized(what)} (at byte ${offset}).`,
    remedy: { text: 'Record again. If the file was copied, check that the copy is complete.' },
  });
}

/** A valid file of an unsupported kind. */
export function unsupported(what: string, remedy: string): LabError {
  return new LabError('format-unsupported', "This kind of perf.data file isn't supported.", {
    detail: what,
    remedy: { text: remedy },
  });
}

/**
 * Bounded little-endian reading: reading past `end` throws `profile-corrupt` with the offset in the file. 64-bit values
 * are read as numbers, exact up to 2^53: user addresses have 47 bits.
 */
export class Cursor {
  offset: number;
  readonly end: number;
  private readonly data: Buffer;
  private readonly base: number;

  /** @param base where in the file `data` starts */
  constructor(data: Buffer, offset: number, end: number, base = 0) {
    this.data = data;
    this.offset = offset;
    this.end = Math.min(end, data.length);
    this.base = base;
    if (offset < 0 || offset > this.end)
      throw corrupt('a section extends beyond the end of the file', base + offset);
  }

  u8(): number {
    return this.data.readUInt8(this.take(1));
  }

  u16(): number {
    return this.data.readUInt16LE(this.take(2));
  }

  u32(): number {
    return this.data.readUInt32LE(this.take(4));
  }

  u64(): number {
    const at = this.take(8);
    return this.data.readUInt32LE(at) + this.data.readUInt32LE(at + 4) * 2 ** 32;
  }

  /** An address: the upper half of the address space becomes negative, which keeps it exact. */
  address(): number {
    const at = this.take(8);
    return this.data.readUInt32LE(at) + this.data.readInt32LE(at + 4) * 2 ** 32;
  }

  skip(bytes: number): void {
    this.take(bytes);
  }

  /** A string of at most `bytes` bytes, up to the first NUL. */
  text(bytes: number): string {
    const at = this.take(bytes);
    const nul = this.data.subarray(at, at + bytes).indexOf(0);
    return this.data.toString('utf8', at, nul === -1 ? at + bytes : at + nul);
  }

  hex(bytes: number): string {
    const at = this.take(bytes);
    return this.data.toString('hex', at, at + bytes);
  }

  /** Another reader of the same bytes. */
  within(offset: number, end: number): Cursor {
    return new Cursor(this.data, offset, end, this.base);
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  /** The current offset in the file. */
  get position(): number {
    return this.base + this.offset;
  }

  private take(bytes: number): number {
    const at = this.offset;
    if (bytes < 0 || at + bytes > this.end) {
      throw corrupt('a record is too short for its content', this.base + at);
    }
    this.offset = at + bytes;
    return at;
  }
}
