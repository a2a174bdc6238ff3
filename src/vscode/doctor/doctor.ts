import * as vscode from 'vscode';
import { runDoctor } from '../../core/doctor/doctor.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { ReadOnlyDocuments } from '../shared/readOnlyDocuments.js';
import type { Services } from '../services.js';
import { doctorText } from './doctorText.js';

/** Tries what the lab needs and shows the answer. Starts installed tools only, nothing of the workspace. */
export function registerDoctor(
  context: vscode.ExtensionContext,
  { labs, reporter }: Services,
  documents: ReadOnlyDocuments,
): void {
  const examine = () =>
    vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: 'Examining this machine', cancellable: true },
      async (_progress, token) => {
        const controller = new AbortController();
        token.onCancellationRequested(() => controller.abort());
        try {
          const lab = labs.all.find(({ laboratory }) => laboratory)?.laboratory?.lab.folder;
          const folder = lab ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
          const report = await runDoctor({ signal: controller.signal, folder });
          await documents.preview('HAKMEM Lab Doctor', doctorText(report));
        } catch (error) {
          void reporter.show(error);
        }
      },
    );
  context.subscriptions.push(registerCommand(commandIds.doctor, examine));
}
