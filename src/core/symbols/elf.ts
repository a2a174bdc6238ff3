import { open, type FileHandle } from 'node:fs/promises';

interface Range {
  readonly fileOffset: number;
  readonly address: number;
  readonly size: number;
}

/**
 * The layout of an ELF file: which addresses, as its symbols and debug information use them, its bytes have. The
 * two differ wherever the linker did not place a segment at its file offset (common with lld, and in every
 * executable that is not position-independent).
 */
export class ElfLayout {
  private readonly segments: readonly Range[];
  /** Procedure linkage tables: jumps to other modules, which have no symbols of their own. */
  private readonly linkage: readonly Range[];

  private constructor(segments: readonly Range[], linkage: readonly Range[]) {
    this.segments = segments;
    this.linkage = linkage;
  }

  /** Reads the headers of a 64-bit little-endian file; undefined when it is not one or not readable. */
  static async read(file: string): Promise<ElfLayout | undefined> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, 'r');
      const header = await readExactly(handle, 0, 64);
      const isElf64 = header.readUInt32BE(0) === 0x7f454c46 && header[4] === 2 && header[5] === 1;
      return isElf64
        ? new ElfLayout(await segments(handle, header), await linkageTables(handle, header))
        : undefined;
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

  isLinkageTable(address: number): boolean {
    return this.linkage.some((s) => address >= s.address && address < s.address + s.size);
  }
}

/** Elf64_Ehdr: e_phoff at 32, e_phentsize at 54, e_phnum at 56 (System V ABI, "ELF Header", "Program Header"). */
async function segments(handle: FileHandle, header: Buffer): Promise<Range[]> {
  const loadable = 1;
  const entries = await readTable(handle, header, { offset: 32, size: 54, count: 56 });
  return entries
    .filter((entry) => entry.readUInt32LE(0) === loadable)
    .map((entry) => ({
      fileOffset: number64(entry, 8),
      address: number64(entry, 16),
      size: number64(entry, 32),
    }));
}

/** Elf64_Ehdr: e_shoff at 40, e_shentsize at 58, e_shnum at 60, e_shstrndx at 62 ("Section Header"). */
async function linkageTables(handle: FileHandle, header: Buffer): Promise<Range[]> {
  const entries = await readTable(handle, header, { offset: 40, size: 58, count: 60 });
  const names = entries[header.readUInt16LE(62)];
  if (!names) return [];
  const text = await readExactly(handle, number64(names, 24), Math.min(number64(names, 32), 2 ** 20));
  return entries
    .filter((entry) => {
      const at = entry.readUInt32LE(0);
      return /^\.plt/.test(text.toString('latin1', at, at + 5));
    })
    .map((entry) => ({
      fileOffset: number64(entry, 24),
      address: number64(entry, 16),
      size: number64(entry, 32),
    }));
}

async function readTable(
  handle: FileHandle,
  header: Buffer,
  at: { offset: number; size: number; count: number },
): Promise<Buffer[]> {
  const size = header.readUInt16LE(at.size);
  const count = header.readUInt16LE(at.count);
  if (size < 56 || count === 0) return [];
  const table = await readExactly(handle, number64(header, at.offset), size * count);
  return Array.from({ length: count }, (_, i) => table.subarray(i * size, (i + 1) * size));
}

async function readExactly(handle: FileHandle, offset: number, size: number): Promise<Buffer> {
  const buffer = Buffer.alloc(size);
  const { bytesRead } = await handle.read(buffer, 0, size, offset);
  if (bytesRead !== size) throw new RangeError('the file ends early');
  return buffer;
}

function number64(buffer: Buffer, at: number): number {
  return Number(buffer.readBigUInt64LE(at));
}
