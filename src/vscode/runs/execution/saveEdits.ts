import path from 'node:path';
import * as vscode from 'vscode';
import { labFolder } from '../../../core/lab/loadLab.js';
import { LabError } from '../../../core/labError.js';

/**
 * Saves edited files below the lab's folder and its source roots, so that what is built is what the editor shows.
 * @throws LabError `write-failed` when a file cannot be saved: measuring the old text would mislead
 */
export async function saveEdits(labFile: string, sourceRoots: readonly string[]): Promise<void> {
  const folders = ['.', ...sourceRoots].map((root) => path.resolve(labFolder(labFile), root) + path.sep);
  const edited = vscode.workspace.textDocuments.filter(
    ({ isDirty, uri }) =>
      isDirty && uri.scheme === 'file' && folders.some((folder) => uri.fsPath.startsWith(folder)),
  );
  for (const document of edited) {
    if (await document.save()) continue;
    throw new LabError(
      'write-failed',
      vscode.l10n.t('Could not save {0}.', path.basename(document.fileName)),
      {
        detail: document.fileName,
        remedy: { text: vscode.l10n.t('Save or revert it yourself, then try again.') },
      },
    );
  }
}
