import { isImplicit } from './attributes.js';
import { DwarfCursor } from './cursor.js';
import type { Abbreviation, Unit } from './entries.js';
import type { DwarfSections } from './sections.js';

/** DWARF 5, 7.5.1: kinds of units. Others have types only. */
const Kind = { COMPILE: 0x01, PARTIAL: 0x03, SKELETON: 0x04, SPLIT_COMPILE: 0x05 } as const;
const kinds: readonly number[] = Object.values(Kind);

/** What the header of a unit says. */
export interface UnitHeader extends Pick<
  Unit,
  'base' | 'start' | 'first' | 'end' | 'version' | 'addressSize' | 'offsetSize' | 'sections' | 'shared'
> {
  /** Where its abbreviations are. */
  readonly table: number;
  /** Of DWARF 5, that of a unit that is split in two. */
  readonly id: string | undefined;
}

/** @param base where the offsets of the file begin */
export function readHeaders(sections: DwarfSections, base: number, shared: Unit['shared']): UnitHeader[] {
  const headers: UnitHeader[] = [];
  const cursor = new DwarfCursor(sections.info);
  while (!cursor.atEnd) {
    const start = cursor.at;
    let length = cursor.number(4);
    const offsetSize = length === 0xffffffff ? 8 : 4;
    if (offsetSize === 8) length = cursor.number(8);
    const end = cursor.at + length;
    const version = cursor.number(2);
    const kind = version >= 5 ? cursor.number(1) : Kind.COMPILE;
    let addressSize = version >= 5 ? cursor.number(1) : 0;
    const table = cursor.number(offsetSize);
    if (version < 5) addressSize = cursor.number(1);
    if (version >= 2 && version <= 5 && kinds.includes(kind)) {
      const id = kind === Kind.SKELETON || kind === Kind.SPLIT_COMPILE ? cursor.id() : undefined;
      const [first, last] = [base + cursor.at, base + end];
      const encoding = { version, addressSize, offsetSize, sections, shared, table, id };
      headers.push({ base, start: base + start, first, end: last, ...encoding });
    }
    cursor.at = end;
  }
  return headers;
}

export function readAbbreviations(sections: DwarfSections, at: number): Map<number, Abbreviation> {
  const table = new Map<number, Abbreviation>();
  const cursor = new DwarfCursor(sections.abbreviations, at);
  for (;;) {
    const code = cursor.unsigned();
    if (code === 0) return table;
    const tag = cursor.unsigned();
    const hasChildren = cursor.number(1) === 1;
    const fields: number[] = [];
    for (;;) {
      const attribute = cursor.unsigned();
      const form = cursor.unsigned();
      // Values of either sign; those that are read (lines) are positive.
      const implicit = isImplicit(form) ? cursor.unsigned() : 0;
      if (attribute === 0 && form === 0) break;
      fields.push(attribute, form, implicit);
    }
    table.set(code, { tag, hasChildren, fields });
  }
}
