import path from 'node:path';
import * as vscode from 'vscode';
import { registerCommand } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { Services } from '../services.js';
import { recordingsFolder } from './recordingsFolder.js';

/** Profiles that other tools wrote: perf.data, and the texts and files of other profilers. */
export function registerOpenProfile(context: vscode.ExtensionContext, services: Services): void {
  context.subscriptions.push(
    registerCommand(commandIds.openProfile, (file) =>
      open(services, file).catch((error: unknown) => services.reporter.show(error)),
    ),
  );
}

async function open(
  { runner }: Services,
  given: { readonly fsPath: string; readonly scheme: string } | undefined,
): Promise<void> {
  if (given !== undefined && given.scheme !== 'file') {
    void vscode.window.showInformationMessage('Only a file on this machine can be opened as a profile.');
    return;
  }
  const folder = await recordingsFolder('Open Profile', given?.fsPath);
  if (folder === undefined) return;
  const file = given?.fsPath ?? (await chooseFile(folder));
  if (file !== undefined) await runner.open(folder, file);
}

async function chooseFile(folder: string): Promise<string | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: 'Open a profile: perf.data, perf script or report text, folded, speedscope, pprof, callgrind',
      openLabel: 'Open Profile',
      defaultUri: vscode.Uri.file(path.join(folder, path.sep)),
    })) ?? [];
  return chosen?.fsPath;
}
