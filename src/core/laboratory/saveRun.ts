import type { BenchResult } from '../../model/benchResult.js';
import type { Profile } from '../../model/profile.js';
import type { StatDocument } from '../../model/profileDocument.js';
import { RUN_FORMAT_VERSION, type RunDocument, type RunPreset } from '../../model/run.js';
import type { Subject } from '../bench/subject.js';
import type { CompilerDiagnostic } from '../build/compilerOutput.js';
import type { TaskContext } from '../context.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { describeEnvironment } from '../store/runEnvironment.js';
import { newRunId, type RunStore } from '../store/runStore.js';

export interface ProfiledRun {
  readonly run: RunDocument;
  readonly profile: Profile;
  /** Warnings of the build. */
  readonly warnings: readonly CompilerDiagnostic[];
}

/** What was measured. Without a profile it is a `bench` run. */
interface Measurements {
  readonly results: readonly BenchResult[];
  readonly stat: StatDocument | null;
  readonly profile?: Profile;
}

/** Saves a run of a subject on this machine. */
export async function saveRun(
  lab: LoadedLab,
  store: RunStore,
  preset: RunPreset,
  subject: Subject,
  { results, stat, profile }: Measurements,
  context: TaskContext,
): Promise<RunDocument> {
  context.progress('Saving run…');
  const { args, profileArgs = args } = preset;
  const differ = profile !== undefined && profileArgs.join('\0') !== args.join('\0');
  const run: RunDocument = {
    ...newRun(lab, preset.name, profile),
    preset: {
      name: preset.name,
      description: preset.description,
      environment: preset.environment,
      program: preset.program,
      args,
      ...(differ ? { profileArgs } : {}),
    },
    environment: await describeEnvironment(lab.definition, subject),
    results,
    stat,
  };
  await store.save(run, profile);
  return run;
}

/** What every new run has. */
export function newRun(
  lab: LoadedLab,
  name: string,
  profile: Profile | undefined,
): Pick<RunDocument, 'formatVersion' | 'id' | 'kind' | 'createdAt' | 'lab' | 'samples'> {
  const now = new Date();
  return {
    formatVersion: RUN_FORMAT_VERSION,
    id: newRunId(name, now),
    kind: profile ? 'profile' : 'bench',
    createdAt: now.toISOString(),
    lab: lab.definition.name,
    samples: profile?.samples.length ?? null,
  };
}

/** A file's name as the name of a run, which is part of a folder's name. */
export function runName(fileName: string): string {
  return fileName.replace(/[^\w.+-]/g, '_').replace(/\.{2,}/g, '.');
}
