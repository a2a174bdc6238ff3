import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Profile } from '../../model/profile.js';
import { readRegular } from '../files.js';
import { findSource } from '../lab/findSource.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { git } from './git.js';

/** The source files of a profile, as they were when it was recorded. */
export interface ProfiledSources {
  /** By the name in the debug information, as `sourceId`; null if the file was saved during the recording. */
  readonly ids: Readonly<Record<string, string | null>>;
  /** By ID: contents of files of the lab that Git doesn't have. */
  readonly copies: ReadonlyMap<string, Buffer>;
}

/** Files: more than any program's samples are in. */
const maxFiles = 4_000;
/** Bytes of a file: a larger one was generated. */
const maxFileBytes = 4 * 2 ** 20;
/** Bytes of all copies of a run: with more, the rest isn't kept. */
const maxCopiedBytes = 16 * 2 ** 20;
/** Files that are read at once. */
const atOnce = 16;

/** What Git calls a file with this content (its blob, SHA-1), so that the content can be asked of it. */
export function sourceId(content: Uint8Array): string {
  return createHash('sha1').update(`blob ${content.length}\0`).update(content).digest('hex');
}

/**
 * Identifies the sources of a profile, so that a later reader knows whether they are the same.
 * @param since when the program was as it was recorded: what was saved later is not what ran
 */
export async function profiledSources(
  profile: Profile,
  lab: LoadedLab,
  since: Date | undefined,
): Promise<ProfiledSources> {
  const programs = programsOfSources(profile);
  const names = [...programs.keys()].slice(0, maxFiles);
  const ids: Record<string, string | null> = {};
  const own = new Map<string, Buffer>();
  const identify = async (name: string) => {
    const file = await findSource(name, lab, programs.get(name));
    if (file === undefined) return;
    const [status, content] = await Promise.all([
      stat(file).catch(() => undefined),
      readRegular(file, maxFileBytes).catch(() => undefined),
    ]);
    if (!status || !content) return;
    const id = since && status.mtime > since ? null : sourceId(content);
    ids[name] = id;
    if (id !== null && isWithin(lab.folder, file)) own.set(id, content);
  };
  for (let i = 0; i < names.length; i += atOnce)
    await Promise.all(names.slice(i, i + atOnce).map((name) => identify(name)));
  return { ids, copies: await missingInGit(lab.folder, own) };
}

/** The names of the files whose lines ran, each with the path of a program or library that has code of it. */
export function programsOfSources({
  frames,
  functions,
  strings,
}: Pick<Profile, 'frames' | 'functions' | 'strings'>): ReadonlyMap<string, string | undefined> {
  const programs = new Map<number, number>();
  for (let f = 0; f < frames.length; f++) {
    const file = frames.file[f] as number;
    if (file >= 0 && (frames.line[f] as number) > 0 && !programs.has(file))
      programs.set(file, functions.module[frames.func[f] as number] as number);
  }
  return new Map([...programs].map(([file, module]) => [strings[file] as string, strings[module]]));
}

async function missingInGit(
  folder: string,
  contents: ReadonlyMap<string, Buffer>,
): Promise<Map<string, Buffer>> {
  const copies = new Map<string, Buffer>();
  if (contents.size === 0) return copies;
  const input = `${[...contents.keys()].join('\n')}\n`;
  const answer = await git(folder, ['cat-file', '--batch-check'], { input });
  const known = new Set(
    (answer ?? '').split('\n').flatMap((line) => /^([0-9a-f]{40}) blob /.exec(line)?.[1] ?? []),
  );
  let room = maxCopiedBytes;
  for (const [id, content] of contents) {
    if (known.has(id) || content.length > room) continue;
    room -= content.length;
    copies.set(id, content);
  }
  return copies;
}

/** The content of a source by its ID, from Git; undefined if Git doesn't have it. */
export async function sourceFromGit(folder: string, id: string): Promise<Buffer | undefined> {
  if (!/^[0-9a-f]{40}$/.test(id)) return undefined;
  const text = await git(folder, ['cat-file', 'blob', id]);
  if (text === undefined) return undefined;
  // Output is decoded as UTF-8: what that changes isn't the content that was asked for.
  const content = Buffer.from(text);
  return sourceId(content) === id ? content : undefined;
}

function isWithin(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && !relative.startsWith('..') && !path.isAbsolute(relative);
}
