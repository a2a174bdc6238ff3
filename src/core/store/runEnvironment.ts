import { createHash } from 'node:crypto';
import os from 'node:os';
import { machineSettings } from '../environment/machineSettings.js';
import { sourceState } from '../environment/sourceState.js';
import { buildIdOf } from '../symbols/buildId.js';
import type { Subject } from '../bench/subject.js';
import type { TaskContext } from '../context.js';
import type { LabFile } from '../lab/labFile.js';
import { readRegular } from '../files.js';
import { ask } from '../process/childProcess.js';
import type { RunEnvironment } from '../../model/run.js';

/** Variables of the dynamic linker and of libc that affect any allocator. */
const alwaysRecorded = /^(LD_PRELOAD|LD_LIBRARY_PATH|GLIBC_TUNABLES|MALLOC_\w+)$/;

/** The environment of an imported profile, which may have been recorded anywhere. */
export const unknownEnvironment: RunEnvironment = {
  host: null,
  perf: null,
  compiler: null,
  variables: {},
  programHash: null,
};

/** @param folder that of the sources */
export async function describeEnvironment(
  lab: LabFile,
  subject: Subject,
  folder: string,
  context: Pick<TaskContext, 'signal'>,
): Promise<RunEnvironment> {
  const cpus = os.cpus();
  const [perf, compiler, program, buildId, machine, source] = await Promise.all([
    version('perf', context),
    version('cc', context),
    readRegular(subject.program, 2 ** 31).catch(() => undefined),
    buildIdOf(subject.program),
    machineSettings(),
    sourceState(folder),
  ]);
  return {
    host: {
      cpu: cpus[0]?.model ?? 'unknown',
      cores: cpus.length,
      kernel: os.release(),
      memoryBytes: os.totalmem(),
    },
    perf,
    compiler,
    variables: effectiveVariables(lab, subject.environment, process.env),
    programHash: program ? createHash('sha256').update(program).digest('hex') : null,
    buildId: buildId ?? null,
    machine,
    source,
  };
}

/**
 * The variables that affect the program: the preset's, and inherited ones that share their prefix (`HAKMEM_`) or that
 * affect the dynamic linker or libc.
 */
export function effectiveVariables(
  lab: Pick<LabFile, 'presets'>,
  own: Readonly<Record<string, string>>,
  inherited: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const prefixes = new Set<string>();
  for (const { environment } of lab.presets) {
    for (const name of Object.keys(environment)) {
      const prefix = /^[A-Za-z]+_/.exec(name)?.[0];
      if (prefix) prefixes.add(prefix);
    }
  }
  const all: Record<string, string> = {};
  for (const [name, value] of Object.entries(inherited)) {
    const owned = alwaysRecorded.test(name) || [...prefixes].some((p) => name.startsWith(p));
    if (owned && value !== undefined) all[name] = value;
  }
  return Object.fromEntries(Object.entries({ ...all, ...own }).sort(([a], [b]) => (a < b ? -1 : 1)));
}

async function version(command: string, context: Pick<TaskContext, 'signal'>): Promise<string | null> {
  const text = await ask(command, ['--version'], context);
  return text.split('\n')[0]?.trim() || null;
}
