import { Attribute } from './attributes.js';
import { DwarfCursor } from './cursor.js';
import { numberOf, readEntry, Tag, textOf, type Abbreviation, type Unit } from './entries.js';
import { lineFiles } from './lineFiles.js';
import { firstAtLeast, rangesOf } from './ranges.js';
import type { DwarfSections } from './sections.js';
import { readAbbreviations, readHeaders, type UnitHeader } from './unitHeaders.js';

/** Offsets of the entries of each file begin at a multiple of this. */
const FILE = 2 ** 40;

/** A unit whose entries are in another file. */
export interface Skeleton {
  readonly unit: Unit;
  readonly id: string;
  /** The file, and the folder that its name is relative to. */
  readonly name: string;
  readonly folder: string;
  /** The addresses asked about. */
  readonly inside: readonly number[];
}

/**
 * The units of a program's debug information, which may be in several files. Only headers are read at once: a library has
 * thousands of units, and a profile is about a few.
 */
export class Units {
  private readonly main: DwarfSections;
  private readonly shared: Unit['shared'];
  private readonly files: UnitHeader[][] = [];
  private readonly opened = new Map<UnitHeader, Unit>();
  private readonly tables = new Map<DwarfSections, Map<number, Map<number, Abbreviation>>>();
  /** By the unit that refers to it, and the other way around. */
  private readonly split = new Map<Unit, Unit>();
  private readonly skeletonOf = new Map<Unit, Unit>();

  /** @param shared the file that dwz moved to what several files have in common */
  constructor(main: DwarfSections, shared?: DwarfSections) {
    this.main = main;
    this.shared = shared && { base: FILE, sections: shared };
    this.files.push(readHeaders(main, 0, this.shared));
    this.files.push(shared ? readHeaders(shared, FILE, undefined) : []);
  }

  /** Of the units of the program itself, in the order of the file. */
  get headers(): readonly UnitHeader[] {
    return this.files[0] as UnitHeader[];
  }

  /** The unit with the entry at an offset. */
  at(offset: number): Unit | undefined {
    const headers = this.files[Math.floor(offset / FILE)] ?? [];
    let low = 0;
    let high = headers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((headers[middle] as UnitHeader).start <= offset) low = middle + 1;
      else high = middle;
    }
    const header = headers[low - 1];
    return header && offset < header.end ? this.open(header) : undefined;
  }

  /** The units that have code at some of the addresses, and these addresses, in ascending order. */
  around(addresses: readonly number[]): { unit: Unit; inside: number[] }[] {
    return this.containing(addresses).map(({ unit, inside }) => ({
      unit: this.split.get(unit) ?? unit,
      inside,
    }));
  }

  /** Those of the units around addresses whose entries are in other files. */
  skeletons(addresses: readonly number[]): Skeleton[] {
    return this.containing(addresses).flatMap(({ unit, id, inside }) => {
      const { root } = unit;
      const name = root && (textOf(root, Attribute.DWO_NAME) ?? textOf(root, Attribute.GNU_DWO_NAME));
      const own = id ?? (root && textOf(root, Attribute.GNU_DWO_ID));
      if (name === undefined || own === undefined) return [];
      return [{ unit, id: own, name, folder: textOf(root as never, Attribute.COMP_DIR) ?? '', inside }];
    });
  }

  /**
   * Adds the other file of a unit.
   * @param sections of that unit
   */
  addSplit({ unit: skeleton, id }: Skeleton, sections: DwarfSections): void {
    const base = this.files.length * FILE;
    const merged = { ...sections, addresses: this.main.addresses, ranges: this.main.ranges };
    const headers = readHeaders(merged, base, undefined);
    this.files.push(headers);
    const old = skeleton.version < 5;
    for (const header of headers) {
      const unit = this.opening(header, {
        textOffsetsBase: old ? 0 : 2 * header.offsetSize,
        addressBase: skeleton.addressBase,
        // After the header of the only table, or where the skeleton says.
        rangeListsBase: old ? skeleton.rangeListsBase : 4 + 2 * header.offsetSize,
        lowest: skeleton.lowest,
      });
      const { root } = unit;
      if (root?.tag !== Tag.COMPILE_UNIT) continue;
      // One that was compiled again.
      if ((header.id ?? textOf(root, Attribute.GNU_DWO_ID)) !== id) continue;
      this.opened.set(header, unit);
      this.split.set(skeleton, unit);
      this.skeletonOf.set(unit, skeleton);
      return;
    }
  }

  /**
   * The files of a unit whose entries are in another file, by their numbers. Undefined for other units.
   * @param lines `.debug_line` of the program
   */
  filesOfSplit(unit: Unit, lines: Buffer): (string | undefined)[] | undefined {
    const skeleton = this.skeletonOf.get(unit);
    if (!skeleton?.root) return undefined;
    const at = numberOf(skeleton.root, Attribute.STMT_LIST);
    const folder = textOf(skeleton.root, Attribute.COMP_DIR) ?? '';
    return at === undefined ? [] : lineFiles(lines, at, skeleton, folder);
  }

  private containing(
    addresses: readonly number[],
  ): { unit: Unit; id: string | undefined; inside: number[] }[] {
    const sorted = [...addresses].sort((a, b) => a - b);
    const { found, covered, listed } = this.byTable(sorted);
    const rest = sorted.filter((address) => !covered.has(address));
    // Not every compiler writes the table.
    if (rest.length > 0)
      for (const header of this.headers) if (!listed.has(header.start)) found.set(header, rest);
    return [...found].flatMap(([header, candidates]) => {
      const unit = this.open(header);
      const { root } = unit;
      if (root?.tag !== Tag.COMPILE_UNIT && root?.tag !== Tag.SKELETON_UNIT) return [];
      const ranges = rangesOf(root, { ...unit, rangeListsBase: ownListsBase(unit) }, unit.lowest);
      const inside = candidates.filter((a) => ranges.some(([from, to]) => a >= from && a < to));
      // A unit's ranges are in the order of its sections: code that is seldom executed comes before.
      inside.sort((a, b) => a - b);
      return inside.length > 0 ? [{ unit, id: header.id, inside }] : [];
    });
  }

  /** What `.debug_aranges` says (DWARF 5, 6.1.2). @param sorted addresses in ascending order */
  private byTable(sorted: readonly number[]) {
    const found = new Map<UnitHeader, number[]>();
    const covered = new Set<number>();
    /** The units that the table is about. */
    const listed = new Set<number>();
    const headers = new Map(this.headers.map((header) => [header.start, header]));
    const cursor = new DwarfCursor(this.main.unitRanges);
    while (!cursor.atEnd) {
      const start = cursor.at;
      let length = cursor.number(4);
      const offsetSize = length === 0xffffffff ? 8 : 4;
      if (offsetSize === 8) length = cursor.number(8);
      const end = cursor.at + length;
      cursor.skip(2);
      const header = headers.get(cursor.number(offsetSize));
      const size = cursor.number(1);
      cursor.skip(1);
      if (header && (size === 4 || size === 8)) {
        listed.add(header.start);
        // Entries are aligned as their size.
        cursor.at = start + Math.ceil((cursor.at - start) / (2 * size)) * 2 * size;
        while (cursor.at + 2 * size <= end) {
          const from = cursor.number(size);
          const to = from + cursor.number(size);
          for (let i = firstAtLeast(sorted, from); i < sorted.length && (sorted[i] as number) < to; i++) {
            const address = sorted[i] as number;
            covered.add(address);
            const inside = found.get(header);
            if (inside) inside.push(address);
            else found.set(header, [address]);
          }
        }
      }
      cursor.at = end;
    }
    return { found, covered, listed };
  }

  private open(header: UnitHeader): Unit {
    let unit = this.opened.get(header);
    if (unit) return unit;
    const { version, offsetSize } = header;
    // Where its parts of tables begin is among the values of its first entry, some of which are in these tables.
    const plain = this.opening(header, {
      // The first table, after its header.
      textOffsetsBase: version >= 5 ? 2 * offsetSize : 0,
      addressBase: 0,
      rangeListsBase: 0,
      lowest: 0,
    });
    const { root } = plain;
    if (!root) unit = plain;
    else {
      const value = (...attributes: number[]) =>
        attributes.map((a) => numberOf(root, a)).find((v) => v !== undefined);
      const bases = {
        textOffsetsBase: value(Attribute.STR_OFFSETS_BASE) ?? plain.textOffsetsBase,
        addressBase: value(Attribute.ADDR_BASE, Attribute.GNU_ADDR_BASE) ?? 0,
        rangeListsBase: value(Attribute.RNGLISTS_BASE, Attribute.GNU_RANGES_BASE) ?? 0,
      };
      const again = readEntry({ ...plain, ...bases }, header.first);
      unit = { ...plain, ...bases, root: again, lowest: (again && numberOf(again, Attribute.LOW_PC)) ?? 0 };
    }
    this.opened.set(header, unit);
    return unit;
  }

  private opening(
    header: UnitHeader,
    bases: Pick<Unit, 'textOffsetsBase' | 'addressBase' | 'rangeListsBase' | 'lowest'>,
  ): Unit {
    const unit = { ...header, ...bases, abbreviations: this.abbreviations(header), root: undefined };
    return { ...unit, root: readEntry(unit, unit.first) };
  }

  private abbreviations({ sections, table }: UnitHeader): Map<number, Abbreviation> {
    let tables = this.tables.get(sections);
    if (!tables) this.tables.set(sections, (tables = new Map()));
    let known = tables.get(table);
    if (!known) tables.set(table, (known = readAbbreviations(sections, table)));
    return known;
  }
}

/** A skeleton's own ranges aren't relative to the base that those of its other file are, before DWARF 5. */
function ownListsBase({ version, rangeListsBase }: Unit): number {
  return version < 5 ? 0 : rangeListsBase;
}
