import { constants, open, type FileHandle } from 'node:fs/promises';

export interface ElfSection {
  readonly name: string;
  readonly type: number;
  /** As symbols use it; 0 for a section that is not loaded. */
  readonly address: number;
  readonly fileOffset: number;
  readonly size: number;
  /** Index of a related section, e.g. of a symbol table's names. */
  readonly link: number;
  readonly entrySize: number;
  /** Its content begins with a header of the compression. */
  readonly compressed: boolean;
}

/** SHF_COMPRESSED */
const compressedFlag = 0x800;

interface Segment {
  readonly fileOffset: number;
  readonly address: number;
  readonly size: number;
}

/** Where fields are in headers and symbols ("ELF Header", "Sections", "Symbol Table", "Program Header"). */
export interface ElfLayout {
  readonly bits: 32 | 64;
  /** Reads an address or an offset. */
  readonly word: (buffer: Buffer, at: number) => number;
  readonly headerSize: number;
  readonly programsAt: number;
  readonly sectionsAt: number;
  /** The sizes and numbers of entries: e_phentsize, e_phnum, e_shentsize, e_shnum, e_shstrndx. */
  readonly countsAt: number;
  readonly programs: Readonly<Record<'size' | 'fileOffset' | 'address' | 'fileSize', number>>;
  readonly sections: Readonly<
    Record<'size' | 'address' | 'fileOffset' | 'contentSize' | 'link' | 'entrySize', number>
  >;
  readonly symbols: Readonly<Record<'size' | 'info' | 'visibility' | 'section' | 'value' | 'length', number>>;
  /** Elf32_Chdr, Elf64_Chdr: the size of the header, and where the size of the content is. */
  readonly compression: Readonly<Record<'size' | 'contentSize', number>>;
}

const elf64: ElfLayout = {
  bits: 64,
  word: number64,
  headerSize: 64,
  programsAt: 32,
  sectionsAt: 40,
  countsAt: 54,
  programs: { size: 56, fileOffset: 8, address: 16, fileSize: 32 },
  sections: { size: 64, address: 16, fileOffset: 24, contentSize: 32, link: 40, entrySize: 56 },
  symbols: { size: 24, info: 4, visibility: 5, section: 6, value: 8, length: 16 },
  compression: { size: 24, contentSize: 8 },
};

const elf32: ElfLayout = {
  bits: 32,
  word: number32,
  headerSize: 52,
  programsAt: 28,
  sectionsAt: 32,
  countsAt: 42,
  programs: { size: 32, fileOffset: 4, address: 8, fileSize: 16 },
  sections: { size: 40, address: 12, fileOffset: 16, contentSize: 20, link: 24, entrySize: 36 },
  symbols: { size: 16, info: 12, visibility: 13, section: 14, value: 4, length: 8 },
  compression: { size: 12, contentSize: 4 },
};

/** Reads bytes `offset` … `offset + size` of a file or of its image in memory. */
type ReadBytes = (offset: number, size: number) => Promise<Buffer>;

/** Why a file's symbols can't be read, as a phrase that follows its name. */
export class NotReadable extends Error {}

export const SectionType = { SYMTAB: 2, RELA: 4, NOTE: 7, NOBITS: 8, DYNSYM: 11 } as const;
export const Machine = { X86_64: 62, AARCH64: 183 } as const;

/** More than the symbols of the largest browsers. A damaged header must not cause a huge allocation. */
const maxSectionBytes = 2 ** 30;

/**
 * A little-endian ELF file of 32 or 64 bits: headers are read at once, contents on demand. There are two kinds of addresses: file
 * offsets, which recordings have, and addresses in symbols and debug information. They differ wherever the linker didn't
 * place a segment at its file offset (common with lld, and in every executable that isn't position-independent).
 * Format: System V ABI, chapters "Object Files" and "Program Header".
 */
export class ElfFile {
  readonly layout: ElfLayout;
  readonly machine: number;
  readonly sections: readonly ElfSection[];
  private readonly segments: readonly Segment[];
  private readonly bytes: ReadBytes;
  private readonly handle: FileHandle | undefined;

  private constructor(
    bytes: ReadBytes,
    handle: FileHandle | undefined,
    layout: ElfLayout,
    machine: number,
    sections: readonly ElfSection[],
    segments: readonly Segment[],
  ) {
    this.bytes = bytes;
    this.handle = handle;
    this.layout = layout;
    this.machine = machine;
    this.sections = sections;
    this.segments = segments;
  }

  /** @throws NotReadable */
  static async open(file: string): Promise<ElfFile> {
    let handle: FileHandle | undefined;
    try {
      // Opening a named pipe would wait for its writer.
      handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      const from = handle;
      const status = await from.stat();
      if (!status.isFile()) throw new NotReadable('is not a file');
      return await ElfFile.parse(async (offset, size) => {
        // Checked before allocating: the size comes from the file.
        if (offset + size > status.size) throw new RangeError('the file ends early');
        const buffer = Buffer.alloc(size);
        const { bytesRead } = await from.read(buffer, 0, size, offset);
        if (bytesRead !== size) throw new RangeError('the file ends early');
        return buffer;
      }, handle);
    } catch (error) {
      await handle?.close();
      throw asNotReadable(error);
    }
  }

  /** @throws NotReadable */
  static async fromMemory(image: Buffer): Promise<ElfFile> {
    try {
      return await ElfFile.parse((offset, size) => {
        if (offset + size > image.length) throw new RangeError('the file ends early');
        return Promise.resolve(image.subarray(offset, offset + size));
      }, undefined);
    } catch (error) {
      throw asNotReadable(error);
    }
  }

  private static async parse(bytes: ReadBytes, handle: FileHandle | undefined): Promise<ElfFile> {
    const ident = await bytes(0, 16);
    if (ident.readUInt32BE(0) !== 0x7f454c46) throw new NotReadable('is not an ELF file');
    const layout = ident[4] === 1 ? elf32 : elf64;
    if (ident[5] !== 1) throw new NotReadable('is a big-endian file, which is not supported');
    const header = await bytes(0, layout.headerSize);
    const { programs, word } = layout;
    const programHeaders = await readTable(bytes, {
      offset: word(header, layout.programsAt),
      entrySize: header.readUInt16LE(layout.countsAt),
      count: header.readUInt16LE(layout.countsAt + 2),
      minimum: programs.size,
    });
    const loadable = 1;
    const segments = programHeaders
      .filter((entry) => entry.readUInt32LE(0) === loadable)
      .map((entry) => ({
        fileOffset: word(entry, programs.fileOffset),
        address: word(entry, programs.address),
        size: word(entry, programs.fileSize),
      }));
    const sections = await readSections(bytes, header, layout);
    return new ElfFile(bytes, handle, layout, header.readUInt16LE(18), sections, segments);
  }

  /** The address of a byte of the file; undefined for a byte that isn't loaded into memory. */
  fromFileOffset(offset: number): number | undefined {
    const segment = this.segments.find((s) => offset >= s.fileOffset && offset < s.fileOffset + s.size);
    return segment && offset - segment.fileOffset + segment.address;
  }

  section(name: string): ElfSection | undefined {
    return this.sections.find((s) => s.name === name);
  }

  /** @throws NotReadable for a section without content or of an implausible size */
  async read(section: ElfSection): Promise<Buffer> {
    if (section.type === SectionType.NOBITS) throw new NotReadable(`has no content in ${section.name}`);
    if (section.size > maxSectionBytes)
      throw new NotReadable(`has an implausible ${section.size} bytes in ${section.name}`);
    try {
      return await this.bytes(section.fileOffset, section.size);
    } catch (error) {
      throw asNotReadable(error);
    }
  }

  /** Hexadecimal; undefined if the linker wrote none. */
  async buildId(): Promise<string | undefined> {
    for (const section of this.sections.filter((s) => s.type === SectionType.NOTE && s.size < 2 ** 16)) {
      const found = buildIdOfNotes(await this.read(section));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async close(): Promise<void> {
    await this.handle?.close();
  }
}

/** Notes: sizes of name and content, type; name and content padded to four bytes. NT_GNU_BUILD_ID is 3. */
export function buildIdOfNotes(notes: Buffer): string | undefined {
  for (let at = 0; at + 12 <= notes.length;) {
    const [nameSize, size, type] = [0, 4, 8].map((o) => notes.readUInt32LE(at + o)) as [
      number,
      number,
      number,
    ];
    const content = at + 12 + ((nameSize + 3) & ~3);
    if (type === 3 && nameSize === 4 && notes.toString('latin1', at + 12, at + 15) === 'GNU')
      return notes.toString('hex', content, content + size);
    if (nameSize > notes.length || size > notes.length) return undefined;
    at = content + ((size + 3) & ~3);
  }
  return undefined;
}

async function readSections(bytes: ReadBytes, header: Buffer, layout: ElfLayout): Promise<ElfSection[]> {
  const { sections: at, countsAt, word } = layout;
  const offset = word(header, layout.sectionsAt);
  if (offset === 0) return [];
  const entrySize = header.readUInt16LE(countsAt + 4);
  // Where there are 65280 sections or more, the counts are in the first section's header.
  const first = await bytes(offset, at.size);
  const count = header.readUInt16LE(countsAt + 6) || Math.min(word(first, at.contentSize), 2 ** 20);
  const listed = header.readUInt16LE(countsAt + 8);
  const nameTable = listed === 0xffff ? first.readUInt32LE(at.link) : listed;
  const entries = await readTable(bytes, { offset, entrySize, count, minimum: at.size });
  const names = entries[nameTable];
  const text = names
    ? await bytes(word(names, at.fileOffset), Math.min(word(names, at.contentSize), 2 ** 24))
    : Buffer.alloc(0);
  return entries.map((entry) => ({
    name: textAt(text, entry.readUInt32LE(0)),
    type: entry.readUInt32LE(4),
    address: word(entry, at.address),
    fileOffset: word(entry, at.fileOffset),
    size: word(entry, at.contentSize),
    link: entry.readUInt32LE(at.link),
    entrySize: word(entry, at.entrySize),
    compressed: (entry.readUInt32LE(8) & compressedFlag) !== 0,
  }));
}

async function readTable(
  bytes: ReadBytes,
  at: { offset: number; entrySize: number; count: number; minimum: number },
): Promise<Buffer[]> {
  const { offset, entrySize, count, minimum } = at;
  if (entrySize < minimum || count === 0) return [];
  const table = await bytes(offset, entrySize * count);
  return Array.from({ length: count }, (_, i) => table.subarray(i * entrySize, (i + 1) * entrySize));
}

/** Text up to the next zero; empty beyond the end. */
export function textAt(table: Buffer, at: number): string {
  if (at >= table.length) return '';
  const end = table.indexOf(0, at);
  return table.toString('utf8', at, end < 0 ? table.length : end);
}

export function number64(buffer: Buffer, at: number): number {
  return Number(buffer.readBigUInt64LE(at));
}

function number32(buffer: Buffer, at: number): number {
  return buffer.readUInt32LE(at);
}

function asNotReadable(error: unknown): unknown {
  if (error instanceof NotReadable) return error;
  if (error instanceof RangeError) return new NotReadable('is damaged: its headers point beyond its end');
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return new NotReadable('does not exist');
  if (typeof code === 'string') return new NotReadable(`is not readable (${code})`);
  return error;
}
