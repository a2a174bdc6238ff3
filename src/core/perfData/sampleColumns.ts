type Numbers = Int32Array | Float64Array | Uint8Array;

/** A file whose beginning is denser than the rest doesn't take more than this many times what it needs. */
const MOST_AT_ONCE = 32;

/**
 * Samples as they are read, 25 bytes each, in columns that grow by doubling, or to what a part of the file lets expect:
 * sizes that a file states can't be trusted.
 */
export class SampleColumns {
  length = 0;
  /** Whether times never decrease. */
  sorted = true;
  /** Nanoseconds on perf's clock; 0 if the recording has no times. */
  time = new Float64Array(1024);
  weight = new Float64Array(1024);
  thread = new Int32Array(1024);
  event = new Uint8Array(1024);
  /** A node of the `AddressTree`, -1 if there is no address. */
  chain = new Int32Array(1024);

  /** How much of the file has been read (0..1), if known: the rest is about as dense. */
  fractionRead = 0;

  push(time: number, weight: number, thread: number, event: number, chain: number): void {
    const i = this.length;
    if (i === this.time.length) this.grow();
    if (i > 0 && time < (this.time[i - 1] as number)) this.sorted = false;
    this.time[i] = time;
    this.weight[i] = weight;
    this.thread[i] = thread;
    this.event[i] = event;
    this.chain[i] = chain;
    this.length = i + 1;
  }

  /**
   * Sorts by time; samples of the same time stay in the order of the file. perf writes what came in a moment together, so that
   * each part is sorted by itself: its columns stay in the processor's cache, and few new pages are touched.
   */
  sort(): void {
    if (this.sorted) return;
    for (const { from, to } of unsortedParts(this.time, this.length)) {
      const order = timeOrder(this.time.subarray(from, to), to - from);
      for (const column of [this.time, this.weight, this.thread, this.event, this.chain])
        permute(column, order, from);
    }
    this.sorted = true;
  }

  private grow(): void {
    const double = <T extends Numbers>(column: T, into: T): T => {
      into.set(column);
      return into;
    };
    const expected = this.fractionRead > 0 ? (this.length / this.fractionRead) * 1.02 : 0;
    const size = Math.max(this.length * 2, Math.min(Math.ceil(expected), this.length * MOST_AT_ONCE));
    this.time = double(this.time, new Float64Array(size));
    this.weight = double(this.weight, new Float64Array(size));
    this.thread = double(this.thread, new Int32Array(size));
    this.event = double(this.event, new Uint8Array(size));
    this.chain = double(this.chain, new Int32Array(size));
  }
}

function permute(column: Numbers, order: Int32Array, from: number): void {
  const before = column.slice(from, from + order.length);
  for (let i = 0; i < order.length; i++) column[from + i] = before[order[i] as number] as number;
}

/** The parts to sort: what is before a part is earlier than all in it, and what is behind it later. O(length). */
function unsortedParts(time: Float64Array, length: number): { from: number; to: number }[] {
  // Of each ascending sequence the start, and the earliest time from there on.
  const starts: number[] = [0];
  for (let i = 1; i < length; i++) if ((time[i] as number) < (time[i - 1] as number)) starts.push(i);
  const earliest = new Float64Array(starts.length + 1).fill(Infinity);
  for (let s = starts.length - 1; s >= 0; s--)
    earliest[s] = Math.min(earliest[s + 1] as number, time[starts[s] as number] as number);
  const parts: { from: number; to: number }[] = [];
  let first = 0;
  let latest = -Infinity;
  for (let s = 0; s < starts.length; s++) {
    const to = starts[s + 1] ?? length;
    latest = Math.max(latest, time[to - 1] as number);
    if (latest > (earliest[s + 1] as number)) continue;
    if (s > first) parts.push({ from: starts[first] as number, to });
    first = s + 1;
  }
  return parts;
}

/**
 * A stable order by time. perf writes the buffer of one processor after the other, so times consist of a few thousand
 * ascending sequences: a natural merge sort, which skips neighbors that are already in order, takes O(n log processors).
 */
export function timeOrder(time: Float64Array, length: number): Int32Array {
  let from = new Int32Array(length);
  for (let i = 0; i < length; i++) from[i] = i;
  let sequences: number[] = [0];
  for (let i = 1; i < length; i++) if ((time[i] as number) < (time[i - 1] as number)) sequences.push(i);
  let into = new Int32Array(length);
  while (sequences.length > 1) {
    const merged: number[] = [];
    for (let r = 0; r < sequences.length; r += 2) {
      const start = sequences[r] as number;
      const middle = sequences[r + 1] ?? length;
      const end = sequences[r + 2] ?? length;
      merge(time, from, into, start, middle, end);
      const last = start === 0 ? -1 : (into[start - 1] as number);
      // Sequences that continue each other become one.
      if (last < 0 || (time[last] as number) > (time[into[start] as number] as number)) merged.push(start);
    }
    sequences = merged;
    [from, into] = [into, from];
  }
  return from;
}

function merge(
  time: Float64Array,
  from: Int32Array,
  into: Int32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let a = start;
  let b = middle;
  for (let i = start; i < end; i++) {
    const takeLeft =
      b >= end || (a < middle && (time[from[a] as number] as number) <= (time[from[b] as number] as number));
    into[i] = from[takeLeft ? a++ : b++] as number;
  }
}
