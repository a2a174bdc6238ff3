import * as vscode from 'vscode';
import { LabError } from '../../core/labError.js';
import type { SourcePlace } from '../../wire/protocol.js';
import { columnForSource } from '../shared/layout.js';

/**
 * Opens a source file at a line, beside the panel rather than over it.
 * @param find where a file is on this machine
 * @param name the cursor goes there rather than to the start of the line
 * @throws LabError `source-missing` when the file is not on this machine
 */
export async function openSource(
  { file, line }: SourcePlace,
  find: (file: string) => Promise<string | undefined>,
  name?: string,
): Promise<void> {
  const found = await find(file);
  if (!found) {
    throw new LabError('source-missing', vscode.l10n.t('The source file {0} is not on this machine.', file), {
      remedy: {
        text: vscode.l10n.t('It belongs to a library, or was moved since the build. Show where it is.'),
        source: { file, line },
      },
    });
  }
  const uri = vscode.Uri.file(found);
  const viewColumn = await columnForSource(uri);
  const editor = await vscode.window.showTextDocument(uri, { viewColumn });
  const text = editor.document.lineAt(Math.min(Math.max(0, line - 1), editor.document.lineCount - 1));
  const column = name === undefined ? -1 : text.text.indexOf(name);
  const position = text.range.start.translate(0, column < 0 ? text.firstNonWhitespaceCharacterIndex : column);
  editor.selection = new vscode.Selection(position, position);
  editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.InCenter);
}
