/**
 * The names of tracepoints by their ids, from the description of tracepoints that a recording carries (perf's
 * trace-event-info.c, the format of trace-cmd.dat(5)): "\27\10\104tracing", version, byte order, size of a long, size
 * of a page, two headers, formats of ftrace, and then for each system its name and the formats of its tracepoints.
 * Reads as far as there are bytes and what they say makes sense: what is missing leaves tracepoints without names.
 */
export function tracepointNames(bytes: Buffer): Map<number, string> {
  const names = new Map<number, string>();
  if (bytes.toString('latin1', 0, magic.length) !== magic) return names;
  const reader = new Reader(bytes, magic.length);
  reader.text();
  reader.big = reader.byte() === 1;
  reader.skip(5);
  for (let header = 0; header < 2; header++) {
    reader.text();
    reader.skip(reader.u64());
  }
  for (let left = reader.u32(); left > 0 && reader.more; left--) reader.skip(reader.u64());
  for (let systems = reader.u32(); systems > 0 && reader.more; systems--) {
    const system = reader.text();
    for (let left = reader.u32(); left > 0 && reader.more; left--) {
      const format = reader.take(reader.u64());
      const name = /^name: (.+)$/m.exec(format)?.[1];
      const id = /^ID: (\d+)$/m.exec(format)?.[1];
      if (name !== undefined && id !== undefined) names.set(Number(id), `${system}:${name}`);
    }
  }
  return names;
}

const magic = '\x17\x08\x44tracing';

/** Reading beyond the end gives zeros and ends everything. */
class Reader {
  big = false;
  private at: number;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  get more(): boolean {
    return this.at < this.bytes.length;
  }

  byte(): number {
    return this.has(1) ? this.bytes.readUInt8(this.at++) : 0;
  }

  u32(): number {
    if (!this.has(4)) return 0;
    const value = this.big ? this.bytes.readUInt32BE(this.at) : this.bytes.readUInt32LE(this.at);
    this.at += 4;
    return value;
  }

  u64(): number {
    const [first, second] = [this.u32(), this.u32()];
    return this.big ? first * 2 ** 32 + second : second * 2 ** 32 + first;
  }

  skip(bytes: number): void {
    if (this.has(bytes)) this.at += bytes;
  }

  take(bytes: number): string {
    const start = this.at;
    this.skip(bytes);
    return this.bytes.toString('latin1', start, this.at);
  }

  /** Up to a NUL. */
  text(): string {
    const end = this.bytes.indexOf(0, this.at);
    if (end === -1) this.at = this.bytes.length;
    return end === -1 ? '' : this.take(end + 1 - this.at).slice(0, -1);
  }

  private has(bytes: number): boolean {
    if (bytes <= this.bytes.length - this.at) return true;
    this.at = this.bytes.length;
    return false;
  }
}
