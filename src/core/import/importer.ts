import { LabError } from '../labError.js';
import type { Profile } from '../profile/profile.js';

/**
 * Reads one format. Bytes come in pieces, so that a text far larger than memory can be read; what an importer
 * keeps grows with the samples and the distinct names, not with the text.
 */
export interface Importer {
  /** @throws LabError `profile-corrupt` */
  write(chunk: Buffer): void;
  /** @throws LabError `profile-corrupt`, also when there was no sample at all */
  finish(): Profile;
}

export interface ImportOptions {
  /** Which profile, event or sample type of a file with several; the first (pprof: its default) when absent. */
  readonly select?: string | undefined;
}

/** @param where e.g. `line 12` or `byte 40` */
export function malformed(format: string, what: string, where: string): LabError {
  return new LabError('profile-corrupt', `The ${format} cannot be read.`, {
    detail: `${what} (at ${where}).`,
    remedy: { text: 'Check that the file is whole, or name its format with --format.' },
  });
}

/** @throws LabError when `select` names none of `names` */
export function choose(format: string, names: readonly string[], select: string | undefined): number {
  if (select === undefined) return 0;
  const index = names.indexOf(select);
  if (index !== -1) return index;
  throw new LabError('profile-corrupt', `The ${format} holds nothing named ${JSON.stringify(select)}.`, {
    detail: `It holds: ${names.slice(0, 50).join(', ')}`,
    remedy: { text: 'Use one of these names.' },
  });
}

/** @returns a note on what a file holds beside what is shown */
export function othersNote(what: string, names: readonly string[], shown: number): string[] {
  if (names.length < 2) return [];
  const others = names.filter((_, i) => i !== shown).slice(0, 20);
  return [`The file holds ${names.length} ${what}; ${names[shown]} is shown, not ${others.join(', ')}.`];
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
