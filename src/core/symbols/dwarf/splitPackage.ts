import { ElfFile } from '../elfFile.js';
import { elfImage } from '../elfImage.js';
import { Attribute } from './attributes.js';
import { Section, splitPlaces, withElf } from './debugFiles.js';
import { textOf } from './entries.js';
import { readDwarfSection, readDwarfSections, type DwarfSections } from './sections.js';
import { Units, type Skeleton } from './units.js';

/** A .dwp file, or what it lacks. */
export interface SplitPackage {
  /** Undefined if no file was found. */
  readonly data: Buffer | undefined;
  /** Units of which there is nothing in it: their .dwo file is gone, or was compiled again. */
  readonly missing: number;
}

/** The parts of one unit, by section. */
interface SplitUnit {
  readonly id: string;
  readonly parts: ReadonlyMap<number, Buffer>;
  readonly text: Buffer;
  readonly offsetsAt: number;
}

/** Bytes of a package: offsets have 4 bytes. */
const maxBytes = 2 ** 31;

/**
 * Makes the .dwp file of a program, of the .dwo files of units that have code at some of the addresses: as dwp(1) does, but
 * for types that units share, which neither lines nor inlined functions need. Undefined if no such unit is split.
 * @param file with the debug information of the program
 * @throws NotReadable
 */
export async function packageSplit(
  file: string,
  addresses: readonly number[],
): Promise<SplitPackage | undefined> {
  const elf = await ElfFile.open(file);
  try {
    const sections = await readDwarfSections(elf);
    const skeletons = sections ? new Units(sections).skeletons(addresses) : [];
    if (skeletons.length === 0) return undefined;
    // An index is of one version: that of the first unit.
    const isNew = (skeletons[0] as Skeleton).unit.version >= 5;
    const units: SplitUnit[] = [];
    let bytes = 0;
    if (elf.layout.bits === 64)
      for (const skeleton of skeletons) {
        const unit = skeleton.unit.version >= 5 === isNew ? await readUnit(file, skeleton, isNew) : undefined;
        const size = unit
          ? [unit.text, ...unit.parts.values()].reduce((sum, part) => sum + part.length, 0)
          : 0;
        if (!unit || bytes + size > maxBytes) continue;
        bytes += size;
        units.push(unit);
      }
    const data = units.length > 0 ? packaged(elf.machine, units, isNew) : undefined;
    return { data, missing: skeletons.length - units.length };
  } finally {
    await elf.close();
  }
}

/** What a section is called in a file, and before DWARF 5. */
const names: readonly (readonly [number, string, string | undefined])[] = [
  [Section.INFO, 'info', 'info'],
  [Section.ABBREV, 'abbrev', 'abbrev'],
  [Section.LINE, 'line', 'line'],
  [Section.LOCLISTS, 'loclists', 'loc'],
  [Section.STR_OFFSETS, 'str_offsets', 'str_offsets'],
  [Section.RNGLISTS, 'rnglists', undefined],
];

async function readUnit(file: string, skeleton: Skeleton, isNew: boolean): Promise<SplitUnit | undefined> {
  for (const place of splitPlaces(file, skeleton)) {
    const found = await withElf(place, async (elf) => {
      const sections = await readDwarfSections(elf, '.dwo');
      const info = sections && ownUnit(sections, skeleton);
      if (!info) return undefined;
      const parts = new Map([[Section.INFO as number, info]]);
      for (const [section, now, before] of names.slice(1)) {
        const name = isNew ? now : before;
        const part = name === undefined ? undefined : await readDwarfSection(elf, `${name}.dwo`);
        if (part && part.length > 0) parts.set(section, part);
      }
      // Since DWARF 5 the offsets have a header; with offsets of 8 bytes it is longer.
      const offsets = parts.get(Section.STR_OFFSETS);
      if (isNew && offsets?.readUInt32LE(0) === 0xffffffff) return undefined;
      return { id: skeleton.id, parts, text: sections.text, offsetsAt: isNew ? 8 : 0 };
    });
    if (found) return found;
  }
  return undefined;
}

/** The bytes of the unit with the skeleton's ID. */
function ownUnit(sections: DwarfSections, skeleton: Skeleton): Buffer | undefined {
  const units = new Units(sections);
  const own = units.headers.find(({ id, start }) => {
    const root = units.at(start)?.root;
    return (id ?? (root && textOf(root, Attribute.GNU_DWO_ID))) === skeleton.id;
  });
  return own && sections.info.subarray(own.start, own.end);
}

/** Joins the parts of each section, and lists where each unit has them. */
function packaged(machine: number, units: readonly SplitUnit[], isNew: boolean): Buffer {
  const used = names.filter(([section]) => units.some(({ parts }) => parts.has(section)));
  const ends = new Map<number, number>(used.map(([section]) => [section, 0]));
  const places: Map<number, { at: number; size: number }>[] = [];
  const texts: Buffer[] = [];
  const joined = new Map<number, Buffer[]>(used.map(([section]) => [section, []]));
  let textEnd = 0;
  for (const unit of units) {
    const own = new Map<number, { at: number; size: number }>();
    for (const [section] of used) {
      const plain = unit.parts.get(section) ?? Buffer.alloc(0);
      const part = section === Section.STR_OFFSETS ? moved(plain, unit.offsetsAt, textEnd) : plain;
      const at = ends.get(section) as number;
      own.set(section, { at, size: part.length });
      ends.set(section, at + part.length);
      joined.get(section)?.push(part);
    }
    places.push(own);
    texts.push(unit.text);
    textEnd += unit.text.length;
  }
  const columns = used.map(([section]) => section);
  const sections = used.map(([section, now, before]) => ({
    name: `.debug_${isNew ? now : (before as string)}.dwo`,
    data: Buffer.concat(joined.get(section) as Buffer[]),
  }));
  return elfImage(machine, [
    ...sections,
    { name: '.debug_str.dwo', data: Buffer.concat(texts) },
    { name: '.debug_cu_index', data: indexOf(units, places, columns, isNew) },
  ]);
}

/** Offsets of texts that come after others in the package. */
function moved(offsets: Buffer, from: number, by: number): Buffer {
  const result = Buffer.from(offsets);
  for (let at = from; at + 4 <= result.length; at += 4)
    result.writeUInt32LE(result.readUInt32LE(at) + by, at);
  return result;
}

/** A hash table of IDs (DWARF 5, 7.3.5.3), at most two thirds full. Before, its header had a longer version and no padding. */
function indexOf(
  units: readonly SplitUnit[],
  places: readonly ReadonlyMap<number, { at: number; size: number }>[],
  columns: readonly number[],
  isNew: boolean,
): Buffer {
  let slots = 1;
  while (slots * 2 <= units.length * 3) slots *= 2;
  const rows = 16 + slots * 12;
  const words = columns.length * 4;
  const index = Buffer.alloc(rows + words * (1 + 2 * units.length));
  index.writeUInt32LE(isNew ? 5 : 2, 0);
  [columns.length, units.length, slots].forEach((value, i) => index.writeUInt32LE(value, 4 + 4 * i));
  columns.forEach((section, i) => index.writeUInt32LE(section, rows + 4 * i));
  units.forEach(({ id }, row) => {
    const key = BigInt(`0x${id}`);
    const mask = BigInt(slots - 1);
    const step = ((key >> 32n) & mask) | 1n;
    let slot = key & mask;
    while (index.readUInt32LE(16 + slots * 8 + Number(slot) * 4) !== 0) slot = (slot + step) & mask;
    index.writeBigUInt64LE(key, 16 + Number(slot) * 8);
    index.writeUInt32LE(row + 1, 16 + slots * 8 + Number(slot) * 4);
    columns.forEach((section, i) => {
      const { at, size } = places[row]?.get(section) as { at: number; size: number };
      index.writeUInt32LE(at, rows + words * (1 + row) + 4 * i);
      index.writeUInt32LE(size, rows + words * (1 + units.length + row) + 4 * i);
    });
  });
  return index;
}
