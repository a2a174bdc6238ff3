import { inflateSync } from 'node:zlib';
import type { ElfFile, ElfSection } from '../elfFile.js';

/** Sections of debug information, without compression. */
export interface DwarfSections {
  readonly info: Buffer;
  readonly abbreviations: Buffer;
  readonly text: Buffer;
  readonly lineText: Buffer;
  readonly textOffsets: Buffer;
  readonly addresses: Buffer;
  /** `.debug_ranges` up to DWARF 4. */
  readonly ranges: Buffer;
  /** `.debug_rnglists` since DWARF 5. */
  readonly rangeLists: Buffer;
  /** `.debug_aranges`: which units have which addresses, if the compiler wrote it. */
  readonly unitRanges: Buffer;
}

/** More than the debug information of large programs; that of browsers would take long to search. */
const maxBytes = 2 ** 29;
const zlib = 1;

/**
 * Undefined if there is none, or if it is too large or compressed in a way that Node doesn't know.
 * @param suffix of the names of sections: `.dwo` in a file of split debug information
 */
export async function readDwarfSections(elf: ElfFile, suffix = ''): Promise<DwarfSections | undefined> {
  const info = await readDwarfSection(elf, `info${suffix}`);
  const abbreviations = await readDwarfSection(elf, `abbrev${suffix}`);
  if (!info || !abbreviations) return undefined;
  const optional = async (name: string) =>
    (await readDwarfSection(elf, `${name}${suffix}`)) ?? Buffer.alloc(0);
  return {
    info,
    abbreviations,
    text: await optional('str'),
    lineText: await optional('line_str'),
    textOffsets: await optional('str_offsets'),
    addresses: await optional('addr'),
    ranges: await optional('ranges'),
    rangeLists: await optional('rnglists'),
    unitRanges: await optional('aranges'),
  };
}

/** Compressed before that was a flag of sections, they have another name. @param name without `.debug_` */
export function debugSection(elf: ElfFile, name: string): ElfSection | undefined {
  return elf.section(`.debug_${name}`) ?? elf.section(`.zdebug_${name}`);
}

/** Undefined as for `readDwarfSections`. @param name without `.debug_` */
export async function readDwarfSection(elf: ElfFile, name: string): Promise<Buffer | undefined> {
  const section = debugSection(elf, name);
  if (!section || section.size > maxBytes) return undefined;
  const bytes = await elf.read(section);
  // Before compression was a flag of sections: "ZLIB" and the size, big-endian.
  if (section.name.startsWith('.z')) return inflate(bytes, 12, Number(bytes.readBigUInt64BE(4)));
  if (!section.compressed) return bytes;
  // The header begins with the kind of the compression.
  const { compression, word } = elf.layout;
  return bytes.readUInt32LE(0) === zlib
    ? inflate(bytes, compression.size, word(bytes, compression.contentSize))
    : undefined;
}

function inflate(bytes: Buffer, from: number, size: number): Buffer | undefined {
  return size > maxBytes ? undefined : inflateSync(bytes.subarray(from), { maxOutputLength: size });
}
