import { IntPairMap } from '../../model/intPairMap.js';
import type { ProfileThread } from '../../model/profile.js';
import { readFields, type EventAttributes } from './attributes.js';
import { ChainReader } from './chainReader.js';
import { corrupt, unsupported } from './cursor.js';
import type { EventTable, RecordedEvent } from './eventTable.js';
import { DeferredChains } from './deferredChains.js';
import { Context, CPUMODE_MASK, CpuModeBits, SampleType } from './format.js';
import { SampleColumns } from './sampleColumns.js';

/** Reads samples of all events into columns. This is the hot loop of opening a recording. */
export class SampleReader {
  readonly columns = new SampleColumns();
  readonly chains = new ChainReader();
  private readonly deferred = new DeferredChains();
  readonly threads: ProfileThread[] = [];
  /** Process IDs by the index that the roots of the tree have. */
  readonly processes: number[] = [];
  /** Number of samples of unknown events. */
  unknown = 0;
  /** Whether any sample has a copy of its stack, for unwinding with perf. */
  stackCopies = false;
  hasChains = false;
  private readonly processIndex = new IntPairMap(16);
  private readonly threadIndex = new IntPairMap(16);
  private readonly threadProcess: number[] = [];
  private readonly table: EventTable;
  private lastPid = -2;
  private lastTid = -2;
  private lastThread = -1;
  private scratch = new Uint32Array(1024);

  constructor(table: EventTable) {
    this.table = table;
  }

  /**
   * @param at word offset of the record
   * @param size of the record in words
   * @param position of the record in the file, in bytes
   */
  read(words: Uint32Array, at: number, size: number, position: number): void {
    const { events } = this.table;
    let event = 0;
    let { attributes } = (events[0] ?? noEvent(position)) as RecordedEvent;
    if (events.length > 1) {
      const { id } = attributes.layout;
      if (id < 0 || id + 2 > size) throw corrupt("a sample doesn't say which event it belongs to", position);
      event = this.table.ofId(words[at + id] as number, words[at + id + 1] as number);
      if (event === -1) {
        this.unknown++;
        return;
      }
      ({ attributes } = events[event] as RecordedEvent);
    }
    const { layout, sampleType } = attributes;
    const end = at + size;
    if (layout.fixed > size) throw corrupt('a sample is too short for its fields', position);
    const time =
      layout.time < 0
        ? 0
        : (words[at + layout.time] as number) + (words[at + layout.time + 1] as number) * 2 ** 32;
    const weight =
      layout.period < 0
        ? attributes.fixedPeriod
        : (words[at + layout.period] as number) + (words[at + layout.period + 1] as number) * 2 ** 32;
    const thread =
      layout.tid < 0
        ? this.thread(-1, -1)
        : this.thread(words[at + layout.tid] as number, words[at + layout.tid + 1] as number);
    const process = this.threadProcess[thread] as number;
    const mode = (words[at + 1] as number) & CPUMODE_MASK;
    const ip = layout.ip < 0 ? -1 : at + layout.ip;

    let next = at + layout.fixed;
    const readAt = next;
    if (sampleType & SampleType.READ) next += readSize(attributes, words, next, end, position);
    let chain: number;
    let chainAt = next;
    let count = 0;
    let deferred = -1;
    if (sampleType & SampleType.CALLCHAIN) {
      count = listLength(words, next, end, 2, 'call chain', position);
      chainAt = next + 2;
      next = chainAt + count * 2;
      if (count > 0) this.hasChains = true;
      // The rest of the chain follows later: in its place are a marker and a cookie.
      if (count >= 2 && words[next - 4] === Context.USER_DEFERRED && words[next - 3] === 0xffff_ffff) {
        deferred = next - 2;
        count -= 2;
      }
    }
    if (attributes.branchCallStack && sampleType & SampleType.BRANCH_STACK) {
      if (sampleType & SampleType.RAW) next = skipRaw(words, next, end, position);
      chain = this.branchChain(attributes, words, next, end, position, { chainAt, count, process, mode, ip });
    } else {
      chain = this.chains.read(words, chainAt, count, process, mode, ip);
    }
    let row = this.columns.length;
    if (sampleType & SampleType.STACK_USER && sampleType & SampleType.REGS_USER) this.stackCopies = true;
    if (sampleType & SampleType.READ) {
      this.deliverRead(attributes, words, readAt, time, thread, chain, event, weight);
    } else {
      this.columns.push(time, weight, thread, event, chain);
    }
    if (deferred !== -1)
      for (; row < this.columns.length; row++)
        this.deferred.expect(row, words[deferred] as number, words[deferred + 1] as number);
  }

  /**
   * The user part of a call chain: u64 cookie, u64 nr, nr addresses, and a trailer that starts with pid and tid.
   * @param at word offset of the record
   */
  readDeferred(words: Uint32Array, at: number, size: number, position: number): void {
    const count = listLength(words, at + 4, at + size, 2, 'deferred call chain', position);
    const trailer = at + 6 + count * 2;
    const { sampleIdAll, sampleType } = (this.table.events[0] ?? noEvent(position)).attributes;
    const known = sampleIdAll && (sampleType & SampleType.TID) !== 0 && trailer + 2 <= at + size;
    const process = this.process(known ? (words[trailer] as number) | 0 : -1);
    const node = this.chains.read(words, at + 6, count, process, CpuModeBits.USER, -1);
    this.deferred.add(words[at + 2] as number, words[at + 3] as number, node);
  }

  /**
   * Joins call chains that were recorded in two parts. To be called once, after all records were read.
   * @returns notes for the user
   */
  joinDeferred(): string[] {
    return this.deferred.join(this.columns, this.chains);
  }

  private process(pid: number): number {
    let index = this.processIndex.get(pid, 0);
    if (index === -1) {
      index = this.processes.push(pid) - 1;
      // The roots of the tree are process * 8 + mode below zero.
      if (index >= 2 ** 27) throw unsupported('It has too many processes.', 'Record for a shorter time.');
      this.processIndex.set(pid, 0, index);
    }
    return index;
  }

  processOf(thread: number): number {
    return this.threadProcess[thread] as number;
  }

  private thread(pid: number, tid: number): number {
    if (pid === this.lastPid && tid === this.lastTid) return this.lastThread;
    let index = this.threadIndex.get(pid, tid);
    if (index === -1) {
      index = this.threads.push({ pid: pid | 0, tid: tid | 0, name: '' }) - 1;
      this.threadIndex.set(pid, tid, index);
      this.threadProcess.push(this.process(pid | 0));
    }
    this.lastPid = pid;
    this.lastTid = tid;
    this.lastThread = index;
    return index;
  }

  /**
   * Counters that are read with a sample give one sample for each, weighted by what it counted since the last one
   * (perf's deliver_sample_value in session.c). Without ids the sample is its own event's.
   */
  private deliverRead(
    attributes: EventAttributes,
    words: Uint32Array,
    at: number,
    time: number,
    thread: number,
    chain: number,
    event: number,
    weight: number,
  ): void {
    const { group, times, hasId, value } = readFields(attributes.readFormat);
    if (!hasId) {
      this.columns.push(time, weight, thread, event, chain);
      return;
    }
    const count = group ? (words[at] as number) : 1;
    let counter = group ? at + 2 + times : at;
    for (let i = 0; i < count; i++, counter += value) {
      const id = group ? counter + 2 : counter + 2 + times;
      const [low, high] = [words[id] as number, words[id + 1] as number];
      const total = (words[counter] as number) + (words[counter + 1] as number) * 2 ** 32;
      const of = this.table.ofId(low, high);
      const added = this.table.difference(low, high, total);
      if (of === -1) this.unknown++;
      else if (added > 0) this.columns.push(time, added, thread, of, chain);
    }
  }

  /**
   * Last branch records in call-stack mode are pairs (from: the call, to: the function), the innermost first; they
   * replace the user part of the chain (perf's resolve_lbr_callchain_sample in machine.c).
   */
  private branchChain(
    attributes: EventAttributes,
    words: Uint32Array,
    at: number,
    end: number,
    position: number,
    sample: { chainAt: number; count: number; process: number; mode: number; ip: number },
  ): number {
    const branches = listLength(
      words,
      at,
      end,
      6,
      'branch stack',
      position,
      attributes.branchHwIndex ? 2 : 0,
    );
    const entries = at + 2 + (attributes.branchHwIndex ? 2 : 0);
    const { chainAt, count, process, mode, ip } = sample;
    let user = 0;
    while (
      user < count &&
      !(words[chainAt + user * 2 + 1] === 0xffff_ffff && words[chainAt + user * 2] === Context.USER)
    ) {
      user++;
    }
    if (user === count || branches === 0) return this.chains.read(words, chainAt, count, process, mode, ip);
    this.hasChains = true;
    // The kernel's part, the marker, the user's own address, then the calls. Calls are exact addresses, while the
    // tree's callers are return addresses: one more.
    const own = user + 1 < count ? chainAt + (user + 1) * 2 : entries + 2;
    const length = user + 2 + branches;
    if (this.scratch.length < length * 2 + 2) this.scratch = new Uint32Array(length * 4 + 2);
    const { scratch } = this;
    scratch.set(words.subarray(chainAt, chainAt + (user + 1) * 2));
    let to = (user + 1) * 2;
    scratch[to++] = words[own] as number;
    scratch[to++] = words[own + 1] as number;
    for (let i = 0; i < branches; i++) {
      const low = words[entries + i * 6] as number;
      const high = words[entries + i * 6 + 1] as number;
      scratch[to++] = low + 1;
      scratch[to++] = low === 0xffff_ffff ? high + 1 : high;
    }
    if (ip >= 0) {
      scratch[to] = words[ip] as number;
      scratch[to + 1] = words[ip + 1] as number;
    }
    return this.chains.read(scratch, 0, length, process, mode, ip < 0 ? -1 : to);
  }
}

function noEvent(position: number): never {
  throw corrupt('a sample comes before any event was described', position);
}

/** Words of a READ field (perf_event_open(2), "read_format"). */
function readSize(
  { readFormat }: EventAttributes,
  words: Uint32Array,
  at: number,
  end: number,
  position: number,
): number {
  const { group, times, value } = readFields(readFormat);
  const size = group
    ? 2 + times + value * listLength(words, at, end, value, 'group of counters', position, times)
    : times + value;
  if (at + size > end) throw corrupt('a sample ends before its counters do', position);
  return size;
}

/** The number of entries in a list of entries of `entry` words behind its length and `before` more words. */
function listLength(
  words: Uint32Array,
  at: number,
  end: number,
  entry: number,
  what: string,
  position: number,
  before = 0,
): number {
  if (at + 2 + before > end) throw corrupt(`a sample is too short for its ${what}`, position);
  const count = words[at] as number;
  if (words[at + 1] !== 0 || at + 2 + before + count * entry > end)
    throw corrupt(`a ${what} of ${count} entries doesn't fit into its sample`, position);
  return count;
}

/** RAW: its size in bytes as u32, then so many bytes; both together are a multiple of eight. */
function skipRaw(words: Uint32Array, at: number, end: number, position: number): number {
  const next = at + 1 + ((words[at] ?? 0) >>> 2);
  if (at >= end || next > end) throw corrupt('a sample is too short for its raw data', position);
  return next + ((next - at) % 2);
}
