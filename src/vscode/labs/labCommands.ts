import * as vscode from 'vscode';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import type { LabService } from './labService.js';

/** Opens the lab file of an item, or the window's. */
export function registerLabCommands(
  context: vscode.ExtensionContext,
  { labs, reporter }: { readonly labs: LabService; readonly reporter: Reporter },
): void {
  context.subscriptions.push(
    registerCommand(
      commandIds.openLabFile,
      reporter.guard(async (lab?: { readonly labFile: string }) => {
        await labs.ready();
        const file = lab?.labFile ?? labs.all.find(({ origin }) => origin !== 'recordings')?.file;
        if (file) await vscode.window.showTextDocument(vscode.Uri.file(file));
        else
          void inform(
            vscode.l10n.t('This window has no lab file. Profile a command, then save the run as a preset.'),
          );
      }),
    ),
  );
}
