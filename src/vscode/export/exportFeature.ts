import * as vscode from 'vscode';
import { exportProfile, type ExportFormat } from '../../core/export/exportProfile.js';
import { runTitle } from '../../core/export/runTitle.js';
import { printable } from '../../text/printable.js';
import { packEnding } from '../../core/pack/packFormat.js';
import { runPage } from '../../core/page/runPage.js';
import type { Comparisons } from '../compare/comparisons.js';
import type { LabService } from '../labs/labService.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds, viewIds, type RunRef } from '../shared/contributions.js';
import { inform, offerProfiling } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { saveAs } from './saveAs.js';

interface Choice extends vscode.QuickPickItem {
  readonly format: 'html' | 'pack' | ExportFormat;
  readonly extension: string;
}

function choices(): Choice[] {
  return [
    {
      format: 'html',
      extension: 'html',
      label: 'HTML',
      description: vscode.l10n.t('the whole panel in one file, for sharing'),
    },
    {
      format: 'pack',
      extension: packEnding.slice(1),
      label: vscode.l10n.t('Archive'),
      description: vscode.l10n.t('with sources and programs, for HAKMEM Lab on another machine'),
    },
    {
      format: 'svg',
      extension: 'svg',
      label: 'SVG',
      description: vscode.l10n.t('the flame graph as an image'),
    },
    {
      format: 'speedscope',
      extension: 'speedscope.json',
      label: 'speedscope',
      description: vscode.l10n.t('for speedscope.app'),
    },
    {
      format: 'folded',
      extension: 'folded',
      label: vscode.l10n.t('Folded stacks'),
      description: vscode.l10n.t('for flamegraph.pl and other tools'),
    },
    { format: 'pprof', extension: 'pb.gz', label: 'pprof', description: vscode.l10n.t('for go tool pprof') },
    {
      format: 'markdown',
      extension: 'md',
      label: 'Markdown',
      description: vscode.l10n.t('tables of functions, lines, and categories'),
    },
  ];
}

interface Parts {
  readonly labs: LabService;
  readonly shown: ShownProfile;
  readonly reporter: Reporter;
}

/** Saves the shown profile, or that of a run of the list, for a colleague or another tool. */
export function registerExport(
  context: vscode.ExtensionContext,
  parts: Parts,
  comparisons: Comparisons,
): void {
  context.subscriptions.push(
    registerCommand(
      commandIds.exportProfile,
      parts.reporter.guard((ref?: RunRef) => save(context.extensionUri, parts, ref, comparisons)),
    ),
  );
}

async function save(
  extension: vscode.Uri,
  { labs, shown }: Parts,
  ref: RunRef | undefined,
  comparisons: Comparisons,
): Promise<void> {
  if (!ref && !shown.current) {
    void offerProfiling(vscode.l10n.t('There is no profile to export yet. Profile a preset first.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(choices(), { title: vscode.l10n.t('Export Profile') });
  if (!chosen) return;
  const run = ref ? await read(labs, shown, ref) : shown.current;
  if (!run) return;
  await saveAs(
    run,
    (): Promise<string | Uint8Array> | string | Uint8Array => {
      if (chosen.format === 'html') return page(extension, run, comparisons);
      return chosen.format === 'pack' ? archive(run) : toolFile(run, chosen.format);
    },
    chosen,
  );
}

/** A large profile takes seconds. */
async function read(labs: LabService, shown: ShownProfile, ref: RunRef): Promise<ShownRun | undefined> {
  const laboratory = labs.entry(ref.labFile)?.laboratory;
  if (!laboratory) return undefined;
  return vscode.window.withProgress({ location: { viewId: viewIds.runs } }, () =>
    shown.read(laboratory, ref.runId),
  );
}

/** What it can't take along is said. */
async function archive({ laboratory, run, recorded }: ShownRun): Promise<Uint8Array> {
  const { data, missing } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Packing the run'),
      cancellable: true,
    },
    (progress, token) => {
      const controller = new AbortController();
      token.onCancellationRequested(() => controller.abort());
      const context = {
        signal: controller.signal,
        progress: (message: string) => progress.report({ message }),
      };
      return laboratory.pack({ run, profile: recorded }, { sources: true, programs: true }, context);
    },
  );
  if (missing.length > 0)
    void inform(vscode.l10n.t('The archive is not complete. {0}', printable(missing.join(' '))));
  return data;
}

function toolFile(run: ShownRun, format: ExportFormat): string | Buffer {
  const { laboratory, profile, recorded, run: saved } = run;
  const about = { title: runTitle(saved), program: saved.preset.program, stat: saved.stat };
  const outermost = 'process';
  return exportProfile(
    { profile, all: recorded, classifier: laboratory.classifier, outermost, ...about },
    format,
  );
}

async function page(extension: vscode.Uri, run: ShownRun, comparisons: Comparisons): Promise<string> {
  const compared = await comparisons.of(run);
  const { fsPath } = vscode.Uri.joinPath(extension, 'dist');
  return runPage({ title: runTitle(run.run), profile: run.panel, compared }, fsPath);
}
