import * as vscode from 'vscode';
import { executeCommand } from '../shared/commands.js';
import { commandIds, type FunctionRef } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { Annotations } from './annotations.js';

/** The function that a command is about: the one it is given, else that at the cursor. Says so if there is none. */
export function requireFunction(
  shown: ShownProfile,
  annotations: Annotations,
  target: FunctionRef | undefined,
): number | undefined {
  const given = target && 'func' in target;
  // A hover may have outlived its profile, and an index means another function in another profile.
  const current = given && shown.current?.run.id === target.runId ? target.func : undefined;
  const func = given ? current : functionAtCursor(annotations);
  if (func !== undefined) return func;
  void inform(
    vscode.l10n.t(
      'The shown profile has no function at this line. Place the cursor in a function with annotations.',
    ),
    { title: vscode.l10n.t('Go to Hottest Line'), run: () => executeCommand(commandIds.goToHottest) },
  );
  return undefined;
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
