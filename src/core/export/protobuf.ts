/** Writes protobuf's wire format as far as pprof needs it. Fields with value 0 are omitted, as in proto3. */
export class ProtoWriter {
  private bytes = Buffer.alloc(1024);
  private length = 0;

  /** @param value an integer, 0 to 2^53 */
  number(field: number, value: number): this {
    if (value === 0) return this;
    this.varint(field * 8);
    this.varint(value);
    return this;
  }

  /** Packs numbers into one field. */
  numbers(field: number, values: readonly number[]): this {
    const packed = new ProtoWriter();
    for (const value of values) packed.varint(value);
    return this.data(field, packed.finish());
  }

  text(field: number, value: string): this {
    return this.data(field, Buffer.from(value, 'utf8'));
  }

  message(field: number, message: ProtoWriter): this {
    return this.data(field, message.finish());
  }

  finish(): Buffer {
    return this.bytes.subarray(0, this.length);
  }

  private data(field: number, data: Buffer): this {
    this.varint(field * 8 + 2);
    this.varint(data.length);
    this.reserve(data.length);
    data.copy(this.bytes, this.length);
    this.length += data.length;
    return this;
  }

  private varint(value: number): void {
    this.reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.bytes[this.length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.bytes[this.length++] = rest;
  }

  private reserve(more: number): void {
    if (this.length + more <= this.bytes.length) return;
    const grown = Buffer.alloc(Math.max(this.bytes.length * 2, this.length + more));
    this.bytes.copy(grown, 0, 0, this.length);
    this.bytes = grown;
  }
}
