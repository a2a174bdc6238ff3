import path from 'node:path';
import type { ProgramTarget } from '../../../core/perf/target.js';
import type { RunDocument } from '../../../model/run.js';

/** The program that a run recorded, to be started again; undefined for a process that was attached to, and for files. */
export function recordedProgram(run: RunDocument, folder: string): ProgramTarget | undefined {
  const { description, program, args, environment, cwd, stdin } = run.preset;
  if (run.importedFrom !== undefined || program === '' || /^Process \d+$/.test(description)) return undefined;
  return {
    kind: 'program',
    program,
    args,
    environment,
    cwd: path.resolve(folder, cwd ?? '.'),
    ...(stdin === undefined ? {} : { stdin: { file: stdin } }),
  };
}
