import * as vscode from 'vscode';
import * as z from '../../core/zod.js';
import { readRegularText } from '../../core/files.js';
import { LAB_FILE_NAME } from '../../core/lab/findLabFile.js';
import { parseLab } from '../../core/lab/loadLab.js';
import { LabError } from '../../core/labError.js';
import { fixesFor } from './labFixes.js';
import type { LabService } from './labService.js';
import { locateJson, syntaxErrorOffset } from './jsonPlace.js';

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
      const text = await readRegularText(file).catch(() => '');
      found.push([vscode.Uri.file(file), diagnosticsOf(text, error)]);
    }
    problems.clear();
    problems.set(found);
  };
  context.subscriptions.push(
    problems,
    vscode.languages.registerCodeActionsProvider(
      { pattern: `**/${LAB_FILE_NAME}` },
      { provideCodeActions: quickFixes },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
    labs.onDidChange(() => void update().catch((error: unknown) => log.error(String(error)))),
  );
}

/** Of the file as it is edited, which may be newer than its problems. */
function quickFixes(
  document: vscode.TextDocument,
  range: vscode.Range,
  { diagnostics }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const text = document.getText();
  let error: unknown;
  try {
    parseLab(text, document.uri.fsPath);
    return [];
  } catch (caught) {
    error = caught instanceof LabError ? caught.cause : undefined;
  }
  if (!(error instanceof z.$ZodError)) return [];
  return error.issues.flatMap((issue) => {
    const { start, end } = placeOf(text, issue);
    const place = new vscode.Range(document.positionAt(start), document.positionAt(end));
    if (!place.intersection(range)) return [];
    return fixesFor(text, issue).map(({ title, edits }, index) => {
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.diagnostics = diagnostics.filter((one) => one.range.intersection(place));
      action.isPreferred = index === 0;
      action.edit = new vscode.WorkspaceEdit();
      for (const { offset, length, content } of edits) {
        const span = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        action.edit.replace(document.uri, span, content);
      }
      return action;
    });
  });
}

function diagnosticsOf(text: string, error: LabError): vscode.Diagnostic[] {
  const at = (start: number, end: number, message: string) => {
    const range = new vscode.Range(position(text, start), position(text, end));
    const problem = new vscode.Diagnostic(range, message, vscode.DiagnosticSeverity.Error);
    problem.source = 'HAKMEM Lab';
    return problem;
  };
  if (error.cause instanceof z.$ZodError) {
    return error.cause.issues.map((issue) => {
      const { start, end } = placeOf(text, issue);
      // An incomplete object is marked on its first line only.
      const line = text.indexOf('\n', start);
      return at(start, line === -1 ? end : Math.min(end, line), problemText(issue));
    });
  }
  const offset = syntaxErrorOffset(error.detail) ?? 0;
  return [at(offset, Math.min(offset + 1, text.length), error.detail)];
}

/** Its place is marked: the text names what is wrong there. */
function problemText(issue: z.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') {
    const [key = '', ...others] = issue.keys.map((name) => JSON.stringify(name));
    return others.length === 0
      ? vscode.l10n.t('Unknown key {0}', key)
      : vscode.l10n.t('Unknown keys {0}', [key, ...others].join(', '));
  }
  const path = issue.path.join('.');
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined'))
    return vscode.l10n.t('Missing key {0}', JSON.stringify(String(issue.path.at(-1))));
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

function placeOf(text: string, issue: z.$ZodIssue): { start: number; end: number } {
  const place = locateJson(
    text,
    issue.path.filter((step) => typeof step !== 'symbol'),
  );
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
