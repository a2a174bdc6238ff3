import { corrupt, type Cursor } from './cursor.js';
import { ATTR_SIZE_VER0, AttrFlag, BranchSample, ReadFormat, SampleType } from './format.js';

/** What of a `struct perf_event_attr` matters: one event of the recording and what its samples hold. */
export interface EventAttributes {
  readonly type: number;
  readonly config: number;
  readonly sampleType: number;
  readonly readFormat: number;
  /** Whether records other than samples end with thread, time and event. */
  readonly sampleIdAll: boolean;
  readonly excludeUser: boolean;
  readonly excludeKernel: boolean;
  readonly excludeHypervisor: boolean;
  readonly excludeHost: boolean;
  readonly excludeGuest: boolean;
  /** How precise the address of a sample had to be, 0 to 3. */
  readonly precise: number;
  /** The period of all samples where they do not tell their own. */
  readonly fixedPeriod: number;
  /** Whether branch stacks are call stacks (`--call-graph lbr`). */
  readonly branchCallStack: boolean;
  readonly branchHwIndex: boolean;
  /** Whether times are of CLOCK_MONOTONIC (`-k mono`), which other programs can tell, too. */
  readonly monotonic: boolean;
  readonly layout: SampleLayout;
}

const CLOCK_MONOTONIC = 1;

/** Where the fields of a sample are, in 32-bit words from its start; -1 for one that is absent. */
export interface SampleLayout {
  readonly ip: number;
  readonly tid: number;
  readonly time: number;
  readonly period: number;
  readonly id: number;
  /** Words before the first field of variable size: what every sample has. */
  readonly fixed: number;
  /** Where other records have the time and the event's id, in words before their end. */
  readonly timeFromEnd: number;
  readonly idFromEnd: number;
}

/**
 * Reads one attribute, which all versions of perf wrote with the same first fields: type, size, config,
 * sample_period, sample_type, read_format, flags, wakeup, bp_type, bp_addr, bp_len, branch_sample_type, sample_regs_user,
 * sample_stack_user, clockid.
 * @param size of the attribute in the file
 */
export function readAttributes(cursor: Cursor, size: number): EventAttributes {
  const start = cursor.offset;
  if (size < ATTR_SIZE_VER0)
    throw corrupt(`the attributes of an event have only ${size} bytes`, cursor.position);
  const type = cursor.u32();
  cursor.skip(4);
  const config = cursor.u64();
  const period = cursor.u64();
  // Known bits are in the lower half of each 64-bit field.
  const sampleType = cursor.u32();
  cursor.skip(4);
  const readFormat = cursor.u32();
  cursor.skip(4);
  const flags = cursor.u32();
  cursor.skip(20);
  let branch = 0;
  if (size >= 80) {
    cursor.skip(8);
    branch = cursor.u32();
  }
  let clock = 0;
  if (size >= 96) {
    cursor.skip(16);
    clock = cursor.u32();
  }
  cursor.skip(start + size - cursor.offset);
  return {
    type,
    config,
    sampleType,
    readFormat,
    sampleIdAll: (flags & AttrFlag.SAMPLE_ID_ALL) !== 0,
    excludeUser: (flags & AttrFlag.EXCLUDE_USER) !== 0,
    excludeKernel: (flags & AttrFlag.EXCLUDE_KERNEL) !== 0,
    excludeHypervisor: (flags & AttrFlag.EXCLUDE_HYPERVISOR) !== 0,
    excludeHost: (flags & AttrFlag.EXCLUDE_HOST) !== 0,
    excludeGuest: (flags & AttrFlag.EXCLUDE_GUEST) !== 0,
    precise: (flags >>> AttrFlag.PRECISE_SHIFT) & 3,
    fixedPeriod: flags & AttrFlag.FREQ || period === 0 ? 1 : period,
    branchCallStack: (branch & BranchSample.CALL_STACK) !== 0,
    branchHwIndex: (branch & BranchSample.HW_INDEX) !== 0,
    monotonic: (flags & AttrFlag.USE_CLOCKID) !== 0 && clock === CLOCK_MONOTONIC,
    layout: layoutOf(sampleType),
  };
}

/** The order of the fields is that of `PERF_RECORD_SAMPLE` and `struct sample_id` in perf_event_open(2). */
function layoutOf(sampleType: number): SampleLayout {
  const has = (bit: number) => (sampleType & bit) !== 0;
  let at = 2;
  const place = (bit: number) => {
    if (!has(bit)) return -1;
    at += 2;
    return at - 2;
  };
  const identifier = place(SampleType.IDENTIFIER);
  const ip = place(SampleType.IP);
  const tid = place(SampleType.TID);
  const time = place(SampleType.TIME);
  place(SampleType.ADDR);
  const id = place(SampleType.ID);
  place(SampleType.STREAM_ID);
  place(SampleType.CPU);
  const period = place(SampleType.PERIOD);
  // The trailer: TID, TIME, ID, STREAM_ID, CPU, IDENTIFIER.
  const trailing = [SampleType.ID, SampleType.STREAM_ID, SampleType.CPU, SampleType.IDENTIFIER];
  const after = (first: number) => 2 * trailing.slice(first).filter(has).length;
  return {
    ip,
    tid,
    time,
    period,
    id: identifier >= 0 ? identifier : id,
    fixed: at,
    timeFromEnd: has(SampleType.TIME) ? after(0) + 2 : -1,
    idFromEnd: identifier >= 0 ? 2 : has(SampleType.ID) ? after(0) : -1,
  };
}

/** Words that each counter of a READ field has, and whether it is a list of them. */
export function readFields(readFormat: number) {
  const has = (bit: number) => ((readFormat & bit) === 0 ? 0 : 1);
  return {
    group: has(ReadFormat.GROUP) === 1,
    times: 2 * (has(ReadFormat.TOTAL_TIME_ENABLED) + has(ReadFormat.TOTAL_TIME_RUNNING)),
    hasId: has(ReadFormat.ID) === 1,
    value: 2 * (1 + has(ReadFormat.ID) + has(ReadFormat.LOST)),
  };
}
