import { Decompress } from 'fzstd';
import { corrupt } from './cursor.js';

/** perf compresses with windows of 8 MiB at most unless asked for its highest levels, which take 128 MiB. */
const maxWindow = 128 * 2 ** 20;
/** A block of the format has 128 KiB at most (RFC 8878, "Block_Maximum_Size"). */
const maxBlock = 128 * 1024;
/** What one record of at most 64 KiB may expand to: perf compresses at most one ring buffer into it. */
const maxExpansion = 2 ** 29;

/**
 * The zstd stream that goes through all compressed records of a recording. Pieces come out block by block; what a
 * frame claims to need is checked before the decompressor sees it.
 */
export class ZstdStream {
  private readonly decompress: Decompress;
  private readonly guard = new FrameGuard();
  private produced = 0;

  constructor(use: (bytes: Uint8Array) => void) {
    this.decompress = new Decompress((bytes) => {
      this.produced += bytes.length;
      if (this.produced > maxExpansion) throw new RangeError('a record expands to more than 512 MiB');
      use(bytes);
    });
  }

  /**
   * @param bytes kept by the decompressor: they must not change afterwards
   * @throws LabError `profile-corrupt`, and whatever `use` throws
   */
  push(bytes: Uint8Array, position: number): void {
    this.produced = 0;
    this.guard.check(bytes, position);
    try {
      this.decompress.push(bytes);
    } catch (error) {
      if (error instanceof Error && error.name === 'LabError') throw error;
      throw corrupt(`compressed records are damaged: ${(error as Error).message}`, position);
    }
  }
}

/** Follows frames and blocks of the format (RFC 8878, sections 3.1.1 and 3.1.2) without decoding them. */
class FrameGuard {
  private state: 'frame' | 'block' | 'skip' = 'frame';
  private readonly head: number[] = [];
  private skip = 0;
  private checksum = 0;
  private last = false;

  check(bytes: Uint8Array, position: number): void {
    for (let i = 0; i < bytes.length;) {
      if (this.state === 'skip') {
        const step = Math.min(this.skip, bytes.length - i);
        i += step;
        this.skip -= step;
        if (this.skip === 0) this.state = this.last ? 'frame' : 'block';
        continue;
      }
      this.head.push(bytes[i++] as number);
      if (this.state === 'frame') this.frame(position);
      else this.block(position);
    }
  }

  private frame(position: number): void {
    const { head } = this;
    if (head.length < 5) return;
    const magic = (head[0] as number) | ((head[1] as number) << 8) | ((head[2] as number) << 16);
    if (magic !== 0x2fb528 || head[3] !== 0xfd)
      throw corrupt("compressed records aren't a zstd stream", position);
    const flags = head[4] as number;
    const single = (flags & 32) !== 0;
    const content = [single ? 1 : 0, 2, 4, 8][flags >> 6] as number;
    const dictionary = [0, 1, 2, 4][flags & 3] as number;
    const size = 5 + (single ? 0 : 1) + dictionary + content;
    if (head.length < size) return;
    let window = 0;
    if (single) {
      for (let i = 0; i < content; i++) window += (head[size - content + i] as number) * 256 ** i;
    } else {
      const descriptor = head[5] as number;
      window = 2 ** (10 + (descriptor >> 3)) * (1 + (descriptor & 7) / 8);
    }
    if (window > maxWindow) throw corrupt(`compressed records require a window of ${window} bytes`, position);
    this.checksum = flags & 4 ? 4 : 0;
    head.length = 0;
    this.state = 'block';
  }

  private block(position: number): void {
    const { head } = this;
    if (head.length < 3) return;
    const word = (head[0] as number) | ((head[1] as number) << 8) | ((head[2] as number) << 16);
    const size = word >> 3;
    if (size > maxBlock) throw corrupt(`a compressed block has an invalid size of ${size} bytes`, position);
    this.last = (word & 1) !== 0;
    // A run-length block has one byte, whatever its size.
    this.skip = (((word >> 1) & 3) === 1 ? 1 : size) + (this.last ? this.checksum : 0);
    head.length = 0;
    this.state = this.skip > 0 ? 'skip' : this.last ? 'frame' : 'block';
  }
}
