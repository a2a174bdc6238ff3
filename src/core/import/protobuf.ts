import { malformed } from './importer.js';

/** A value takes some hundred bytes at most: this many, some megabytes. */
const VALUES_BETWEEN_CHECKS = 2 ** 14;

/** A number up to 2^53, or a bigint above: IDs may be 64-bit hashes, which must not be rounded. */
export type Varint = number | bigint;

/**
 * Reads protobuf's wire format (protobuf.dev/programming-guides/encoding) as far as pprof needs it: varints and
 * length-delimited fields don't justify a package. Reading past the end is an error with the byte offset.
 */
export class ProtoReader {
  private readonly bytes: Buffer;
  private at: number;
  private readonly end: number;
  private readonly format: string;
  private readonly check: () => void;

  /** @param check is called each time that many values were read, and may throw */
  constructor(bytes: Buffer, format: string, check: () => void, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.format = format;
    this.check = check;
    this.at = at;
    this.end = end;
  }

  /** Calls back for each field with its number; the callback may ignore the value. */
  fields(onField: (field: number, value: ProtoValue) => void): void {
    for (let read = 1; this.at < this.end; read++) {
      if (read % VALUES_BETWEEN_CHECKS === 0) this.check();
      const start = this.at;
      const tag = Number(this.varint());
      const [field, wire] = [Math.floor(tag / 8), tag % 8];
      if (wire === 0) onField(field, { number: this.varint(), message: undefined });
      else if (wire === 2) {
        const length = Number(this.varint());
        const from = this.at;
        this.skip(length);
        onField(field, {
          number: undefined,
          message: new ProtoReader(this.bytes, this.format, this.check, from, this.at),
        });
      } else if (wire === 1) this.skip(8);
      else if (wire === 5) this.skip(4);
      else throw this.error(`a field has the unknown wire type ${wire}`, start);
    }
  }

  /** The rest, as packed varints. */
  varints(): Varint[] {
    const values: Varint[] = [];
    while (this.at < this.end) {
      if (values.push(this.varint()) % VALUES_BETWEEN_CHECKS === 0) this.check();
    }
    return values;
  }

  text(): string {
    return this.bytes.toString('utf8', this.at, this.end);
  }

  error(what: string, at = this.at): Error {
    return malformed(this.format, what, `byte ${at}`);
  }

  private varint(): Varint {
    let value = 0;
    let factor = 1;
    for (let i = 0; i < 7; i++) {
      const byte = this.byte();
      value += (byte & 127) * factor;
      if (byte < 128) return value;
      factor *= 128;
    }
    // Beyond 49 bits: exact arithmetic for the rest, at most ten bytes.
    let big = BigInt(value);
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      big |= BigInt(byte & 127) << shift;
      if (byte < 128) {
        const wrapped = BigInt.asUintN(64, big);
        return wrapped <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(wrapped) : wrapped;
      }
    }
    throw this.error('a number has more than ten bytes');
  }

  private byte(): number {
    if (this.at >= this.end) throw this.error('the file ends in the middle of a field');
    return this.bytes[this.at++] as number;
  }

  private skip(length: number): void {
    if (length > this.end - this.at) throw this.error('a field extends beyond the end of the file');
    this.at += length;
  }
}

/** Exactly one of the two is defined. */
export interface ProtoValue {
  readonly number: Varint | undefined;
  readonly message: ProtoReader | undefined;
}
