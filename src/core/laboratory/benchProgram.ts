import path from 'node:path';
import type { RunDocument } from '../../model/run.js';
import { bench } from '../bench/bench.js';
import { checkPlace, resolveCommand, resolvePath } from '../bench/subject.js';
import type { TaskContext } from '../context.js';
import type { LoadedLab } from '../lab/loadLab.js';
import type { CommandLine } from '../process/commandLine.js';
import { withLock } from '../store/lock.js';
import type { RunStore } from '../store/runStore.js';
import { defaultBenchRepeats } from './benchPreset.js';
import { runName, saveRun } from './saveRun.js';

export interface BenchedProgram extends CommandLine {
  /** The folder to run in; that of this process by default. */
  readonly cwd?: string;
}

/** Benchmarks any program. The preset of the run is the command. */
export async function benchProgram(
  lab: LoadedLab,
  store: RunStore,
  { program, args, environment, cwd = '.', stdin }: BenchedProgram,
  options: { readonly repeats?: number },
  context: TaskContext,
): Promise<RunDocument> {
  const folder = resolvePath(cwd);
  const place = { cwd: folder, ...(stdin === undefined ? {} : { stdin: path.resolve(folder, stdin) }) };
  await checkPlace(place);
  const file = await resolveCommand(program, folder);
  const name = runName(path.basename(file)) || 'program';
  return withLock(store, context, async () => {
    const subject = { allocator: name, program: file, args, environment, ...place };
    const results = await bench([subject], options.repeats ?? defaultBenchRepeats, context);
    const preset = { name, description: 'Benchmarked program', program: file, args, environment, ...place };
    return saveRun(lab, store, preset, subject, { results, stat: null }, context);
  });
}
