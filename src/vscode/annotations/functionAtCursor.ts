import * as vscode from 'vscode';
import type { SourcePlace } from '../../wire/protocol.js';
import { refOf } from '../shared/codeRef.js';
import { executeCommand } from '../shared/commands.js';
import { commandIds, machineCodeScheme, type FunctionRef } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import type { Annotations } from './annotations.js';

/**
 * The function that a command is about: the one it is given, else that at the cursor or of the machine code there, or where
 * the profile has the focus, the one that is selected in it. Says so if there is none.
 */
export function requireFunction(
  shown: ShownProfile,
  annotations: Annotations,
  target: FunctionRef | undefined,
): number | undefined {
  const given = target && 'func' in target;
  // A hover may have outlived its profile, and an index means another function in another profile.
  const current = given && shown.current?.run.id === target.runId ? target.func : undefined;
  const func = given ? current : functionHere(shown.current, annotations);
  if (func !== undefined) return func;
  const inSource = vscode.window.activeTextEditor !== undefined;
  void inform(
    inSource
      ? vscode.l10n.t(
          'The shown profile has no function at this line. Place the cursor in a function with annotations.',
        )
      : vscode.l10n.t(
          'No function is selected. Select one in the panel, or place the cursor in a function with annotations.',
        ),
    { title: vscode.l10n.t('Go to Hottest Line'), run: () => executeCommand(commandIds.goToHottest) },
  );
  return undefined;
}

/** Where the user is: in the source, in machine code, or in a profile. */
export function functionHere(run: ShownRun | undefined, annotations: Annotations): number | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor) return run && run.selectedFunction >= 0 ? run.selectedFunction : undefined;
  const { uri } = editor.document;
  if (uri.scheme !== machineCodeScheme) return functionAtCursor(annotations);
  const { runId, func } = refOf(uri);
  return runId === run?.run.id ? func : undefined;
}

/** The function whose line the cursor is on, or whose signature is the nearest above it. */
function functionAtCursor(annotations: Annotations): number | undefined {
  const editor = vscode.window.activeTextEditor;
  const annotated = editor && annotations.of(editor.document);
  if (!annotated) return undefined;
  const { line: cursor } = editor.selection.active;
  const here = annotated.at(cursor)?.annotation;
  const own = here?.functions[0]?.func ?? here?.cost?.functions[0]?.func;
  if (own !== undefined) return own;
  let func: number | undefined;
  for (const { line, annotation } of annotated.placed()) {
    if (line > cursor) break;
    func = annotation.functions[0]?.func ?? func;
  }
  return func;
}

/** The line at the cursor as the profile names it; undefined for one without a cost of its own. */
export function placeAtCursor({ recorded }: ShownRun, annotations: Annotations): SourcePlace | undefined {
  const editor = vscode.window.activeTextEditor;
  const annotated = editor && annotations.of(editor.document);
  const here = annotated?.at(editor?.selection.active.line ?? 0)?.annotation;
  const file = here?.cost && recorded.strings[here.cost.file];
  return here && file !== undefined ? { file, line: here.line } : undefined;
}
