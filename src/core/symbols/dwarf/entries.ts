import {
  Attribute,
  isAddress,
  isEightBytes,
  isRangeIndex,
  readValue,
  skipValue,
  type Encoding,
} from './attributes.js';
import { DwarfCursor } from './cursor.js';

export const Tag = {
  CLASS: 0x02,
  FORMAL_PARAMETER: 0x05,
  LEXICAL_BLOCK: 0x0b,
  POINTER: 0x0f,
  REFERENCE: 0x10,
  COMPILE_UNIT: 0x11,
  STRUCTURE: 0x13,
  TYPEDEF: 0x16,
  UNION: 0x17,
  INLINED_SUBROUTINE: 0x1d,
  BASE_TYPE: 0x24,
  CONST: 0x26,
  ENUMERATION: 0x04,
  SUBPROGRAM: 0x2e,
  VOLATILE: 0x35,
  NAMESPACE: 0x39,
  RVALUE_REFERENCE: 0x42,
  SKELETON_UNIT: 0x4a,
} as const;

/** A debugging information entry with the attributes that are read. */
export interface Entry {
  /** In `.debug_info`, among those of all files. */
  readonly offset: number;
  readonly tag: number;
  readonly hasChildren: boolean;
  /** Where the next entry starts, its first child if it has any. */
  readonly end: number;
  readonly values: ReadonlyMap<number, number | string>;
  /** Whether DW_AT_high_pc is an address, not a length. */
  readonly highIsAddress: boolean;
  /** Whether DW_AT_ranges is an index. */
  readonly rangesAreIndexed: boolean;
}

export interface Abbreviation {
  readonly tag: number;
  readonly hasChildren: boolean;
  /** Attribute, form, and implicit value, flat. */
  readonly fields: readonly number[];
}

export interface Unit extends Encoding {
  /** Where its first entry starts. */
  readonly first: number;
  readonly end: number;
  readonly abbreviations: ReadonlyMap<number, Abbreviation>;
  readonly rangeListsBase: number;
  /** What its range lists begin relative to. */
  readonly lowest: number;
  /** Its first entry; undefined if it is empty. */
  readonly root: Entry | undefined;
}

const wanted = new Set<number>(Object.values(Attribute));

const none: ReadonlyMap<number, number | string> = new Map();

/**
 * Reads the entry at an offset.
 * @param tags whose attributes are read: skipping the others is faster
 * @returns undefined for the end of a list of children
 */
export function readEntry(unit: Unit, offset: number, tags?: ReadonlySet<number>): Entry | undefined {
  const cursor = new DwarfCursor(unit.sections.info, offset - unit.base);
  const code = cursor.unsigned();
  if (code === 0) return undefined;
  const abbreviation = unit.abbreviations.get(code);
  if (!abbreviation) throw new RangeError('an entry has no abbreviation');
  const { tag, hasChildren, fields } = abbreviation;
  const read = tags === undefined || tags.has(tag);
  const values = read ? new Map<number, number | string>() : none;
  let [highIsAddress, rangesAreIndexed] = [false, false];
  for (let i = 0; i < fields.length; i += 3) {
    const [attribute, form, implicit] = [
      fields[i] as number,
      fields[i + 1] as number,
      fields[i + 2] as number,
    ];
    if (!read || !wanted.has(attribute)) {
      skipValue(cursor, form, unit);
      continue;
    }
    const isId = attribute === Attribute.GNU_DWO_ID && isEightBytes(form);
    const value = isId ? cursor.id() : readValue(cursor, form, implicit, unit);
    if (value !== undefined) (values as Map<number, number | string>).set(attribute, value);
    if (attribute === Attribute.HIGH_PC) highIsAddress = isAddress(form);
    if (attribute === Attribute.RANGES) rangesAreIndexed = isRangeIndex(form);
  }
  return { offset, tag, hasChildren, end: unit.base + cursor.at, values, highIsAddress, rangesAreIndexed };
}
export function textOf(entry: Entry, attribute: number): string | undefined {
  const value = entry.values.get(attribute);
  return typeof value === 'string' ? value : undefined;
}

export function numberOf(entry: Entry, attribute: number): number | undefined {
  const value = entry.values.get(attribute);
  return typeof value === 'number' ? value : undefined;
}
