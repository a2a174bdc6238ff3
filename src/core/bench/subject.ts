import path from 'node:path';
import { currentFolder, exists, isFolder } from '../files.js';
import type { OutputFormat, Preset } from '../lab/labFile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { LabError } from '../labError.js';
import type { ProcessOptions } from '../process/childProcess.js';
import { requireExecutable } from '../process/executable.js';
import { findCommand } from '../process/tools.js';

/** A program to measure, and what it runs under: the same for every tool that starts it. */
export interface Subject {
  readonly allocator: string;
  readonly program: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The folder to run in. */
  readonly cwd: string;
  /** The file to read from; nothing by default. */
  readonly stdin?: string | undefined;
  /** Where it prints its result, if not in a known format. */
  readonly output?: OutputFormat | undefined;
}

/** How a subject is started, also under a tool that measures it. */
export function subjectOptions({ cwd, environment, stdin }: Subject): ProcessOptions {
  return { cwd, env: environment, ...(stdin === undefined ? {} : { stdin: { file: stdin } }) };
}

/** The preset's own program. @throws LabError `program-missing`, `start-failed`, `read-failed` */
export async function presetSubject(lab: LoadedLab, preset: Preset): Promise<Subject> {
  const place = runPlace(lab, preset);
  await checkPlace(place);
  return {
    allocator: lab.definition.name,
    program: await resolveProgram(lab, preset.program),
    args: preset.args,
    environment: preset.environment,
    output: preset.output,
    ...place,
  };
}

/** The folder that a preset runs in, the lab's unless it names another, and the file that it reads from. */
export function runPlace(lab: LoadedLab, { cwd = '.', stdin }: Preset): Pick<Subject, 'cwd' | 'stdin'> {
  const folder = path.resolve(lab.folder, cwd);
  return { cwd: folder, ...(stdin === undefined ? {} : { stdin: path.resolve(folder, stdin) }) };
}

/**
 * Whether a program can run there at all: what the operating system says otherwise doesn't tell what is missing.
 * @throws LabError `start-failed`, `read-failed`
 */
export async function checkPlace({ cwd, stdin }: Pick<Subject, 'cwd' | 'stdin'>): Promise<void> {
  if (!(await isFolder(cwd))) {
    throw new LabError('start-failed', `The working directory ${cwd} doesn't exist.`, {
      remedy: { text: 'Create the folder, or specify another one.' },
    });
  }
  if (stdin !== undefined && !(await exists(stdin))) {
    throw new LabError('read-failed', `The input file ${stdin} doesn't exist.`, {
      remedy: { text: 'Check the name. It is relative to the working directory of the program.' },
    });
  }
}

/** A path relative to the lab file, an absolute path, or a command on PATH. @throws LabError `program-missing` */
export async function resolveProgram(lab: LoadedLab, program: string): Promise<string> {
  const file = path.resolve(lab.folder, program);
  const found = await exists(file);
  const onPath = found || program.includes('/') ? undefined : await findCommand(program);
  if (!found && !onPath)
    throw programMissing(
      program,
      file,
      `Check "program" in ${lab.file}, and check that the build creates it.`,
    );
  await requireExecutable(onPath ?? file, program);
  return onPath ?? file;
}

/** Like a shell: a command on PATH, or a path if it contains a slash. @throws LabError `program-missing` */
export async function resolveCommand(program: string, folder?: string): Promise<string> {
  await checkWords(program, folder);
  const named = program.includes('/');
  const file = named ? resolvePath(program, folder) : await findCommand(program);
  if (file === undefined)
    throw programMissing(
      program,
      `${program} on PATH`,
      'For a program in the current folder, write ./program. Check that the file is executable.',
    );
  await requireExecutable(file, program);
  return file;
}

/**
 * Says so when a whole command stands where the name of a program does: a shell passes what is in quotes as one word.
 * @throws LabError `program-missing`
 */
async function checkWords(program: string, folder: string | undefined): Promise<void> {
  const [first = '', ...rest] = program.split(/\s+/);
  const isVariable = /^[A-Za-z_]\w*=/.test(program);
  if (!isVariable && rest.length === 0) return;
  const place = (name: string) =>
    name.includes('/') ? path.resolve(folder ?? currentFolder() ?? '/', name) : findCommand(name);
  const found = async (name: string) => exists((await place(name)) ?? '');
  if (await found(program)) return;
  if (isVariable)
    throw programMissing(program, program, `To set a variable for the program, write: env ${first} PROGRAM`);
  if (await found(first))
    throw programMissing(
      program,
      `a program whose whole name is that`,
      `Write ${first} and its arguments as separate words, without quotes around the whole command.`,
    );
}

/** A path relative to a folder, by default the current one. @throws LabError `read-failed` if that was deleted */
export function resolvePath(file: string, folder = currentFolder()): string {
  if (folder !== undefined || path.isAbsolute(file)) return path.resolve(folder ?? '/', file);
  throw new LabError('read-failed', "The current folder doesn't exist anymore.", {
    detail: `It was deleted or moved after the shell had changed to it, so that ${file} names nothing.`,
    remedy: { text: 'Change to another folder, or use whole paths.' },
  });
}

function programMissing(program: string, looked: string, remedy: string): LabError {
  return new LabError('program-missing', `The program ${program} doesn't exist or isn't executable.`, {
    detail: `Looked for ${looked}.`,
    remedy: { text: remedy },
  });
}
