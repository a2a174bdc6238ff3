import * as vscode from 'vscode';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { Reporter } from '../shared/reporter.js';
import type { LabService } from './labService.js';

/** Opens a copy of the sample allocator: in this window where that replaces nothing, else in another. */
export function registerSampleAllocator(
  context: vscode.ExtensionContext,
  { labs, reporter }: { readonly labs: LabService; readonly reporter: Reporter },
): void {
  const open = async () => {
    const folder = vscode.Uri.file(await labs.sample.copy());
    const empty = vscode.workspace.workspaceFolders === undefined;
    await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: !empty });
  };
  context.subscriptions.push(registerCommand(commandIds.openSampleAllocator, reporter.guard(open)));
}
