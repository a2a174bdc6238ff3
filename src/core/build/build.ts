import path from 'node:path';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { plural } from '../../text/numbers.js';
import { execute, isNotFound } from '../process/childProcess.js';
import { missingTool } from '../process/tools.js';
import { parseCompilerOutput, type CompilerDiagnostic } from './compilerOutput.js';

/** A failed build. Its diagnostics have absolute file names, for the Problems panel. */
export class BuildError extends LabError {
  readonly diagnostics: readonly CompilerDiagnostic[];

  constructor(message: string, detail: string, diagnostics: readonly CompilerDiagnostic[]) {
    super('build-failed', message, {
      detail,
      remedy: { text: 'Fix the error and run again. Saved runs are unaffected.' },
    });
    this.diagnostics = diagnostics;
  }
}

/**
 * Runs the build command of the lab file, if it has one.
 * @returns the warnings of the build
 * @throws BuildError with the compiler's messages; LabError `tool-missing` if make or the compiler isn't installed
 */
export async function build(lab: LoadedLab, context: TaskContext): Promise<CompilerDiagnostic[]> {
  const { build: step } = lab.definition;
  if (!step) return [];
  context.progress('Building…');
  context.log(`$ ${[step.command, ...step.args].join(' ')}  (in ${lab.folder})`);
  const lines: string[] = [];
  const result = await execute(step.command, step.args, {
    cwd: lab.folder,
    // The parser understands untranslated messages only.
    env: { LC_ALL: 'C' },
    signal: context.signal,
    onLine: (line) => {
      lines.push(line);
      context.log(line);
    },
  }).catch((error: unknown) => {
    if (isNotFound(error)) throw missingTool(step.command, error);
    throw error;
  });
  const output = lines.join('\n');
  const diagnostics = parseCompilerOutput(output).map((d) => ({
    ...d,
    file: path.resolve(lab.folder, d.file),
  }));
  if (result.exitCode === 0) return diagnostics;
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
    `The build of ${lab.definition.name} failed${errors.length > 0 ? ` with ${plural(errors.length, 'error')}` : ''}.`,
    first ? `${first.file}:${first.line}: ${first.message}` : lines.slice(-5).join('\n'),
    diagnostics,
  );
}
