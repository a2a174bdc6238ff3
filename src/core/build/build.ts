import path from 'node:path';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { run } from '../process/run.js';
import { missingTool } from '../process/tools.js';
import { parseCompilerOutput, type CompilerDiagnostic } from './compilerOutput.js';

/** A failing build: the compiler's messages with absolute file names are for the Problems panel. */
export class BuildError extends LabError {
  readonly diagnostics: readonly CompilerDiagnostic[];

  constructor(message: string, detail: string, diagnostics: readonly CompilerDiagnostic[]) {
    super('build-failed', message, {
      detail,
      remedy: { text: 'Correct the error in the source and run again. The last good results are kept.' },
    });
    this.diagnostics = diagnostics;
  }
}

/**
 * Builds what the lab measures, when the lab file says how.
 * @returns the warnings of the build
 * @throws BuildError with the compiler's messages; LabError `tool-missing` when make or the compiler is absent
 */
export async function build(lab: LoadedLab, context: TaskContext): Promise<CompilerDiagnostic[]> {
  const { build: step } = lab.definition;
  if (!step) return [];
  context.progress('Building');
  context.log(`$ ${[step.command, ...step.args].join(' ')}  (in ${lab.folder})`);
  const lines: string[] = [];
  const result = await run(step.command, step.args, {
    cwd: lab.folder,
    // Compilers translate their messages; the parser reads the untranslated ones.
    env: { LC_ALL: 'C' },
    signal: context.signal,
    onLine: (line) => {
      lines.push(line);
      context.log(line);
    },
  }).catch((error: unknown) => {
    if (error instanceof LabError && error.code === 'tool-missing') throw missingTool(step.command, error);
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
    `The build of ${lab.definition.name} failed${errors.length > 0 ? ` with ${errors.length} error${errors.length === 1 ? '' : 's'}` : ''}.`,
    first ? `${first.file}:${first.line}: ${first.message}` : lines.slice(-5).join('\n'),
    diagnostics,
  );
}
