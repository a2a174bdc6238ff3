import { open } from 'node:fs/promises';

interface Segment {
  readonly fileOffset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Translates byte offsets of an ELF file into the addresses that its symbols and debug information use. The two
 * differ wherever the linker did not place a segment at its file offset (common with lld, and in every
 * executable that is not position-independent).
 */
export class ElfAddresses {
  private readonly segments: readonly Segment[];

  private constructor(segments: readonly Segment[]) {
    this.segments = segments;
  }

  /** Reads the program headers of a 64-bit little-endian file; undefined when it is not one or not readable. */
  static async read(file: string): Promise<ElfAddresses | undefined> {
    let handle;
    try {
      handle = await open(file, 'r');
      const header = Buffer.alloc(64);
      const { bytesRead } = await handle.read(header, 0, 64, 0);
      const isElf64 = bytesRead === 64 && header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2 && header[5] === 1;
      if (!isElf64) return undefined;
      // Elf64_Ehdr: e_phoff at 32, e_phentsize at 54, e_phnum at 56 (System V ABI, "ELF Header").
      const offset = Number(header.readBigUInt64LE(32));
      const entrySize = header.readUInt16LE(54);
      const count = header.readUInt16LE(56);
      if (entrySize < 56) return undefined;
      const table = Buffer.alloc(entrySize * count);
      if ((await handle.read(table, 0, table.length, offset)).bytesRead !== table.length) return undefined;
      const segments: Segment[] = [];
      for (let at = 0; at < table.length; at += entrySize) {
        // Elf64_Phdr: p_type at 0 (PT_LOAD is 1), p_offset at 8, p_vaddr at 16, p_filesz at 32.
        if (table.readUInt32LE(at) !== 1) continue;
        segments.push({
          fileOffset: Number(table.readBigUInt64LE(at + 8)),
          address: Number(table.readBigUInt64LE(at + 16)),
          size: Number(table.readBigUInt64LE(at + 32)),
        });
      }
      return new ElfAddresses(segments);
    } catch {
      return undefined;
    } finally {
      await handle?.close();
    }
  }

  /** The address of a byte of the file; undefined for a byte that is not loaded into memory. */
  fromFileOffset(offset: number): number | undefined {
    const segment = this.segments.find((s) => offset >= s.fileOffset && offset < s.fileOffset + s.size);
    return segment && offset - segment.fileOffset + segment.address;
  }
}
