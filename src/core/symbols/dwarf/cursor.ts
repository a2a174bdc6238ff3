/** Reads the primitive types of DWARF, little-endian. Reading beyond the end throws a RangeError. */
export class DwarfCursor {
  at: number;
  private readonly data: Buffer;

  constructor(data: Buffer, at = 0) {
    this.data = data;
    this.at = at;
  }

  get atEnd(): boolean {
    return this.at >= this.data.length;
  }

  /** The ID of a unit that is split in two: 8 bytes, in hexadecimal. */
  id(): string {
    this.at += 8;
    return this.data
      .readBigUInt64LE(this.at - 8)
      .toString(16)
      .padStart(16, '0');
  }

  /** @param size 1, 2, 3, 4, or 8 bytes; beyond 2^53, 8 bytes are inexact */
  number(size: number): number {
    const { at } = this;
    this.at += size;
    if (size === 8) return Number(this.data.readBigUInt64LE(at));
    return this.data.readUIntLE(at, size);
  }

  skip(size: number): void {
    this.at += size;
  }

  unsigned(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.data[this.at++];
      if (byte === undefined) throw new RangeError('the data ends early');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  /** Skips a LEB128 number of either sign. */
  skipLeb(): void {
    for (;;) {
      const byte = this.data[this.at++];
      if (byte === undefined) throw new RangeError('the data ends early');
      if (byte < 128) return;
    }
  }

  text(): string {
    const end = this.data.indexOf(0, this.at);
    if (end < 0) throw new RangeError('the data ends early');
    const text = this.data.toString('utf8', this.at, end);
    this.at = end + 1;
    return text;
  }

  skipText(): void {
    const end = this.data.indexOf(0, this.at);
    if (end < 0) throw new RangeError('the data ends early');
    this.at = end + 1;
  }
}
