import path from 'node:path';
import type { TaskContext } from '../context.js';
import { LabError, type Remedy } from '../labError.js';
import type { BuildStep } from '../lab/labFile.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { plural } from '../../text/numbers.js';
import { execute, isNotFound } from '../process/childProcess.js';
import { missingTool } from '../process/tools.js';
import { submodulesRemedy } from './submodules.js';
import { parseCompilerOutput, type CompilerDiagnostic } from './compilerOutput.js';

/** A failed build. Its diagnostics have absolute file names, for the Problems panel. */
export class BuildError extends LabError {
  readonly diagnostics: readonly CompilerDiagnostic[];

  constructor(
    message: string,
    detail: string,
    diagnostics: readonly CompilerDiagnostic[],
    remedy: Remedy = { text: 'Fix the error and run again. Saved runs are unaffected.' },
  ) {
    super('build-failed', message, { detail, remedy });
    this.diagnostics = diagnostics;
  }
}

/** A command that builds, where it runs, and what it builds, for messages. */
export interface BuildCommand {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly name: string;
}

/**
 * Runs the build command of the preset or else of the lab file, if there is one.
 * @returns the warnings of the build
 * @throws BuildError with the compiler's messages; LabError `tool-missing` if make or the compiler isn't installed
 */
export async function build(
  lab: LoadedLab,
  preset: { readonly build?: BuildStep | undefined },
  context: TaskContext,
): Promise<CompilerDiagnostic[]> {
  const step = preset.build ?? lab.definition.build;
  if (!step) return [];
  context.progress('Building…');
  return (await runBuild({ ...step, cwd: lab.folder, name: lab.definition.name }, context)).diagnostics;
}

/**
 * Runs a build command to its end.
 * @returns its warnings, with absolute file names, and all it printed to standard output
 * @throws BuildError, LabError `tool-missing`
 */
export async function runBuild(
  { command, args, cwd, environment, name }: BuildCommand,
  context: TaskContext,
): Promise<{ diagnostics: CompilerDiagnostic[]; stdout: string }> {
  context.log(`$ ${[command, ...args].join(' ')}  (in ${cwd})`);
  const lines: string[] = [];
  const result = await execute(command, args, {
    cwd,
    // The parser understands untranslated messages only.
    env: { ...environment, LC_ALL: 'C' },
    signal: context.signal,
    onLine: (line) => {
      lines.push(line);
      context.log(line);
    },
  }).catch((error: unknown) => {
    if (isNotFound(error)) throw missingTool(command, error);
    throw error;
  });
  const output = lines.join('\n');
  const diagnostics = parseCompilerOutput(output).map((d) => ({ ...d, file: path.resolve(cwd, d.file) }));
  if (result.exitCode === 0) return { diagnostics, stdout: result.stdout };
  const absent =
    /(?:^|\s)(?:make: |\/bin\/sh: \d+: |sh: \d+: )?(\S+): (?:not found|command not found|No such file or directory)/m.exec(
      output,
    );
  if (
    !diagnostics.some((d) => d.severity === 'error') &&
    absent &&
    /^(cc|gcc|clang|c\+\+|g\+\+)$/.test(absent[1] as string)
  ) {
    throw missingTool(absent[1] as string);
  }
  const errors = diagnostics.filter((d) => d.severity === 'error');
  const first = errors[0];
  throw new BuildError(
    `The build of ${name} failed${errors.length > 0 ? ` with ${plural(errors.length, 'error')}` : ''}.`,
    first ? `${within(cwd, first.file)}:${first.line}: ${first.message}` : telling(lines).join('\n'),
    diagnostics,
    await submodulesRemedy(cwd),
  );
}

/** The file's name in the folder that the build ran in; the whole of one elsewhere. */
function within(folder: string, file: string): string {
  return file.startsWith(folder + path.sep) ? path.relative(folder, file) : file;
}

/** What linkers, make, and shells say goes wrong; compilers' errors have places of their own. */
const trouble =
  /\berror: |cannot find |undefined reference|multiple definition|No rule to make|not found$|No such file|\*\*\* /;

/** Where make is, and what CMake looks for and needn't find. */
const chatter = /^make(?:\[\d+\])?: (?:Entering|Leaving) directory|^-- (?!Configuring incomplete)/;

/** At most five lines of a failed build: from the first that says what went wrong, else the last ones. */
function telling(lines: readonly string[]): string[] {
  const said = lines.filter((line) => !chatter.test(line));
  const cause = said.findIndex((line) => trouble.test(line));
  const root = cause === -1 ? '' : rootCause(said.slice(cause));
  if (root !== '') return [`${said[cause]?.replace(/\.$/, '')}: ${root}`];
  return cause === -1 ? said.slice(-5) : said.slice(cause, cause + 5);
}

/** Cargo says first what it wanted, and last why it couldn't: the last two of its causes. Empty without any. */
function rootCause(lines: readonly string[]): string {
  const causes = lines.flatMap((line, i) => (line === 'Caused by:' ? [lines[i + 1]?.trim() ?? ''] : []));
  return causes.slice(-2).join(': ');
}
