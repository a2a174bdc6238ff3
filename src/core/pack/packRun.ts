import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import type { Profile } from '../../model/profile.js';
import type { RunDocument } from '../../model/run.js';
import type { TaskContext } from '../context.js';
import {
  profiledSources,
  programsOfSources,
  sourceFromGit,
  sourceId,
} from '../environment/profiledSources.js';
import { readRegular } from '../files.js';
import { canceled } from '../labError.js';
import { findSource } from '../lab/findSource.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { packProfile } from '../store/profileFile.js';
import type { SavedRuns } from '../store/savedRuns.js';
import { programByPath } from '../symbols/symbolFolders.js';
import { profileEntry, programEntry, runEntry, sourceEntry } from './packFormat.js';
import { programsOf } from './programsOf.js';

export interface PackOptions {
  /** Whether the text of profiled sources is packed. */
  readonly sources: boolean;
  /** Whether programs with their symbols are packed, for machine code. */
  readonly programs: boolean;
}

export interface PackedRun {
  readonly data: Buffer;
  readonly sources: number;
  /** Files, each with its size in bytes. */
  readonly programs: readonly { readonly file: string; readonly bytes: number }[];
  /** What couldn't be packed, with the reason: whole sentences. */
  readonly missing: readonly string[];
}

/** Bytes of a source. */
const maxSourceBytes = 16 * 2 ** 20;

/**
 * Makes an archive of a run with all that another machine needs to show it: names and lines are in the profile
 * itself; sources and programs come along. The archive is made in memory.
 * @throws LabError `canceled`
 */
export async function packRun(
  { store, lab }: { readonly store: SavedRuns; readonly lab: LoadedLab },
  { run, profile }: { readonly run: RunDocument; readonly profile: Profile },
  options: PackOptions,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<PackedRun> {
  const tar = pack();
  const data = buffer(tar.pipe(createGzip({ level: 6 })));
  const missing: string[] = [];
  // Runs of older versions and imported ones don't know their sources.
  const sources = run.sources ?? (await profiledSources(profile, lab, undefined)).ids;
  // Which archive a run came in is known on this machine only.
  const { pack: _, ...document } = { ...run, sources };
  await add(tar, runEntry, Buffer.from(`${JSON.stringify(document, null, 2)}\n`));
  await add(tar, profileEntry, await packProfile(profile));
  const texts = options.sources ? await addSources(tar, { run, profile, sources, store, lab }, missing) : 0;
  const programs = options.programs ? await addPrograms(tar, profile, missing, context) : [];
  tar.finalize();
  return { data: await data, sources: texts, programs, missing };
}

interface SourceParts {
  readonly run: RunDocument;
  readonly profile: Profile;
  readonly sources: NonNullable<RunDocument['sources']>;
  readonly store: SavedRuns;
  readonly lab: LoadedLab;
}

async function addSources(
  tar: Pack,
  { run, profile, sources, store, lab }: SourceParts,
  missing: string[],
): Promise<number> {
  const done = new Set<string>();
  const programs = programsOfSources(profile);
  let changed = 0;
  for (const [name, id] of Object.entries(sources)) {
    if (id === null) {
      changed++;
      continue;
    }
    const entry = sourceEntry(id, name);
    if (done.has(entry)) continue;
    const file = await findSource(name, lab, programs.get(name));
    const here =
      file === undefined ? undefined : await readRegular(file, maxSourceBytes).catch(() => undefined);
    const same = here && sourceId(here) === id ? here : undefined;
    const copy = () => store.loadSource(run.id, id).catch(() => undefined);
    const content = same ?? (await copy()) ?? (await sourceFromGit(lab.folder, id));
    if (!content) {
      changed++;
      continue;
    }
    done.add(entry);
    await add(tar, entry, content);
  }
  if (changed > 0)
    missing.push(`Sources that have changed since, and of which there is no copy: ${changed}.`);
  return done.size;
}

async function addPrograms(
  tar: Pack,
  profile: Profile,
  missing: string[],
  { signal, progress }: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<{ file: string; bytes: number }[]> {
  if (!profile.addresses) missing.push('The profile has no addresses, so there is no machine code to show.');
  const added: { file: string; bytes: number }[] = [];
  for (const { module, buildId, missingPart, files } of await programsOf(profile)) {
    if (missingPart !== undefined) missing.push(`${module} ${missingPart}.`);
    for (const [ending, { name: file, content: made }] of files) {
      if (signal?.aborted) throw canceled();
      const entry = buildId === undefined ? programByPath(module) : programEntry(buildId, ending);
      if (entry === undefined) continue;
      progress(`Packing ${path.basename(file)}…`);
      const content = made ?? (await readRegular(file, 2 ** 31));
      await add(tar, entry, content);
      added.push({ file, bytes: content.length });
    }
  }
  return added;
}

function add(tar: Pack, name: string, content: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    // The same run makes the same archive.
    tar.entry({ name, mtime: new Date(0), mode: 0o644 }, content, (error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
