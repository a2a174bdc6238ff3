import path from 'node:path';
import * as vscode from 'vscode';
import { inform } from '../shared/messages.js';

/**
 * The workspace folder that keeps what is recorded or opened: that of `file`, the only one, or the one that the user
 * chooses. Without any, says so.
 * @returns its path; undefined when there is none, or none was chosen
 */
export async function recordingsFolder(title: string, file?: string): Promise<string | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
  const around = folders.find(({ uri }) => file?.startsWith(uri.fsPath + path.sep));
  if (around) return around.uri.fsPath;
  if (folders.length <= 1) {
    const [only] = folders;
    if (!only) void offerFolder(title);
    return only?.uri.fsPath;
  }
  const items = folders.map((folder) => ({ label: folder.name, description: folder.uri.fsPath, folder }));
  const chosen = await vscode.window.showQuickPick(items, {
    title,
    placeHolder: vscode.l10n.t('Choose where to keep recordings'),
  });
  return chosen?.folder.uri.fsPath;
}

function offerFolder(title: string): Promise<void> {
  return inform(
    vscode.l10n.t('{0}: open a folder first. Recordings are kept in its .hakmem-lab folder.', title),
    {
      title: vscode.l10n.t('Open Folder...'),
      run: () => vscode.commands.executeCommand('workbench.action.files.openFolder'),
    },
  );
}
