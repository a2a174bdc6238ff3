import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import * as z from 'zod';
import type { LabError } from '../../core/labError.js';
import type { LabService } from './labService.js';
import { locateJson, syntaxErrorOffset, type JsonPath } from './jsonPlace.js';

/** Shows what is wrong with a lab file in the Problems panel, at the place in the file. */
export function registerLabProblems(
  context: vscode.ExtensionContext,
  { labs, log }: { readonly labs: LabService; readonly log: vscode.LogOutputChannel },
): void {
  const problems = vscode.languages.createDiagnosticCollection('hakmem-lab-file');
  const update = async () => {
    const found: [vscode.Uri, vscode.Diagnostic[]][] = [];
    for (const { file, error } of labs.all) {
      if (error?.code !== 'lab-file-invalid') continue;
      const text = await readFile(file, 'utf8').catch(() => '');
      found.push([vscode.Uri.file(file), diagnosticsOf(text, error)]);
    }
    problems.clear();
    problems.set(found);
  };
  context.subscriptions.push(
    problems,
    labs.onDidChange(() => void update().catch((error: unknown) => log.error(String(error)))),
  );
}

function diagnosticsOf(text: string, error: LabError): vscode.Diagnostic[] {
  const at = (start: number, end: number, message: string) => {
    const range = new vscode.Range(position(text, start), position(text, end));
    const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
    problem.source = 'HAKMEM Lab';
    return problem;
  };
  if (error.cause instanceof z.core.$ZodError) {
    return error.cause.issues.map((issue) => {
      const { start, end } = placeOf(text, issue);
      // An incomplete object is marked on its first line only.
      const line = text.indexOf('\n', start);
      return at(start, line === -1 ? end : Math.min(end, line), `${issue.path.join('.')}: ${issue.message}`);
    });
  }
  const offset = syntaxErrorOffset(error.detail) ?? 0;
  return [at(offset, Math.min(offset + 1, text.length), error.detail)];
}

function placeOf(text: string, issue: z.core.$ZodIssue): { start: number; end: number } {
  const place = locateJson(text, issue.path as JsonPath);
  const [key] = issue.code === 'unrecognized_keys' ? issue.keys : [];
  if (key === undefined) return place;
  const literal = JSON.stringify(key);
  const at = text.indexOf(literal, place.start);
  return at === -1 || at > place.end ? place : { start: at, end: at + literal.length };
}

function position(text: string, offset: number): vscode.Position {
  const before = text.slice(0, offset).split('\n');
  return new vscode.Position(before.length - 1, (before.at(-1) ?? '').length);
}
