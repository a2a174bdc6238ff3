type Numbers = Int32Array | Float64Array | Uint8Array;

/** Samples as they are read, 25 bytes each, in columns that grow by doubling: sizes that a file states can't be trusted. */
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

  /** Sorts by time; samples of the same time stay in the order of the file. */
  sort(): void {
    if (this.sorted) return;
    const order = timeOrder(this.time, this.length);
    const gather = <T extends Numbers>(column: T, into: T): T => {
      for (let i = 0; i < order.length; i++) into[i] = column[order[i] as number] as number;
      return into;
    };
    this.time = gather(this.time, new Float64Array(order.length));
    this.weight = gather(this.weight, new Float64Array(order.length));
    this.thread = gather(this.thread, new Int32Array(order.length));
    this.event = gather(this.event, new Uint8Array(order.length));
    this.chain = gather(this.chain, new Int32Array(order.length));
    this.sorted = true;
  }

  private grow(): void {
    const double = <T extends Numbers>(column: T, into: T): T => {
      into.set(column);
      return into;
    };
    const size = this.length * 2;
    this.time = double(this.time, new Float64Array(size));
    this.weight = double(this.weight, new Float64Array(size));
    this.thread = double(this.thread, new Int32Array(size));
    this.event = double(this.event, new Uint8Array(size));
    this.chain = double(this.chain, new Int32Array(size));
  }
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
