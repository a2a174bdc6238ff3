import { constants, fstatSync, openSync, writeSync } from 'node:fs';
import { chmod, open, readlink, realpath, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import writeFileAtomic from 'write-file-atomic';
import { canceled, LabError, messageOf } from './labError.js';

/** How often, in milliseconds, to look whether somebody reads a pipe. */
const readerMs = 50;

/**
 * Writes to the file that the user named. A regular file is replaced at once and keeps its mode, links are followed; what
 * is there and is something else (a device, a named pipe, a stream of this process) is written into. `-` is standard output.
 * @throws LabError `write-failed`, `canceled`
 */
export async function writeOutput(
  file: string,
  data: string | Buffer,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await write(file, Buffer.from(data), signal);
  } catch (cause) {
    if (signal?.aborted) throw canceled();
    throw new LabError('write-failed', `Couldn't write ${file}.`, {
      detail: messageOf(cause),
      remedy: { text: 'Check that the folder exists, is writable, and has room, then try again.' },
      cause,
    });
  }
}

/**
 * An output that is an input as well, under whatever name, would replace what can't be made again.
 * @param input `-` for standard input
 * @throws LabError `write-failed`
 */
export async function requireNotInput(output: string, input: string): Promise<void> {
  const statusOf = (file: string) =>
    file === '-' ? undefined : stat(file, { bigint: true }).catch(() => undefined);
  const from = input === '-' ? fstatSync(0, { bigint: true }) : await statusOf(input);
  const to = await statusOf(output);
  if (!from?.isFile() || from.dev !== to?.dev || from.ino !== to.ino) return;
  throw new LabError('write-failed', `${output} is an input as well, which the output would replace.`, {
    remedy: { text: 'Name another file for the output.' },
  });
}

async function write(file: string, data: Buffer, signal: AbortSignal | undefined): Promise<void> {
  const own = ownDescriptor(file);
  if (own !== undefined) return writeToDescriptor(own, data, signal);
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (found?.isDirectory()) throw new Error(`${file} is a folder.`);
  if (found?.isFIFO()) return writeToPipe(file, data, signal);
  if (found && !found.isFile()) return writeInto(file, data);
  const target = found ? await realpath(file) : await linkTarget(file);
  // Files that the kernel makes can't be replaced.
  if (target.startsWith('/proc/') || target.startsWith('/sys/') || target.startsWith('/dev/fd/'))
    return writeInto(target, data);
  try {
    await replace(target, data, found !== undefined);
  } catch (error) {
    // The file may be writable in a folder that isn't.
    if (
      !found ||
      !['EACCES', 'EPERM', 'EBUSY', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')
    )
      throw error;
    await writeInto(target, data, constants.O_TRUNC);
  }
}

/** The library writes once, and where the disk becomes full, that is only the beginning: its file is written here instead. */
async function replace(target: string, data: Buffer, exists: boolean): Promise<void> {
  const options = {
    tmpfileCreated: async (temporary: string) => {
      // It has the mode of the old file, which may be read-only; it gets that again at the end.
      if (exists) await chmod(temporary, 0o600);
      await writeFile(temporary, data);
    },
  };
  await writeFileAtomic(target, '', options);
}

/** A link to a file that doesn't exist yet makes that file. */
async function linkTarget(file: string): Promise<string> {
  const folder = await realpath(path.dirname(file));
  const link = await readlink(path.join(folder, path.basename(file))).catch(() => undefined);
  return link === undefined ? path.join(folder, path.basename(file)) : linkTarget(path.resolve(folder, link));
}

/** The descriptor that a name like /dev/stdout stands for: opening it again would lose the place in a file. */
function ownDescriptor(file: string): number | undefined {
  const named = { '-': 1, '/dev/stdout': 1, '/dev/stderr': 2 }[file];
  if (named !== undefined) return named;
  const number = new RegExp(`^/(?:dev|proc/(?:self|thread-self|${process.pid}))/fd/(\\d+)$`).exec(file)?.[1];
  return number === undefined ? undefined : Number(number);
}

async function writeToDescriptor(fd: number, data: Buffer, signal: AbortSignal | undefined): Promise<void> {
  fstatSync(fd);
  for (let at = 0; at < data.length;) {
    if (signal?.aborted) throw canceled();
    try {
      at += writeSync(fd, data, at);
    } catch (error) {
      // A pipe that isn't blocking, and full.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      await delay(readerMs);
    }
  }
}

async function writeInto(file: string, data: Buffer, flags = 0): Promise<void> {
  const handle = await open(file, constants.O_WRONLY | constants.O_NOCTTY | flags);
  try {
    await handle.writeFile(data);
  } finally {
    await handle.close();
  }
}

/** Opening a named pipe waits for a reader, and that may be never: so it is tried again and again, until canceled. */
async function writeToPipe(file: string, data: Buffer, signal: AbortSignal | undefined): Promise<void> {
  // The socket closes it: a handle would do so, too, once it is collected, and then perhaps another file.
  let fd: number | undefined;
  while (fd === undefined) {
    if (signal?.aborted) throw canceled();
    try {
      fd = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENXIO') throw error;
      await delay(readerMs);
    }
  }
  const socket = new net.Socket({
    fd,
    readable: false,
    writable: true,
    ...(signal ? { signal } : {}),
  });
  socket.end(data);
  await finished(socket);
}
