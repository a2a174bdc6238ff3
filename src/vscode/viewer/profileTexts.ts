import * as vscode from 'vscode';
import { isProfileText, TEXT_HEAD } from '../../core/import/profileText.js';
import { registerCommand, setContext } from '../shared/commands.js';
import { commandIds, contextKeys, editorViewTypes } from '../shared/contributions.js';

/** Text that is read as text first, however it is called, gets a button that shows it as the profile that it is. */
export function registerProfileTexts(context: vscode.ExtensionContext): void {
  const update = (editor: vscode.TextEditor | undefined) =>
    setContext(contextKeys.profileText, editor !== undefined && isProfile(editor.document));
  update(vscode.window.activeTextEditor);
  context.subscriptions.push(
    vscode.window.onDidChangeActiveTextEditor(update),
    registerCommand(commandIds.viewProfile, async (given) => {
      const file = given ?? vscode.window.activeTextEditor?.document.uri;
      if (file?.scheme !== 'file') return;
      const uri = vscode.Uri.file(file.fsPath);
      await vscode.commands.executeCommand('vscode.openWith', uri, editorViewTypes.profileText);
    }),
  );
}

function isProfile(document: vscode.TextDocument): boolean {
  const head = new vscode.Range(0, 0, document.positionAt(TEXT_HEAD).line, TEXT_HEAD);
  return document.uri.scheme === 'file' && isProfileText(document.getText(head).slice(0, TEXT_HEAD));
}
