import { access, constants, open, stat, type FileHandle } from 'node:fs/promises';

export function exists(file: string): Promise<boolean> {
  return hasAccess(file, constants.F_OK);
}

export function isExecutable(file: string): Promise<boolean> {
  return hasAccess(file, constants.X_OK);
}

/** Whether it is a folder; false if it doesn't exist. */
export function isFolder(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Undefined if it was deleted or moved after the shell had changed to it: only whole paths mean something then. */
export function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

function hasAccess(file: string, mode: number): Promise<boolean> {
  return access(file, mode).then(
    () => true,
    () => false,
  );
}

/**
 * Opens a regular file for reading. Anything else is refused, and at once: opening a named pipe would wait for its writer,
 * for ever and in a thread that nothing can end.
 * @throws errors of the file system
 */
export async function openRegular(file: string): Promise<FileHandle> {
  return (await opened(file)).handle;
}

async function opened(file: string): Promise<{ readonly handle: FileHandle; readonly size: number }> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    const status = await handle.stat();
    if (status.isFile()) return { handle, size: status.size };
    throw new Error(`${file} is ${status.isDirectory() ? 'a folder' : 'a device or pipe'}, not a file`);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Larger than any file that is read as a whole. */
const maxText = 2 ** 28;

/**
 * The content of a regular file. Four system calls: thousands of runs are read so, and `FileHandle.readFile` makes three
 * more.
 * @throws errors of the file system, also for one that is implausibly large
 */
export async function readRegular(file: string, limit = maxText): Promise<Buffer> {
  const { handle, size } = await opened(file);
  try {
    if (size > limit) throw new Error(`${file} is too large: ${size} bytes`);
    // Files of the kernel say that they are empty.
    if (size === 0) return await handle.readFile();
    const content = Buffer.allocUnsafe(size);
    let at = 0;
    for (let read = -1; read !== 0 && at < size; at += read)
      read = (await handle.read(content, at, size - at, at)).bytesRead;
    return content.subarray(0, at);
  } finally {
    await handle.close();
  }
}

export async function readRegularText(file: string): Promise<string> {
  return (await readRegular(file)).toString('utf8');
}
