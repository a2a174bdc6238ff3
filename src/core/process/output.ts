/** What programs print, in bounded memory whatever they print. */
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { bytes } from '../../text/numbers.js';

/** Half of it from the start, half from the end. More than any tool's answer that is read as a whole. */
const maxKept = 16 * 2 ** 20;

/** The beginning and the end of a text of any length. */
export class KeptText {
  private readonly limit: number;
  private readonly head: Buffer[] = [];
  private headBytes = 0;
  private tail: Buffer[] = [];
  private tailBytes = 0;
  private dropped = 0;

  constructor(limit = maxKept) {
    this.limit = limit / 2;
  }

  write(chunk: Buffer): void {
    let rest = chunk;
    if (this.headBytes < this.limit) {
      const first = chunk.subarray(0, this.limit - this.headBytes);
      this.head.push(first);
      this.headBytes += first.length;
      rest = chunk.subarray(first.length);
    }
    if (rest.length === 0) return;
    this.tail.push(rest);
    this.tailBytes += rest.length;
    while (this.tailBytes - (this.tail[0] as Buffer).length >= this.limit) {
      const old = (this.tail.shift() as Buffer).length;
      this.tailBytes -= old;
      this.dropped += old;
    }
  }

  toString(): string {
    const left = this.dropped === 0 ? [] : [Buffer.from(`\n[${bytes(this.dropped)} left out]\n`)];
    return Buffer.concat([...this.head, ...left, ...this.tail]).toString('utf8');
  }
}

/** Longer ones come in pieces. */
const maxLine = 2 ** 20;

/** Splits a stream into lines. A long line comes in pieces of a mebibyte. */
export class LineSplitter {
  private readonly use: (line: string) => void;
  private readonly decoder = new TextDecoder();
  private rest = '';

  constructor(use: (line: string) => void) {
    this.use = use;
  }

  write(chunk: Buffer): void {
    const lines = this.decoder.decode(chunk, { stream: true }).split('\n');
    // Appended, and not searched again: the pieces of a long line are joined only once.
    lines[0] = this.rest + (lines[0] ?? '');
    this.rest = lines.pop() ?? '';
    for (const line of lines) this.use(line);
    while (this.rest.length >= maxLine) {
      this.use(this.rest.slice(0, maxLine));
      this.rest = this.rest.slice(maxLine);
    }
  }

  end(): void {
    if (this.rest !== '') this.use(this.rest);
    this.rest = '';
  }
}

/** How much of the output of one program is shown while it runs: a log is for reading. */
const maxLogged = 2 ** 20;

/** Passes lines on to a log until there are too many to be read, and says so. */
export function limitedLog(log: (line: string) => void, limit = maxLogged): (line: string) => void {
  let left = limit;
  return (line) => {
    if (left < 0) return;
    left -= line.length + 1;
    log(left < 0 ? `[more than ${bytes(limit)} of output: the rest isn't shown]` : line);
  };
}

/** Times, in milliseconds, after the end of a process: no output for the first, or at most the second. */
const drain = { quiet: 100, longest: 1_000 };

/**
 * Reads the pipes of a process that may leave others behind: until they are closed, or for a short time after the process
 * has ended. What it had written itself is in the pipes by then, and is read.
 * @param takers by pipe; what they throw ends the reading
 */
export async function readPipes(
  takers: readonly (readonly [pipe: Readable, take: (chunk: Buffer) => void])[],
  ended: Promise<unknown>,
): Promise<void> {
  let arrived = 0;
  const reading = takers.map(
    ([pipe, take]) =>
      new Promise<void>((resolve, reject) => {
        pipe.on('data', (chunk: Buffer) => {
          arrived++;
          try {
            take(chunk);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
        });
        // An error of a pipe is the end of it.
        pipe.once('error', () => resolve());
        pipe.once('close', resolve);
      }),
  );
  const closed = Promise.all(reading);
  const patience = (async () => {
    await ended;
    const started = performance.now();
    for (let seen = -1; arrived !== seen && performance.now() - started < drain.longest;) {
      seen = arrived;
      await delay(drain.quiet, undefined, { ref: false });
      // A busy process runs its timers before it reads what is there already.
      await new Promise(setImmediate);
    }
  })();
  try {
    await Promise.race([closed, patience]);
  } finally {
    for (const [pipe] of takers) pipe.destroy();
  }
}
