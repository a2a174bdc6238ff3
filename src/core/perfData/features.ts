import type { KernelReference } from '../symbols/location.js';
import { corrupt, type Cursor } from './cursor.js';
import type { EventTable } from './eventTable.js';
import { Feature, MISC_BUILD_ID_SIZE } from './format.js';

/** What a recording tells about the machine that was recorded. */
export interface Origin {
  /** Hexadecimal, by path. */
  readonly buildIds: Map<string, string>;
  /** As `uname -r` printed it. */
  kernelRelease?: string;
  /** Where the kernel was loaded, which differs after each boot. */
  kernelReference?: KernelReference;
}

/** One feature section of a file, or the content of a HEADER_FEATURE record of a pipe. */
export function readFeature(bit: number, cursor: Cursor, events: EventTable, origin: Origin): void {
  if (bit === Feature.EVENT_DESC) eventNames(cursor, events);
  else if (bit === Feature.PMU_MAPPINGS) pmuNames(cursor, events);
  else if (bit === Feature.OSRELEASE) origin.kernelRelease = cursor.text(cursor.u32());
  else if (bit === Feature.BUILD_ID) {
    while (cursor.remaining >= 36) {
      cursor.skip(4);
      const misc = cursor.u16();
      const size = cursor.u16();
      readBuildId(cursor, misc, size, origin.buildIds);
    }
  }
}

/**
 * The rest of a struct perf_record_header_build_id: pid, 20 bytes of build id, its size, file name.
 * @param size of the whole record, with its header of 8 bytes
 */
export function readBuildId(cursor: Cursor, misc: number, size: number, buildIds: Map<string, string>): void {
  if (size < 36) throw corrupt(`the record of a build ID has only ${size} bytes`, cursor.position);
  cursor.skip(4);
  const id = cursor.hex(20);
  const told = cursor.u32() & 0xff;
  const bytes = misc & MISC_BUILD_ID_SIZE ? Math.min(told, 20) : 20;
  buildIds.set(cursor.text(size - 36), id.slice(0, bytes * 2));
}

/** u32 count, u32 size of an attribute; then each attribute, u32 count of ids, name, ids. */
function eventNames(cursor: Cursor, events: EventTable): void {
  const count = cursor.u32();
  const attrSize = cursor.u32();
  for (let i = 0; i < count; i++) {
    cursor.skip(attrSize);
    const ids = cursor.u32();
    const name = cursor.text(cursor.u32());
    if (ids > 0) {
      const index = events.ofId(cursor.u32(), cursor.u32());
      cursor.skip((ids - 1) * 8);
      events.name(index === -1 ? i : index, name);
    } else events.name(i, name);
  }
}

/** u32 count; then for each u32 type and its name. */
function pmuNames(cursor: Cursor, events: EventTable): void {
  const count = cursor.u32();
  for (let i = 0; i < count; i++) {
    const type = cursor.u32();
    events.pmus.set(type, cursor.text(cursor.u32()));
  }
}
