import path from 'node:path';
import * as vscode from 'vscode';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { Services } from '../services.js';

/** Says where the specimen's sources were copied to, and opens them. */
export function registerSpecimen(context: vscode.ExtensionContext, { labs, reporter }: Services): void {
  const announce = async (folder: string) => {
    const open = 'Open Sources';
    const chosen = await vscode.window.showInformationMessage(
      `The sources of HAKMEM were copied to ${folder}. Edit them there; your edits are kept.`,
      open,
    );
    if (chosen === open) await executeCommand(commandIds.openSpecimenSources);
  };
  context.subscriptions.push(
    labs.onDidCopySpecimen((folder) => void announce(folder)),
    registerCommand(commandIds.openSpecimenSources, async () => {
      try {
        const folder = vscode.Uri.file(path.dirname(await labs.copySpecimen()));
        await openFolder(folder);
      } catch (error) {
        void reporter.show(error);
      }
    }),
  );
}

/** In this window where that replaces nothing, else in another. */
async function openFolder(folder: vscode.Uri): Promise<void> {
  const empty = vscode.workspace.workspaceFolders === undefined;
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: !empty });
}
