import { Attribute, indexedAddress } from './attributes.js';
import { DwarfCursor } from './cursor.js';
import { numberOf, type Entry, type Unit } from './entries.js';

/** From the first address up to the one after the last. */
export type Range = readonly [from: number, to: number];

/** The code of an entry: one range, or a list of them. */
export function rangesOf(entry: Entry, unit: Unit, base: number): Range[] {
  const list = numberOf(entry, Attribute.RANGES);
  if (list !== undefined)
    return unit.version < 5
      ? oldRanges(list + unit.rangeListsBase, unit, base)
      : rangeList(entry.rangesAreIndexed ? listAt(list, unit) : list, unit, base);
  const low = numberOf(entry, Attribute.LOW_PC);
  const high = numberOf(entry, Attribute.HIGH_PC);
  if (low === undefined || high === undefined) return [];
  return [[low, entry.highIsAddress ? high : low + high]];
}

/** Pairs of addresses, relative to a base that a pair beginning with the largest address sets (DWARF 4, 2.17.3). */
function oldRanges(at: number, unit: Unit, base: number): Range[] {
  const cursor = new DwarfCursor(unit.sections.ranges, at);
  const largest = unit.addressSize === 8 ? 2 ** 64 : 2 ** 32 - 1;
  const found: Range[] = [];
  for (let from = base; ;) {
    const [low, high] = [cursor.number(unit.addressSize), cursor.number(unit.addressSize)];
    if (low === 0 && high === 0) return found;
    if (low === largest) from = high;
    else found.push([from + low, from + high]);
  }
}

/** The offset of a list by its number (DWARF 5, 7.28). */
function listAt(index: number, unit: Unit): number {
  const cursor = new DwarfCursor(unit.sections.rangeLists, unit.rangeListsBase + index * unit.offsetSize);
  return unit.rangeListsBase + cursor.number(unit.offsetSize);
}

/** DWARF 5, 7.25: kinds of entries of a range list. */
const Kind = {
  END: 0,
  BASE_INDEXED: 1,
  START_END_INDEXED: 2,
  START_LENGTH_INDEXED: 3,
  OFFSET_PAIR: 4,
  BASE: 5,
  START_END: 6,
  START_LENGTH: 7,
} as const;

function rangeList(at: number, unit: Unit, base: number): Range[] {
  const cursor = new DwarfCursor(unit.sections.rangeLists, at);
  const address = () => cursor.number(unit.addressSize);
  const indexed = () => indexedAddress(cursor.unsigned(), unit) ?? 0;
  const found: Range[] = [];
  for (let from = base; ;) {
    const kind = cursor.number(1);
    let start: number;
    switch (kind) {
      case Kind.END:
        return found;
      case Kind.BASE_INDEXED:
        from = indexed();
        break;
      case Kind.BASE:
        from = address();
        break;
      case Kind.START_END_INDEXED:
        found.push([indexed(), indexed()]);
        break;
      case Kind.START_LENGTH_INDEXED:
        start = indexed();
        found.push([start, start + cursor.unsigned()]);
        break;
      case Kind.OFFSET_PAIR:
        found.push([from + cursor.unsigned(), from + cursor.unsigned()]);
        break;
      case Kind.START_END:
        found.push([address(), address()]);
        break;
      case Kind.START_LENGTH:
        start = address();
        found.push([start, start + cursor.unsigned()]);
        break;
      default:
        throw new RangeError(`unknown kind ${kind} of range`);
    }
  }
}

/** The first place of a value or a larger one. @param sorted in ascending order */
export function firstAtLeast(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
