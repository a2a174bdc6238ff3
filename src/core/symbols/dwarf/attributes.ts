import type { DwarfCursor } from './cursor.js';
import type { DwarfSections } from './sections.js';

/** Attributes that are read (DWARF 5, section 7.5.4); others are skipped. */
export const Attribute = {
  NAME: 0x03,
  STMT_LIST: 0x10,
  LOW_PC: 0x11,
  HIGH_PC: 0x12,
  LANGUAGE: 0x13,
  COMP_DIR: 0x1b,
  PRODUCER: 0x25,
  ABSTRACT_ORIGIN: 0x31,
  ARTIFICIAL: 0x34,
  DECL_FILE: 0x3a,
  DECL_LINE: 0x3b,
  EXTERNAL: 0x3f,
  SPECIFICATION: 0x47,
  TYPE: 0x49,
  RANGES: 0x55,
  CALL_FILE: 0x58,
  CALL_LINE: 0x59,
  OBJECT_POINTER: 0x64,
  LINKAGE_NAME: 0x6e,
  STR_OFFSETS_BASE: 0x72,
  ADDR_BASE: 0x73,
  RNGLISTS_BASE: 0x74,
  DWO_NAME: 0x76,
  MIPS_LINKAGE_NAME: 0x2007,
  // Of split debug information before DWARF 5 (https://gcc.gnu.org/wiki/DebugFission).
  GNU_DWO_NAME: 0x2130,
  GNU_DWO_ID: 0x2131,
  GNU_RANGES_BASE: 0x2132,
  GNU_ADDR_BASE: 0x2133,
} as const;

/** What a unit says about how its attributes are encoded. */
export interface Encoding {
  /** Where the offsets of its file begin: those of several files are one row. */
  readonly base: number;
  readonly start: number;
  readonly sections: DwarfSections;
  /** The file that dwz moved to what several files have in common. */
  readonly shared: { readonly base: number; readonly sections: DwarfSections } | undefined;
  readonly version: number;
  readonly addressSize: number;
  /** Of offsets: 8 in 64-bit DWARF. */
  readonly offsetSize: number;
  readonly textOffsetsBase: number;
  readonly addressBase: number;
}

const Form = {
  addr: 0x01,
  block2: 0x03,
  block4: 0x04,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  block: 0x09,
  block1: 0x0a,
  data1: 0x0b,
  flag: 0x0c,
  sdata: 0x0d,
  strp: 0x0e,
  udata: 0x0f,
  refAddr: 0x10,
  ref1: 0x11,
  ref2: 0x12,
  ref4: 0x13,
  ref8: 0x14,
  refUdata: 0x15,
  indirect: 0x16,
  secOffset: 0x17,
  exprloc: 0x18,
  flagPresent: 0x19,
  strx: 0x1a,
  addrx: 0x1b,
  refSup4: 0x1c,
  strpSup: 0x1d,
  data16: 0x1e,
  lineStrp: 0x1f,
  refSig8: 0x20,
  implicitConst: 0x21,
  loclistx: 0x22,
  rnglistx: 0x23,
  refSup8: 0x24,
  strx1: 0x25,
  strx4: 0x28,
  addrx1: 0x29,
  addrx4: 0x2c,
  gnuAddrIndex: 0x1f01,
  gnuStrIndex: 0x1f02,
  gnuRefAlt: 0x1f20,
  gnuStrpAlt: 0x1f21,
} as const;

/** Whether a value of the form is an address rather than a length, for DW_AT_high_pc. */
export function isAddress(form: number): boolean {
  return (
    form === Form.addr ||
    form === Form.addrx ||
    form === Form.gnuAddrIndex ||
    (form >= Form.addrx1 && form <= Form.addrx4)
  );
}

/** Whether a value of the form is an index of a range list rather than an offset, for DW_AT_ranges. */
export function isRangeIndex(form: number): boolean {
  return form === Form.rnglistx;
}

/** Whether a value of the form is a number of 8 bytes, of which a part may be lost when it is read as one. */
export function isEightBytes(form: number): boolean {
  return form === Form.data8;
}

/** Whether the abbreviation, not the entry, has the value. */
export function isImplicit(form: number): boolean {
  return form === Form.implicitConst;
}

/**
 * Reads a value: references as offsets of entries, flags as 1. Undefined for what isn't a number or a text, and for what
 * is in a file that isn't there (DWARF 5, section 7.5.6).
 */
export function readValue(
  cursor: DwarfCursor,
  form: number,
  implicit: number,
  unit: Encoding,
): number | string | undefined {
  const { sections, shared } = unit;
  switch (form) {
    case Form.string:
      return cursor.text();
    case Form.strp:
      return textIn(sections.text, cursor.number(unit.offsetSize));
    case Form.lineStrp:
      return textIn(sections.lineText, cursor.number(unit.offsetSize));
    case Form.strx:
    case Form.gnuStrIndex:
      return indexedText(cursor.unsigned(), unit);
    case Form.addrx:
    case Form.gnuAddrIndex:
      return indexedAddress(cursor.unsigned(), unit);
    case Form.ref1:
    case Form.ref2:
    case Form.ref4:
    case Form.ref8:
      return unit.start + cursor.number(1 << (form - Form.ref1));
    case Form.refUdata:
      return unit.start + cursor.unsigned();
    case Form.refAddr:
      return unit.base + cursor.number(unit.version < 3 ? unit.addressSize : unit.offsetSize);
    case Form.gnuRefAlt:
      return inShared(shared, cursor.number(unit.offsetSize));
    case Form.refSup4:
      return inShared(shared, cursor.number(4));
    case Form.refSup8:
      return inShared(shared, cursor.number(8));
    case Form.gnuStrpAlt:
    case Form.strpSup: {
      const at = cursor.number(unit.offsetSize);
      return shared && textIn(shared.sections.text, at);
    }
    case Form.udata:
    case Form.rnglistx:
      return cursor.unsigned();
    case Form.flagPresent:
      return 1;
    case Form.implicitConst:
      return implicit;
    case Form.indirect:
      return readValue(cursor, cursor.unsigned(), 0, unit);
  }
  if (form >= Form.strx1 && form <= Form.strx4)
    return indexedText(cursor.number(form - Form.strx1 + 1), unit);
  if (form >= Form.addrx1 && form <= Form.addrx4)
    return indexedAddress(cursor.number(form - Form.addrx1 + 1), unit);
  const size = plainSize(form, unit);
  if (size !== undefined) return cursor.number(size);
  skipValue(cursor, form, unit);
  return undefined;
}

export function skipValue(cursor: DwarfCursor, form: number, unit: Encoding): void {
  const size = plainSize(form, unit) ?? otherSize(form, unit);
  if (size !== undefined) {
    cursor.at += size;
    return;
  }
  switch (form) {
    case Form.string:
      cursor.skipText();
      break;
    case Form.block:
    case Form.exprloc:
      cursor.skip(cursor.unsigned());
      break;
    case Form.block1:
      cursor.skip(cursor.number(1));
      break;
    case Form.block2:
      cursor.skip(cursor.number(2));
      break;
    case Form.block4:
      cursor.skip(cursor.number(4));
      break;
    case Form.indirect:
      skipValue(cursor, cursor.unsigned(), unit);
      break;
    case Form.sdata:
    case Form.udata:
    case Form.refUdata:
    case Form.strx:
    case Form.addrx:
    case Form.loclistx:
    case Form.rnglistx:
    case Form.gnuAddrIndex:
    case Form.gnuStrIndex:
      cursor.skipLeb();
      break;
    default:
      // Everything after a form of unknown size would be misread.
      throw new RangeError(`unknown form 0x${form.toString(16)}`);
  }
}

/** The size of a number that is stored as it is. */
function plainSize(form: number, unit: Encoding): number | undefined {
  if (form === Form.data1 || form === Form.flag) return 1;
  if (form === Form.data2) return 2;
  if (form === Form.data4) return 4;
  if (form === Form.data8) return 8;
  if (form === Form.addr) return unit.addressSize;
  return form === Form.secOffset ? unit.offsetSize : undefined;
}

/** The size of other values whose size doesn't depend on them. */
function otherSize(form: number, unit: Encoding): number | undefined {
  if (form === Form.flagPresent || form === Form.implicitConst) return 0;
  if (form >= Form.ref1 && form <= Form.ref8) return 1 << (form - Form.ref1);
  if (form >= Form.strx1 && form <= Form.strx4) return form - Form.strx1 + 1;
  if (form >= Form.addrx1 && form <= Form.addrx4) return form - Form.addrx1 + 1;
  if (form === Form.refSup4) return 4;
  if (form === Form.refSig8 || form === Form.refSup8) return 8;
  if (form === Form.data16) return 16;
  if (form === Form.refAddr) return unit.version < 3 ? unit.addressSize : unit.offsetSize;
  const ofOffset: readonly number[] = [
    Form.strp,
    Form.lineStrp,
    Form.strpSup,
    Form.gnuRefAlt,
    Form.gnuStrpAlt,
  ];
  return ofOffset.includes(form) ? unit.offsetSize : undefined;
}

function textIn(section: Buffer, at: number): string | undefined {
  const end = section.indexOf(0, at);
  return end < 0 ? undefined : section.toString('utf8', at, end);
}

function inShared(shared: Encoding['shared'], offset: number): number | undefined {
  return shared && shared.base + offset;
}

function indexedText(index: number, unit: Encoding): string | undefined {
  const { textOffsets, text } = unit.sections;
  const at = unit.textOffsetsBase + index * unit.offsetSize;
  if (at + unit.offsetSize > textOffsets.length) return undefined;
  return textIn(
    text,
    unit.offsetSize === 8 ? Number(textOffsets.readBigUInt64LE(at)) : textOffsets.readUInt32LE(at),
  );
}

export function indexedAddress(index: number, unit: Encoding): number | undefined {
  const { addresses } = unit.sections;
  const at = unit.addressBase + index * unit.addressSize;
  if (at + unit.addressSize > addresses.length) return undefined;
  return unit.addressSize === 8 ? Number(addresses.readBigUInt64LE(at)) : addresses.readUInt32LE(at);
}
