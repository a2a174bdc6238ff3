import { LabError } from '../labError.js';
import type { Profile } from '../../model/profile.js';

/**
 * Reads one format. Bytes come in pieces, so that a text far larger than memory can be read; what an importer
 * keeps grows with the samples and the distinct names, not with the text.
 */
export interface Importer {
  /** @throws LabError `profile-corrupt` */
  write(chunk: Buffer): void;
  /** @throws LabError `profile-corrupt`, also when there was no sample at all */
  finish(): Profile;
  /** Lines that were passed over since they are no part of a sample, of all lines; only where such are passed over. */
  readonly unread?: Unread;
}

export interface Unread {
  readonly lines: number;
  readonly of: number;
}

/** @param where e.g. `line 12` or `byte 40` */
export function malformed(format: string, what: string, where: string): LabError {
  return new LabError('profile-corrupt', `The ${format} cannot be read.`, {
    detail: `${what} (at ${where}).`,
    remedy: { text: 'Check that the file is whole, or name its format with --format.' },
  });
}

/** As many as the column of a sample's event can tell apart. */
export const MAX_EVENTS = 255;

/** Names that occur more than once get a number, so that each can be chosen. */
export function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} #${count}`;
  });
}

export function runImporter(importer: Importer, bytes: Buffer): Profile {
  importer.write(bytes);
  return importer.finish();
}

/** Formats that cannot be read piece by piece are collected first, up to `limit` bytes. */
export function wholeFile(format: string, limit: number, parse: (bytes: Buffer) => Profile): Importer {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    write(chunk) {
      size += chunk.length;
      if (size > limit) throw malformed(format, `it is larger than ${limit / 2 ** 20} MiB`, `byte ${limit}`);
      chunks.push(chunk);
    },
    finish: () => parse(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)),
  };
}
