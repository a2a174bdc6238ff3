import path from 'node:path';
import * as vscode from 'vscode';
import { exportProfile, type ExportFormat } from '../../core/export/exportProfile.js';
import { runTitle } from '../../core/export/runTitle.js';
import { LabError } from '../../core/labError.js';
import { runPage } from '../../core/page/runPage.js';
import { registerCommand } from '../commands.js';
import type { Comparisons } from '../compare/comparisons.js';
import { commandIds } from '../contributions.js';
import type { ShownRun } from '../runs/shownRun.js';
import type { Services } from '../services.js';

type Format = 'html' | ExportFormat;

const choices: readonly (vscode.QuickPickItem & { readonly format: Format; readonly extension: string })[] = [
  {
    format: 'html',
    extension: 'html',
    label: 'HTML',
    description: 'the whole panel in one file, to send to a colleague',
  },
  { format: 'svg', extension: 'svg', label: 'SVG', description: 'the flame graph as an image' },
  {
    format: 'speedscope',
    extension: 'speedscope.json',
    label: 'speedscope',
    description: 'for speedscope.app',
  },
  {
    format: 'folded',
    extension: 'folded',
    label: 'Folded stacks',
    description: 'for flamegraph.pl and others',
  },
  { format: 'pprof', extension: 'pb.gz', label: 'pprof', description: 'for go tool pprof' },
  {
    format: 'markdown',
    extension: 'md',
    label: 'Markdown',
    description: 'tables of functions, lines and categories',
  },
];

/** Saves the shown profile for a colleague or another tool. */
export function registerExport(
  context: vscode.ExtensionContext,
  services: Services,
  comparisons: Comparisons,
): void {
  const { shown, reporter } = services;
  context.subscriptions.push(
    registerCommand(commandIds.exportProfile, () =>
      save(context.extensionUri, shown.current, comparisons).catch((error: unknown) => reporter.show(error)),
    ),
  );
}

async function save(
  extension: vscode.Uri,
  run: ShownRun | undefined,
  comparisons: Comparisons,
): Promise<void> {
  if (!run) {
    void vscode.window.showInformationMessage('There is no profile to export yet. Profile a preset first.');
    return;
  }
  const chosen = await vscode.window.showQuickPick(choices, { title: 'Export Profile' });
  if (!chosen) return;
  await saveAs(
    run,
    () => (chosen.format === 'html' ? page(extension, run, comparisons) : toolFile(run, chosen.format)),
    chosen,
  );
}

/** Asks where to, and writes; `data` is made only when there is a place for it. */
export async function saveAs(
  run: ShownRun,
  data: Uint8Array | (() => Promise<string> | string | Uint8Array),
  { extension, label }: { readonly extension: string; readonly label: string },
): Promise<void> {
  const name = `${run.run.id}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(path.dirname(run.laboratory.lab.file), name)),
    title: `Export Profile as ${label}`,
  });
  if (!target) return;
  const content = typeof data === 'function' ? await data() : data;
  try {
    await vscode.workspace.fs.writeFile(target, typeof content === 'string' ? Buffer.from(content) : content);
  } catch (cause) {
    throw new LabError('write-failed', `Could not write ${target.fsPath}.`, {
      detail: cause instanceof Error ? cause.message : String(cause),
      remedy: { text: 'Choose a folder that is writable and has room, then try again.' },
      cause,
    });
  }
  void vscode.window.showInformationMessage(`Exported to ${target.fsPath}.`);
}

function toolFile(run: ShownRun, format: ExportFormat): string | Buffer {
  const { laboratory, profile, recorded, run: saved } = run;
  const about = { title: runTitle(saved), program: saved.preset.program, stat: saved.stat };
  return exportProfile({ profile, all: recorded, classifier: laboratory.classifier, ...about }, format);
}

async function page(extension: vscode.Uri, run: ShownRun, comparisons: Comparisons): Promise<string> {
  const compared = await comparisons.of(run);
  const { fsPath } = vscode.Uri.joinPath(extension, 'dist');
  return runPage({ title: runTitle(run.run), profile: run.panel, compared }, fsPath);
}
