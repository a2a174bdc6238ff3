import * as vscode from 'vscode';
import { runDoctor } from '../../core/doctor/doctor.js';
import type { LabService } from '../labs/labService.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { ReadOnlyDocuments } from '../shared/readOnlyDocuments.js';
import type { Reporter } from '../shared/reporter.js';
import { doctorText } from './doctorText.js';

const title = vscode.l10n.t('HAKMEM Lab Doctor');

/** Tries what the lab needs and shows the answer. Starts installed tools only, nothing of the workspace. */
export function registerDoctor(
  context: vscode.ExtensionContext,
  { labs, reporter }: { readonly labs: LabService; readonly reporter: Reporter },
  documents: ReadOnlyDocuments,
): void {
  const examine = async (signal?: AbortSignal) => {
    const lab = labs.all.find(({ laboratory }) => laboratory)?.laboratory?.lab.folder;
    const folder = lab ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
    return doctorText(await runDoctor({ signal, folder }));
  };
  const show = reporter.guard(async (token: vscode.CancellationToken) => {
    const controller = new AbortController();
    token.onCancellationRequested(() => controller.abort());
    await documents.preview(title, await examine(controller.signal));
  });
  documents.provide(title, async () => {
    await labs.ready();
    return examine();
  });
  context.subscriptions.push(
    registerCommand(commandIds.doctor, () =>
      vscode.window.withProgress(
        {
          location: vscode.ProgressLocation.Notification,
          title: vscode.l10n.t('Checking this machine'),
          cancellable: true,
        },
        (_progress, token) => show(token),
      ),
    ),
  );
}
