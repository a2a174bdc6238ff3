import path from 'node:path';
import { isExecutable } from '../files.js';
import type { Preset } from '../lab/labFile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { LabError } from '../labError.js';
import { findCommand } from '../process/tools.js';

/** A program to measure, and the environment it runs under. */
export interface Subject {
  readonly allocator: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** The preset's own program. @throws LabError `program-missing` */
export async function presetSubject(lab: LoadedLab, preset: Preset): Promise<Subject> {
  return {
    allocator: lab.definition.name,
    program: await resolveProgram(lab, preset.program),
    args: preset.args,
    environment: preset.environment,
  };
}

/** A path relative to the lab file, an absolute path, or a command on PATH. @throws LabError `program-missing` */
export async function resolveProgram(lab: LoadedLab, program: string): Promise<string> {
  const file = path.resolve(lab.folder, program);
  if (await isExecutable(file)) return file;
  const onPath = program.includes('/') ? undefined : await findCommand(program);
  if (onPath) return onPath;
  throw programMissing(program, file, `Check "program" in ${lab.file}, and check that the build creates it.`);
}

/** Like a shell: a command on PATH, or a path if it contains a slash. @throws LabError `program-missing` */
export async function resolveCommand(program: string, folder = process.cwd()): Promise<string> {
  const file = program.includes('/') ? path.resolve(folder, program) : await findCommand(program);
  if (file !== undefined && (await isExecutable(file))) return file;
  throw programMissing(
    program,
    file ?? `${program} on PATH`,
    'For a program in the current folder, write ./program. Check that the file is executable.',
  );
}

function programMissing(program: string, looked: string, remedy: string): LabError {
  return new LabError('program-missing', `The program ${program} doesn't exist or isn't executable.`, {
    detail: `Looked for ${looked}.`,
    remedy: { text: remedy },
  });
}
