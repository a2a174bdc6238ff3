import path from 'node:path';
import * as vscode from 'vscode';
import type { CompilerDiagnostic } from '../../../core/build/compilerOutput.js';
import { groupNotes } from './groupNotes.js';

/** The compiler's messages of the last build of each lab, in the Problems panel. */
export class BuildProblems implements vscode.Disposable {
  private readonly byLab = new Map<string, vscode.DiagnosticCollection>();

  /** A build begins: the messages of the last one are out of date. */
  clear(labFile: string): void {
    this.byLab.get(labFile)?.clear();
  }

  show(labFile: string, diagnostics: readonly CompilerDiagnostic[]): void {
    let collection = this.byLab.get(labFile);
    if (!collection) {
      collection = vscode.languages.createDiagnosticCollection(`hakmem-lab-build ${path.dirname(labFile)}`);
      this.byLab.set(labFile, collection);
    }
    const byFile = new Map<string, vscode.Diagnostic[]>();
    for (const { main, notes } of groupNotes(diagnostics)) {
      const problem = new vscode.Diagnostic(rangeOf(main), main.message, severities[main.severity]);
      problem.source = vscode.l10n.t('HAKMEM Lab build');
      problem.relatedInformation = notes.map(
        (note) =>
          new vscode.DiagnosticRelatedInformation(
            new vscode.Location(vscode.Uri.file(note.file), rangeOf(note)),
            note.message,
          ),
      );
      byFile.set(main.file, [...(byFile.get(main.file) ?? []), problem]);
    }
    collection.clear();
    collection.set([...byFile].map(([file, problems]) => [vscode.Uri.file(file), problems]));
  }

  dispose(): void {
    vscode.Disposable.from(...this.byLab.values()).dispose();
  }
}

const severities = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

/** An empty range: VS Code widens it to the word there. */
function rangeOf({ line, column }: CompilerDiagnostic): vscode.Range {
  return new vscode.Range(
    Math.max(0, line - 1),
    Math.max(0, column - 1),
    Math.max(0, line - 1),
    Math.max(0, column - 1),
  );
}
