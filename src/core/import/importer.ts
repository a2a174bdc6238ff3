import { capitalized } from '../../text/capitalized.js';
import { bytes } from '../../text/numbers.js';
import { LabError } from '../labError.js';
import type { MemoryLimit } from '../memoryLimit.js';
import type { Profile } from '../../model/profile.js';

/**
 * Reads one format. Bytes arrive in pieces, so that a text larger than memory can be read: memory grows with the number
 * of samples and distinct names, not with the text.
 */
export interface Importer {
  /** @throws LabError `profile-corrupt` */
  write(chunk: Buffer): void;
  /** @throws LabError `profile-corrupt`, also if there were no samples at all */
  finish(): Profile;
  /** Lines that were skipped because they don’t belong to a sample, of all lines; only where such lines are skipped. */
  readonly unread?: Unread;
}

export interface Unread {
  readonly lines: number;
  readonly of: number;
}

/** @param where e.g. `line 12` or `byte 40` */
export function malformed(format: string, what: string, where: string): LabError {
  return new LabError('profile-corrupt', `The ${format} can't be read.`, {
    detail: `${capitalized(what)} (at ${where}).`,
    remedy: { text: 'Check that the file is complete, or say which format it has.' },
  });
}

/** @param what the limit that is exceeded */
export function tooLarge(format: string, what: string, cause?: unknown): LabError {
  return new LabError('profile-too-large', `The ${format} is too large.`, {
    detail: what,
    remedy: { text: 'Record for a shorter time or at a lower frequency.' },
    cause,
  });
}

/** The number of events that a profile can hold: their index is one byte. */
export const MAX_EVENTS = 255;

/** Numbers names that occur more than once, so that each can be selected. */
export function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}

/**
 * For formats that can't be read piece by piece.
 * @param limit of the size in bytes
 */
export function wholeFile(
  format: string,
  limit: number,
  memory: MemoryLimit,
  parse: (content: Buffer, memory: MemoryLimit) => Profile,
): Importer {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      if (size > limit) throw tooLarge(format, `It is larger than ${bytes(limit)}.`);
      chunks.push(chunk);
    },
    finish() {
      const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      chunks.length = 0;
      return parse(whole, memory);
    },
  };
}
