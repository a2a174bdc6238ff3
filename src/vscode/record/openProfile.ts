import path from 'node:path';
import * as vscode from 'vscode';
import type { Measurements } from '../runs/execution/measurements.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds, editorViewTypes } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { recordingsFolder } from './recordingsFolder.js';

/** What profiles are called; callgrind's are numbered, and found among all files. */
const extensions = [
  'data',
  'old',
  'perf',
  'txt',
  'folded',
  'collapsed',
  'json',
  'cpuprofile',
  'pprof',
  'pb',
  'gz',
  'out',
];

/** A file of the Explorer. */
interface GivenFile {
  readonly fsPath: string;
  readonly scheme: string;
}

/** Profiles that other tools wrote: perf.data, and the texts and files of other profilers. */
export function registerOpenProfile(
  context: vscode.ExtensionContext,
  { measurements, reporter }: { readonly measurements: Measurements; readonly reporter: Reporter },
): void {
  context.subscriptions.push(
    registerCommand(
      commandIds.openProfile,
      reporter.guard((file?: GivenFile) => open(measurements, file)),
    ),
    registerCommand(
      commandIds.importProfile,
      reporter.guard((file?: GivenFile) => open(measurements, file)),
    ),
  );
}

async function open(measurements: Measurements, given: GivenFile | undefined): Promise<void> {
  if (given === undefined && !vscode.workspace.workspaceFolders?.some(({ uri }) => uri.scheme === 'file')) {
    await view();
    return;
  }
  if (given !== undefined && given.scheme !== 'file') {
    void inform(vscode.l10n.t('Only a file on this machine can be opened as a profile. Copy it here first.'));
    return;
  }
  const folder = await recordingsFolder(vscode.l10n.t('Open Profile'), given?.fsPath);
  if (folder === undefined) return;
  const file = given?.fsPath ?? (await chooseFile(folder));
  if (file !== undefined) await measurements.open(folder, file);
}

async function chooseFile(folder: string): Promise<string | undefined> {
  return (await askForFile(vscode.Uri.file(path.join(folder, path.sep))))?.fsPath;
}

/** Without a folder that keeps runs, a file is viewed where it is. */
async function view(): Promise<void> {
  const file = await askForFile(undefined);
  if (file) await vscode.commands.executeCommand('vscode.openWith', file, editorViewTypes.profile);
}

async function askForFile(defaultUri: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  const [chosen] =
    (await vscode.window.showOpenDialog({
      title: vscode.l10n.t(
        'Open a profile: perf.data, perf script or report text, folded, speedscope, pprof, or callgrind',
      ),
      openLabel: vscode.l10n.t('Open Profile'),
      filters: { [vscode.l10n.t('Profiles')]: extensions, [vscode.l10n.t('All files')]: ['*'] },
      ...(defaultUri ? { defaultUri } : {}),
    })) ?? [];
  return chosen;
}
