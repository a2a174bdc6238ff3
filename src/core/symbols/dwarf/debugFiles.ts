import path from 'node:path';
import { ElfFile, NotReadable, textAt } from '../elfFile.js';
import { exists } from '../../files.js';
import { debugRoot, sameBuildId } from '../debugFile.js';
import { debugFilesIn, symbolPlaces } from '../symbolFolders.js';
import { Attribute } from './attributes.js';
import { DwarfCursor } from './cursor.js';
import { debugSection, readDwarfSections, type DwarfSections } from './sections.js';
import { Units, type Skeleton } from './units.js';

/** Files of split debug information: a profile is about fewer. */
const maxFiles = 500;

/**
 * The units of a program around some addresses, with those that the compiler (`-gsplit-dwarf`: .dwo, .dwp) or dwz
 * (`.gnu_debugaltlink`) put into other files. Undefined without debug information.
 * @param file with the debug information, or with what refers to it
 */
export async function openUnits(
  file: string,
  elf: ElfFile,
  addresses: readonly number[],
): Promise<Units | undefined> {
  const sections = await readDwarfSections(elf);
  if (!sections) return undefined;
  const units = new Units(sections, await readShared(file, elf));
  const skeletons = units.skeletons(addresses).slice(0, maxFiles);
  if (skeletons.length === 0) return units;
  const packaged = await readPackage(file);
  for (const skeleton of skeletons) {
    const split = packaged?.(skeleton.id) ?? (await readSplit(file, skeleton));
    if (split) units.addSplit(skeleton, split);
  }
  return units;
}

/** Whether the compiler put entries of a unit with one of the addresses into a .dwo file. */
export async function hasSplitUnits(file: string, addresses: readonly number[]): Promise<boolean> {
  const found = await withElf(file, async (elf) => (await skeletonsOf(elf, addresses)).length > 0);
  return found ?? false;
}

/** Those of the addresses that are in a unit in one piece whose entries gcc put into a .dwo file. */
export async function inSplitPiece(elf: ElfFile, addresses: readonly number[]): Promise<number[]> {
  // clang has indices of texts, too, which gcc leaves to .dwo files.
  if (hasSection(elf, 'str_offsets')) return [];
  const skeletons = await skeletonsOf(elf, addresses);
  return skeletons.flatMap(({ unit, inside }) => (unit.root?.values.has(Attribute.RANGES) ? [] : inside));
}

/** More than what compilers leave in a program whose debug information they split. */
const maxSkeletons = 2 ** 24;

/** Nothing is read where there can't be any: compilers need lists of addresses for them. */
async function skeletonsOf(elf: ElfFile, addresses: readonly number[]): Promise<Skeleton[]> {
  if (!hasSection(elf, 'addr') || (debugSection(elf, 'info')?.size ?? 0) > maxSkeletons) return [];
  const sections = await readDwarfSections(elf);
  return sections ? new Units(sections).skeletons(addresses) : [];
}

function hasSection(elf: ElfFile, name: string): boolean {
  return debugSection(elf, name) !== undefined;
}

/**
 * Other files with debug information of a program, which aren't where symbolizers look for them: that of dwz, and those of
 * the units around some addresses.
 */
export async function missingFiles(
  file: string,
  addresses: readonly number[],
): Promise<{ shared: string | undefined; split: string[] }> {
  const none = { shared: undefined, split: [] };
  const found = await withElf(file, async (elf) => {
    const link = await sharedLink(elf);
    const shared =
      link && !(await readShared(file, elf)) ? path.resolve(path.dirname(file), link.name) : undefined;
    const skeletons = (await skeletonsOf(elf, addresses)).slice(0, maxFiles);
    const packaged = skeletons.length > 0 ? await readPackage(file) : undefined;
    const split: string[] = [];
    for (const skeleton of skeletons)
      if (!packaged?.(skeleton.id) && !(await exists(writtenAt(file, skeleton))))
        split.push(writtenAt(file, skeleton));
    return { shared, split: [...new Set(split)] };
  });
  return found ?? none;
}

/** dwz(1): a name, relative to the file with the link, and the other file's build ID. */
async function sharedLink(elf: ElfFile): Promise<{ name: string; id: string } | undefined> {
  const link = elf.section('.gnu_debugaltlink');
  if (!link || link.size > 8192) return undefined;
  const content = await elf.read(link);
  return { name: textAt(content, 0), id: content.toString('hex', content.indexOf(0) + 1) };
}

async function readShared(file: string, elf: ElfFile): Promise<DwarfSections | undefined> {
  const link = await sharedLink(elf);
  if (!link) return undefined;
  const { name, id } = link;
  const byId = path.join(debugRoot, '.build-id', id.slice(0, 2), `${id.slice(2)}.debug`);
  const own = debugFilesIn(symbolPlaces().folders, id);
  for (const candidate of [path.resolve(path.dirname(file), name), byId, ...own]) {
    const found = await withElf(candidate, async (other) =>
      sameBuildId(await other.buildId(), id) ? readDwarfSections(other) : undefined,
    );
    if (found) return found;
  }
  return undefined;
}

function writtenAt(file: string, { folder, name }: Pick<Skeleton, 'folder' | 'name'>): string {
  return path.resolve(path.dirname(file), folder, name);
}

/** Where the .dwo file of a unit may be: where the compiler wrote it, or beside the program. */
export function splitPlaces(file: string, skeleton: Skeleton): Set<string> {
  return new Set([writtenAt(file, skeleton), path.join(path.dirname(file), path.basename(skeleton.name))]);
}

async function readSplit(file: string, skeleton: Skeleton): Promise<DwarfSections | undefined> {
  for (const candidate of splitPlaces(file, skeleton)) {
    const found = await withElf(candidate, (elf) => readDwarfSections(elf, '.dwo'));
    if (found) return found;
  }
  return undefined;
}

/** A .dwp file, which has all .dwo files of a program. @returns the sections of a unit by its ID */
async function readPackage(file: string): Promise<((id: string) => DwarfSections | undefined) | undefined> {
  return withElf(`${file}.dwp`, async (elf) => {
    const sections = await readDwarfSections(elf, '.dwo');
    const index = elf.section('.debug_cu_index');
    if (!sections || !index) return undefined;
    const parts = readIndex(await elf.read(index));
    return (id) => {
      const own = parts.get(id);
      if (!own) return undefined;
      const part = (bytes: Buffer, section: number | undefined) => {
        const found = section === undefined ? undefined : own.get(section);
        return found ? bytes.subarray(found.offset, found.offset + found.size) : bytes;
      };
      return {
        ...sections,
        info: part(sections.info, Section.INFO),
        abbreviations: part(sections.abbreviations, Section.ABBREV),
        textOffsets: part(sections.textOffsets, Section.STR_OFFSETS),
        rangeLists: part(sections.rangeLists, Section.RNGLISTS),
      };
    };
  });
}

/** DWARF 5, 7.3.5.3: of the sections that have parts of units. Before, they are the same, but for those since DWARF 5. */
export const Section = {
  INFO: 1,
  ABBREV: 3,
  LINE: 4,
  /** `.debug_loc` before DWARF 5. */
  LOCLISTS: 5,
  STR_OFFSETS: 6,
  /** Since DWARF 5. */
  RNGLISTS: 8,
} as const;

interface Part {
  readonly offset: number;
  readonly size: number;
}

/** By the ID of a unit, where its parts are. A hash table, which is read as a list. */
function readIndex(bytes: Buffer): Map<string, Map<number, Part>> {
  const cursor = new DwarfCursor(bytes, 4);
  const [columns, units, slots] = [cursor.number(4), cursor.number(4), cursor.number(4)];
  const found = new Map<string, Map<number, Part>>();
  const rows = cursor.at + slots * 8;
  const header = rows + slots * 4;
  const offsets = header + columns * 4;
  const sizes = offsets + units * columns * 4;
  for (let slot = 0; slot < slots; slot++) {
    const row = new DwarfCursor(bytes, rows + slot * 4).number(4);
    if (row === 0 || row > units) continue;
    const parts = new Map<number, Part>();
    for (let column = 0; column < columns; column++) {
      const at = ((row - 1) * columns + column) * 4;
      const value = (from: number) => new DwarfCursor(bytes, from).number(4);
      parts.set(value(header + column * 4), { offset: value(offsets + at), size: value(sizes + at) });
    }
    found.set(new DwarfCursor(bytes, cursor.at + slot * 8).id(), parts);
  }
  return found;
}

/** Undefined for a file that isn't there or isn't one of debug information. */
export async function withElf<T>(
  file: string,
  read: (elf: ElfFile) => Promise<T | undefined>,
): Promise<T | undefined> {
  let elf: ElfFile | undefined;
  try {
    elf = await ElfFile.open(file);
    return await read(elf);
  } catch (error) {
    if (error instanceof NotReadable || error instanceof RangeError) return undefined;
    throw error;
  } finally {
    await elf?.close();
  }
}
