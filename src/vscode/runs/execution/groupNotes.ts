import type { CompilerDiagnostic } from '../../../core/build/compilerOutput.js';

export interface GroupedDiagnostic {
  readonly main: CompilerDiagnostic;
  /** What the compiler added to it: where something was declared, what was expanded. */
  readonly notes: readonly CompilerDiagnostic[];
}

/**
 * Compilers print notes behind the error or warning that they explain. The same message is printed once for
 * every file that includes a header, and shown once.
 */
export function groupNotes(diagnostics: readonly CompilerDiagnostic[]): GroupedDiagnostic[] {
  const groups = new Map<string, { main: CompilerDiagnostic; notes: CompilerDiagnostic[] }>();
  let current: { main: CompilerDiagnostic; notes: CompilerDiagnostic[] } | undefined;
  for (const diagnostic of diagnostics) {
    if (diagnostic.severity === 'note' && current) {
      current.notes.push(diagnostic);
      continue;
    }
    const { file, line, column, severity, message } = diagnostic;
    const key = JSON.stringify([file, line, column, severity, message]);
    current = { main: diagnostic, notes: [] };
    if (!groups.has(key)) groups.set(key, current);
  }
  return [...groups.values()];
}
