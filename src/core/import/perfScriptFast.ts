import { ByteTable, viewOf } from './byteTable.js';

/** Parses what hasn't been seen before. -1 refuses it, and the sample is parsed line by line. */
interface FastTarget {
  /** @param frames the lines of a stack, each beginning with a tab */
  stack(frames: string): number;
  thread(context: string): number;
  event(name: string): number;
  sample(event: number, stack: number, thread: number, time: number, period: number): void;
}

const [TAB, NEWLINE, SPACE, DOT, COLON] = [9, 10, 32, 46, 58] as const;

/**
 * Reads samples in the usual form directly from bytes: a header with time and event, lines of frames that start with a tab,
 * and a blank line. Stacks, threads, and events repeat, so each takes one lookup by its bytes.
 */
export class FastSamples {
  /** Number of lines of the sample that was read last. */
  lines = 0;
  private readonly stacks = new ByteTable();
  private readonly threads = new ByteTable();
  private readonly events = new ByteTable();
  private readonly target: FastTarget;
  private data: Buffer = Buffer.alloc(0);
  private view = viewOf(this.data);

  constructor(target: FastTarget) {
    this.target = target;
  }

  use(data: Buffer): void {
    this.data = data;
    this.view = viewOf(data);
  }

  /** @returns where the next sample starts, or -1 if this one isn't in the usual form */
  read(from: number): number {
    const { data } = this;
    const end = data.length;
    // 1. The time: the first `digits.digits:` that is a word. Everything before it is the context.
    let at = from;
    let word = from;
    let digits = 0;
    let fraction = -1;
    for (; ; at++) {
      if (at >= end) return -1;
      const byte = data[at] as number;
      if (byte >= 48 && byte <= 57) {
        digits = digits * 10 + byte - 48;
        if (fraction >= 0) fraction++;
      } else if (byte === SPACE) {
        word = at + 1;
        digits = 0;
        fraction = -1;
      } else if (byte === DOT && fraction === -1 && at > word) fraction = 0;
      else if (byte === COLON && fraction > 0) break;
      else if (byte === NEWLINE) return -1;
      else fraction = -1e9;
    }
    // Exact as long as all digits fit into 53 bits, since then only the division rounds.
    if (fraction > 9 || digits > Number.MAX_SAFE_INTEGER) return -1;
    const time = digits / 10 ** fraction;
    const contextEnd = word;

    // 2. Period, if there is one, and event.
    at = this.spaces(at + 1);
    let period = 0;
    const periodStart = at;
    while (isDigit(data[at])) period = period * 10 + (data[at++] as number) - 48;
    if (at === periodStart || data[at] !== SPACE) [period, at] = [1, periodStart];
    else at = this.spaces(at);
    const eventStart = at;
    while (at < end && data[at] !== SPACE && data[at] !== NEWLINE) at++;
    const eventEnd = at - 1;
    if (eventEnd <= eventStart || data[eventEnd] !== COLON || period > Number.MAX_SAFE_INTEGER) return -1;
    // No event begins so: what looked like the time was a part of the thread's name.
    if (isDigit(data[eventStart])) return -1;
    at = this.spaces(at);
    if (data[at] !== NEWLINE || data[at + 1] !== TAB) return -1;

    // 3. The frames, up to a blank line.
    const stackStart = at + 1;
    let lines = 2;
    for (at = stackStart; at < end && data[at] === TAB; at++, lines++) {
      while (at < end && data[at] !== NEWLINE) at++;
    }
    if (at >= end || data[at] !== NEWLINE) return -1;
    const stack = this.find(this.stacks, stackStart, at - 1, (text) => this.target.stack(text));
    if (stack === -1) return -1;
    const event = this.find(this.events, eventStart, eventEnd, (text) => this.target.event(text));
    const thread = this.find(this.threads, from, contextEnd, (text) => this.target.thread(text));
    this.target.sample(event, stack, thread, time, period);
    this.lines = lines;
    return at + 1;
  }

  private find(table: ByteTable, start: number, end: number, make: (text: string) => number): number {
    const known = table.get(this.view, start, end);
    if (known !== -1) return known;
    const made = make(this.data.toString('latin1', start, end));
    if (made !== -1) table.add(this.data, this.view, start, end, made);
    return made;
  }

  private spaces(at: number): number {
    while (this.data[at] === SPACE) at++;
    return at;
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 48 && byte <= 57;
}
