import * as vscode from 'vscode';
import { findSource } from '../../core/lab/findSource.js';
import type { LoadedLab } from '../../core/lab/loadLab.js';
import { LabError } from '../../core/labError.js';
import type { SourcePlace } from '../../wire/protocol.js';
import { columnForSource } from '../shared/layout.js';

/**
 * Opens a source file at a line, beside the panel rather than over it.
 * @param name the cursor goes there rather than to the start of the line
 * @throws LabError `source-missing` when the file is not on this machine
 */
export async function openSource(
  { file, line }: SourcePlace,
  lab: LoadedLab | undefined,
  name?: string,
): Promise<void> {
  const found = await findSource(file, lab);
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
