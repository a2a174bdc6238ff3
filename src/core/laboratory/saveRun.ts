import type { BenchResult } from '../../model/benchResult.js';
import type { Profile } from '../../model/profile.js';
import type { StatDocument } from '../../model/profileDocument.js';
import { RUN_FORMAT_VERSION, type ProgramEnd, type RunDocument, type RunPreset } from '../../model/run.js';
import { exactCount, samplesOfAll } from '../../views/sampleCount.js';
import type { Subject } from '../bench/subject.js';
import type { CompilerDiagnostic } from '../build/compilerOutput.js';
import { plural } from '../../text/numbers.js';
import type { TaskContext } from '../context.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { profiledSources } from '../environment/profiledSources.js';
import { describeEnvironment } from '../store/runEnvironment.js';
import { LabError } from '../labError.js';
import { newRunId, type RunStore } from '../store/runStore.js';

export interface ProfiledRun {
  readonly run: RunDocument;
  readonly profile: Profile;
  /** Warnings of the build. */
  readonly warnings: readonly CompilerDiagnostic[];
}

/** Contents of source files by their IDs. */
type SourceCopies = ReadonlyMap<string, Buffer> | undefined;

/** What was measured. Without a profile it is a `bench` run. */
interface Measurements {
  readonly results: readonly BenchResult[];
  readonly stat: StatDocument | null;
  readonly profile?: Profile;
  readonly ended?: ProgramEnd | undefined;
  /** When the program was built, or began to run: sources that were saved later aren't what ran. */
  readonly since?: Date | undefined;
}

/** Saves a run of a subject on this machine. */
export async function saveRun(
  lab: LoadedLab,
  store: RunStore,
  preset: RunPreset,
  subject: Subject,
  { results, stat, profile, ended, since }: Measurements,
  context: TaskContext,
): Promise<RunDocument> {
  context.progress('Saving run…');
  const { args, profileArgs = args, cwd, stdin } = preset;
  const differ = profile !== undefined && profileArgs.join('\0') !== args.join('\0');
  const sources = profile && (await profiledSources(profile, lab, since));
  const run: RunDocument = {
    ...newRun(lab, preset.name, profile),
    preset: {
      name: preset.name,
      description: preset.description,
      environment: preset.environment,
      program: preset.program,
      args,
      ...(differ ? { profileArgs } : {}),
      ...(cwd === undefined ? {} : { cwd }),
      ...(stdin === undefined ? {} : { stdin }),
    },
    environment: await describeEnvironment(lab.definition, subject, lab.folder, context),
    results,
    stat,
    ...(sources ? { sources: sources.ids } : {}),
    ...(ended === undefined ? {} : { ended }),
  };
  await keep(lab, store, run, { profile, sources: sources?.copies }, context);
  return run;
}

/**
 * Saves a result. One that can't be saved, as on a full disk, is a result nevertheless: what took minutes to measure is
 * shown, and the problem is reported. Then runs go to the trash that the lab doesn't keep.
 * @returns whether it was saved
 */
export async function keep(
  lab: LoadedLab,
  store: RunStore,
  run: RunDocument,
  { profile, sources }: { readonly profile: Profile | undefined; readonly sources?: SourceCopies },
  context: TaskContext,
): Promise<boolean> {
  try {
    await store.save(run, profile, sources);
    const { length } = await store.prune(lab.definition.keep ?? {});
    if (length > 0)
      context.log(
        `Moved ${plural(length, 'old run')} to the trash. To restore one: hakmem-lab runs --restore ID`,
      );
  } catch (error) {
    if (!(error instanceof LabError)) throw error;
    context.problem(new LabError(error.code, `The result couldn't be saved. ${error.message}`, error));
    return false;
  }
  if (store.movedTo !== undefined)
    context.log(`Saved in ${store.movedTo}: the folder of the lab isn't writable.`);
  return true;
}

/** What every new run has. */
export function newRun(
  lab: LoadedLab,
  name: string,
  profile: Profile | undefined,
): Pick<
  RunDocument,
  'formatVersion' | 'id' | 'kind' | 'createdAt' | 'lab' | 'samples' | 'events' | 'counted'
> {
  const now = new Date();
  const counted = profile && exactCount(profile);
  return {
    formatVersion: RUN_FORMAT_VERSION,
    id: newRunId(name, now),
    kind: profile ? 'profile' : 'bench',
    createdAt: now.toISOString(),
    lab: lab.definition.name,
    samples: profile ? samplesOfAll(profile) : null,
    ...(profile ? { events: profile.events.map(({ name }) => name) } : {}),
    ...(counted ? { counted } : {}),
  };
}

/** A file's name as the name of a run, which is part of a folder's name. */
export function runName(fileName: string): string {
  return fileName.replace(/[^\w.+-]/g, '_').replace(/\.{2,}/g, '.');
}
