import path from 'node:path';
import * as vscode from 'vscode';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import type { LabService } from './labService.js';

/** Says where the sample allocator's sources were copied to, and opens them. */
export function registerSampleAllocator(
  context: vscode.ExtensionContext,
  { labs, reporter }: { readonly labs: LabService; readonly reporter: Reporter },
): void {
  const announce = (folder: string) =>
    inform(
      vscode.l10n.t(
        'The sources of the sample allocator were copied to {0}, so that they can be built and edited. Your edits there are kept.',
        folder,
      ),
      {
        title: vscode.l10n.t('Open Sources'),
        run: () => executeCommand(commandIds.openSampleAllocator),
      },
    );
  context.subscriptions.push(
    labs.onDidCopySample((folder) => void announce(folder)),
    registerCommand(
      commandIds.openSampleAllocator,
      reporter.guard(async () => openFolder(vscode.Uri.file(path.dirname(await labs.copySample())))),
    ),
  );
}

/** In this window where that replaces nothing, else in another. */
async function openFolder(folder: vscode.Uri): Promise<void> {
  const empty = vscode.workspace.workspaceFolders === undefined;
  await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: !empty });
}
