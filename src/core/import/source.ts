import { closeSync, constants, createReadStream, createWriteStream, fstatSync, openSync } from 'node:fs';
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { addAbortSignal, Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { bytes, plural } from '../../text/numbers.js';
import { LabError } from '../labError.js';
import { HEAD_BYTES } from './detect.js';
import { gunzip } from './gunzip.js';
import { headOf, withNewlines, type Head } from './unpack.js';

/** What is imported: a file, a folder, or a stream that can be read once, from its start to its end. */
export interface Source {
  /** For messages. */
  readonly name: string;
  readonly head: Head;
  /** Whether it is neither a file nor a folder, so that nothing can be done with it again. */
  readonly stream: boolean;
  /** Its content as it is, in pieces; once. */
  chunks(): AsyncIterable<Buffer>;
  /** Its content in pieces, unpacked, and with newlines if its lines end with carriage returns alone; once. */
  unpacked(): AsyncIterable<Buffer>;
  /** Gives its unpacked content as a file that can be read at any offset, for as long as `use` takes. */
  asFile<T>(use: (file: string) => Promise<T>): Promise<T>;
  /** For the user, once the content was read. */
  notes(): string[];
  close(): void;
}

const STDIN = '-';

/**
 * @param file a path, or `-` for standard input
 * @throws LabError `read-failed` for a terminal; errors of the file system and of zlib
 */
export async function openSource(file: string, signal: AbortSignal | undefined): Promise<Source> {
  const redirected = file === STDIN && fstatSync(0).isFile();
  const name = file === STDIN ? 'standard input' : file;
  const at = redirected ? '/dev/stdin' : file;
  if (file !== STDIN || redirected) {
    const found = await stat(at);
    if (found.isDirectory())
      return ofFile(
        at,
        name,
        { bytes: Buffer.alloc(0), packed: false, returns: false, folder: true },
        signal,
      );
    if (found.isFile()) return ofFile(at, name, await headOf(await firstBytes(at)), signal);
  }
  return ofStream(file === STDIN ? standardInput() : openStream(file), name, signal);
}

async function firstBytes(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function ofFile(file: string, name: string, head: Head, signal: AbortSignal | undefined): Source {
  const content = contentOf(head, () => createReadStream(file, { highWaterMark: 2 ** 20 }));
  return {
    name,
    head,
    stream: false,
    ...content,
    asFile: (use) => (head.packed ? withCopy(name, content.unpacked(), head.packed, signal, use) : use(file)),
    close: () => undefined,
  };
}

async function ofStream(stream: Readable, name: string, signal: AbortSignal | undefined): Promise<Source> {
  // Ends the wait for a writer that does not write.
  if (signal) addAbortSignal(signal, stream);
  const iterator = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first: Buffer[] = [];
  let size = 0;
  while (size < HEAD_BYTES) {
    const { done, value } = await iterator.next();
    if (done) break;
    size += first.push(value) && value.length;
  }
  const read = Buffer.concat(first);
  async function* chunks() {
    yield read;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  }
  const head = await headOf(read.subarray(0, HEAD_BYTES));
  const content = contentOf(head, chunks);
  return {
    name,
    head,
    stream: true,
    ...content,
    asFile: (use) => withCopy(name, content.unpacked(), head.packed, signal, use),
    close: () => stream.destroy(),
  };
}

function contentOf(
  { packed, returns }: Head,
  chunks: () => AsyncIterable<Buffer>,
): Pick<Source, 'chunks' | 'unpacked' | 'notes'> {
  let rest = 0;
  const bare = () => (packed ? gunzip(chunks(), (size) => (rest = size)) : chunks());
  return {
    chunks,
    unpacked: () => (returns ? withNewlines(bare()) : bare()),
    notes: () =>
      rest === 0
        ? []
        : [
            `The ${plural(rest, 'byte')} after the end of the gzip data were left out: they aren't gzip data. If the file was put together of several, unpack each of them.`,
          ],
  };
}

function standardInput(): Readable {
  if (!process.stdin.isTTY) return process.stdin;
  throw new LabError('read-failed', 'There is no profile on standard input.', {
    detail: 'Standard input is a terminal.',
    remedy: {
      text: 'Let another program write to it, or name a file.',
      command: 'perf script | hakmem-lab import -',
    },
  });
}

/** A pipe, a named one, or a device. */
function openStream(file: string): Readable {
  // Opening a named pipe waits for its writer, and reading from it for what it writes: so no thread is held up.
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return fstatSync(fd).isFIFO()
      ? new net.Socket({ fd, readable: true, writable: false })
      : createReadStream(file, { fd });
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** A recording is read at any offset, so what is packed or streamed is copied to the disk: this is where that ends. */
const MAX_UNPACKED = 8 * 2 ** 30;

/**
 * Copies content to a file that has no name, so that it is gone with this process however that ends.
 * @throws LabError `profile-too-large` for more than 8 GiB unpacked, `write-failed` if there is no room for the copy
 */
async function withCopy<T>(
  name: string,
  content: AsyncIterable<Buffer>,
  packed: boolean,
  signal: AbortSignal | undefined,
  use: (file: string) => Promise<T>,
): Promise<T> {
  const handle = await unnamedFile().catch((error: unknown) => {
    throw error instanceof Error ? noRoom(name, error) : error;
  });
  try {
    const file = `/proc/${process.pid}/fd/${handle.fd}`;
    const into = createWriteStream(file, { highWaterMark: 2 ** 20 });
    const until = signal ? { signal } : {};
    try {
      if (packed) await pipeline(content, limited(name), into, until);
      else await pipeline(content, into, until);
    } catch (error) {
      throw isOfDisk(error) ? noRoom(name, error) : error;
    }
    return await use(file);
  } finally {
    await handle.close();
  }
}

async function unnamedFile() {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'hakmem-lab-'));
  try {
    return await open(path.join(folder, 'perf.data'), 'wx+', 0o600);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function limited(name: string): Transform {
  let size = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length;
      done(size > MAX_UNPACKED ? tooLarge(name) : null, chunk);
    },
  });
}

function isOfDisk(error: unknown): error is Error {
  return error instanceof Error && 'syscall' in error && error.syscall === 'write';
}

function noRoom(name: string, cause: Error): LabError {
  return new LabError('write-failed', `Could not copy ${name} to ${os.tmpdir()}.`, {
    detail: `${cause.message}. A compressed or piped recording is copied first, since it is read at any offset.`,
    remedy: { text: 'Free some space there, or set TMPDIR to a folder with more space.' },
    cause,
  });
}

function tooLarge(name: string): LabError {
  return new LabError('profile-too-large', `${name} is too large to unpack.`, {
    detail: `Unpacked to the temporary folder, it is larger than ${bytes(MAX_UNPACKED)}.`,
    remedy: { text: 'Unpack it yourself, then import the recording.' },
  });
}
