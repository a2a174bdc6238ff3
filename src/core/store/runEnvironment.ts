import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Contestant } from '../bench/bench.js';
import type { LabFile } from '../lab/labFile.js';
import { run } from '../process/run.js';
import type { RunEnvironment } from '../../model/run.js';

/** Variables of the loader and of libc that change how any allocator behaves. */
const alwaysRecorded = /^(LD_PRELOAD|LD_LIBRARY_PATH|GLIBC_TUNABLES|MALLOC_\w+)$/;

/** Of a profile that came from a file: it may have been recorded anywhere. */
export const unknownEnvironment: RunEnvironment = {
  host: null,
  perf: null,
  compiler: null,
  variables: {},
  programHash: null,
};

export async function describeEnvironment(lab: LabFile, contestant: Contestant): Promise<RunEnvironment> {
  const cpus = os.cpus();
  const [perf, compiler, program] = await Promise.all([
    firstLine('perf', '--version'),
    firstLine('cc', '--version'),
    readFile(contestant.program).catch(() => undefined),
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
    variables: effectiveVariables(lab, contestant.environment, process.env),
    programHash: program ? createHash('sha256').update(program).digest('hex') : null,
  };
}

/**
 * What the program saw: the preset's variables and the inherited ones that share their prefix (`HAKMEM_`) or
 * that steer the loader or libc.
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

async function firstLine(command: string, ...args: string[]): Promise<string | null> {
  try {
    const { stdout } = await run(command, args);
    return stdout.split('\n')[0]?.trim() || null;
  } catch {
    return null;
  }
}
