import path from 'node:path';
import * as vscode from 'vscode';
import { LabError, messageOf } from '../../core/labError.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { inform } from '../shared/messages.js';

/** Asks where to, and writes; `data` is made only when there is a place for it. @throws LabError `write-failed` */
export async function saveAs(
  run: ShownRun,
  data: Uint8Array | (() => Promise<string | Uint8Array> | string | Uint8Array),
  { extension, label }: { readonly extension: string; readonly label: string },
): Promise<void> {
  const name = `${run.run.id}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(path.dirname(run.laboratory.lab.file), name)),
    title: vscode.l10n.t('Export Profile as {0}', label),
  });
  if (!target) return;
  const content = typeof data === 'function' ? await data() : data;
  try {
    await vscode.workspace.fs.writeFile(target, typeof content === 'string' ? Buffer.from(content) : content);
  } catch (cause) {
    throw new LabError('write-failed', vscode.l10n.t('Could not write {0}.', target.fsPath), {
      detail: messageOf(cause),
      remedy: { text: vscode.l10n.t('Choose a writable folder with free space, then try again.') },
      cause,
    });
  }
  void inform(vscode.l10n.t('Exported to {0}.', target.fsPath), {
    title: vscode.l10n.t('Open File'),
    run: () => vscode.commands.executeCommand('vscode.open', target),
  });
}
