import { stat } from 'node:fs/promises';
import type { Location } from './location.js';

/** When a recording was made on this machine, in milliseconds since 1970. */
export interface RecordedTime {
  readonly start: number;
  readonly end: number;
}

/** As far as its file tells: the copy of a recording begins when it was copied. */
export async function recordedTime(file: string): Promise<RecordedTime> {
  const { birthtimeMs, mtimeMs } = await stat(file);
  return { start: Math.min(birthtimeMs, mtimeMs), end: mtimeMs };
}

/**
 * Whether a file isn't the one that was recorded, as far as files without build IDs allow to say. An inode that differs isn't
 * enough: a copy of the same file has one, too.
 */
export async function wasReplaced(
  module: string,
  { buildId, inode }: Pick<Location, 'buildId' | 'inode'>,
  { start, end }: RecordedTime,
): Promise<boolean> {
  const now = await stat(module).catch(() => undefined);
  if (!now) return false;
  if (inode !== undefined && inode !== now.ino)
    // perf reads build IDs when it ends: that of a file which was replaced before doesn't belong to what ran.
    return now.ctimeMs > start && (buildId === undefined || now.ctimeMs <= end);
  return buildId === undefined && now.mtimeMs > end;
}
