import type { AddressSpace } from './addressSpace.js';
import { corrupt } from './cursor.js';
import { CONTEXT_MAX_LOW, FIRST_PAGE, SampleType } from './format.js';

/** Samples as columns. The chain of sample i is `chain[chainStart[i]] … chain[chainStart[i + 1] - 1]`. */
export interface SampleColumns {
  readonly length: number;
  readonly pid: Int32Array;
  readonly tid: Int32Array;
  /** Nanoseconds on perf's clock. */
  readonly time: Float64Array;
  readonly period: Float64Array;
  readonly chainStart: Uint32Array;
  /** Location indices, from the innermost frame outward. A caller's is that of the call, not of the return. */
  readonly chain: Int32Array;
}

/** Where the fields of a sample are, in words from its start; -1 for one that is absent. */
interface Layout {
  readonly ip: number;
  readonly period: number;
  readonly callChain: number;
  /** Words up to the call chain: what every sample has. */
  readonly fixed: number;
}

/** Reads samples into columns. The hot loop of opening a recording: no allocation, no 64-bit integers. */
export class SampleReader {
  private length = 0;
  private used = 0;
  private readonly words: Uint32Array;
  private readonly layout: Layout;
  private readonly spaceOf: (pid: number) => AddressSpace;
  private readonly columns: { -readonly [K in keyof Omit<SampleColumns, 'length'>]: SampleColumns[K] };

  constructor(words: Uint32Array, sampleType: number, count: number, spaceOf: (pid: number) => AddressSpace) {
    this.words = words;
    this.layout = layoutOf(sampleType);
    this.spaceOf = spaceOf;
    this.columns = {
      pid: new Int32Array(count),
      tid: new Int32Array(count),
      time: new Float64Array(count),
      period: new Float64Array(count),
      chainStart: new Uint32Array(count + 1),
      chain: new Int32Array(Math.max(count * 4, 16)),
    };
  }

  /** @param at word offset of the record */
  read(at: number, time: number): void {
    const { words, layout, columns } = this;
    const end = at + ((words[at + 1] as number) >>> 18);
    if (at + layout.fixed > end) throw corrupt('a sample ends before its fields do', at * 4);
    const pid = words[at + layout.ip + 2] as number;
    const space = this.spaceOf(pid);
    const i = this.length++;
    columns.pid[i] = pid;
    columns.tid[i] = words[at + layout.ip + 3] as number;
    columns.time[i] = time;
    columns.period[i] =
      layout.period < 0
        ? 1
        : (words[at + layout.period] as number) + (words[at + layout.period + 1] as number) * 2 ** 32;
    const start = this.used;
    if (layout.callChain >= 0) this.readChain(at + layout.callChain, end, space);
    if (this.used === start)
      this.push(space.locate(words[at + layout.ip] as number, words[at + layout.ip + 1] as number));
    columns.chainStart[i + 1] = this.used;
  }

  finish(): SampleColumns {
    return { length: this.length, ...this.columns, chain: this.columns.chain.slice(0, this.used) };
  }

  private readChain(at: number, end: number, space: AddressSpace): void {
    const { words } = this;
    const count = words[at] as number;
    if (words[at + 1] !== 0 || at + 2 + count * 2 > end) {
      throw corrupt(`a call chain of ${count} entries does not fit`, at * 4);
    }
    let caller = 0;
    for (let entry = at + 2; entry < at + 2 + count * 2; entry += 2) {
      let low = words[entry] as number;
      let high = words[entry + 1] as number;
      if (high === 0xffff_ffff && low >= CONTEXT_MAX_LOW) continue;
      if (high === 0 && low < FIRST_PAGE) continue;
      if (caller !== 0) {
        // A return address is the instruction after the call and may belong to the next line or function.
        if (low === 0) high--;
        low = (low - 1) >>> 0;
      }
      caller = 1;
      this.push(space.locate(low, high));
    }
  }

  private push(location: number): void {
    if (this.used === this.columns.chain.length) {
      const grown = new Int32Array(this.used * 2);
      grown.set(this.columns.chain);
      this.columns.chain = grown;
    }
    this.columns.chain[this.used++] = location;
  }
}

/** The order of the fields is that of `PERF_RECORD_SAMPLE` in perf_event_open(2). */
function layoutOf(sampleType: number): Layout {
  let at = 2;
  const place = (bit: number) => {
    if ((sampleType & bit) === 0) return -1;
    at += 2;
    return at - 2;
  };
  place(SampleType.IDENTIFIER);
  const ip = place(SampleType.IP);
  for (const bit of [SampleType.TID, SampleType.TIME, SampleType.ADDR, SampleType.ID, SampleType.STREAM_ID])
    place(bit);
  place(SampleType.CPU);
  const period = place(SampleType.PERIOD);
  if (sampleType & SampleType.READ)
    throw corrupt('its samples hold counter values (perf record -e {…}:S)', 0);
  const callChain = place(SampleType.CALLCHAIN);
  return { ip, period, callChain, fixed: at };
}
