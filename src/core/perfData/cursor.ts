import { LabError } from '../labError.js';

export function corrupt(what: string, offset: number): LabError {
  return new LabError('profile-corrupt', 'The perf.data file cannot be read.', {
    detail: `${what} (at byte ${offset}).`,
    remedy: { text: 'Record again. If the recording was interrupted, its end is missing.' },
  });
}

/**
 * Little-endian reading with a bound: reading past `end` throws `profile-corrupt` and names the offset.
 * 64-bit values are read as numbers, exact up to 2^53: user addresses have 47 bits.
 */
export class Cursor {
  offset: number;
  readonly end: number;
  private readonly data: Buffer;

  constructor(data: Buffer, offset: number, end: number) {
    this.data = data;
    this.offset = offset;
    this.end = Math.min(end, data.length);
    if (offset < 0 || offset > this.end) throw corrupt('a section lies outside of the file', offset);
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

  skip(bytes: number): void {
    this.take(bytes);
  }

  /** A string of `bytes` bytes at most, ended by a NUL before if there is one. */
  text(bytes: number): string {
    const at = this.take(bytes);
    const nul = this.data.indexOf(0, at);
    return this.data.toString('utf8', at, nul === -1 || nul > at + bytes ? at + bytes : nul);
  }

  hex(bytes: number): string {
    const at = this.take(bytes);
    return this.data.toString('hex', at, at + bytes);
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  private take(bytes: number): number {
    const at = this.offset;
    if (bytes < 0 || at + bytes > this.end) throw corrupt('a record ends before its content does', at);
    this.offset = at + bytes;
    return at;
  }
}
