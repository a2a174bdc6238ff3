import { openRegular } from '../files.js';

/** What a runtime writes about a million functions has some 100 MB. */
const maxBytes = 2 ** 28;

/**
 * The content of a file that names code, if one of these users owns it: others could name what isn't theirs. Undefined if
 * there is none.
 */
export async function readOwned(
  file: string,
  owners: readonly (number | undefined)[],
): Promise<Buffer | undefined> {
  let handle;
  try {
    handle = await openRegular(file);
    const { uid, size } = await handle.stat();
    if (!owners.includes(uid)) return undefined;
    const buffer = Buffer.alloc(Math.min(size, maxBytes));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return buffer.subarray(0, bytesRead);
  } catch {
    return undefined;
  } finally {
    await handle?.close();
  }
}
