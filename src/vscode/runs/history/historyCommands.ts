import * as vscode from 'vscode';
import { shortTime } from '../../../text/dates.js';
import type { LabService } from '../../labs/labService.js';
import { executeCommand, registerCommand } from '../../shared/commands.js';
import { commandIds, type RunRef } from '../../shared/contributions.js';
import type { ReadOnlyDocuments } from '../../shared/readOnlyDocuments.js';
import type { Reporter } from '../../shared/reporter.js';
import type { ShownProfile } from '../shown/shownProfile.js';
import type { RunHistory } from './runHistory.js';
import { showRunReport } from './runReport.js';

interface Parts {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly reporter: Reporter;
}

/** Saved runs: open and delete. */
export function registerHistoryCommands(
  context: vscode.ExtensionContext,
  parts: Parts,
  documents: ReadOnlyDocuments,
): void {
  const { reporter } = parts;
  context.subscriptions.push(
    registerCommand(
      commandIds.openRun,
      reporter.guard((ref?: RunRef) => ref && openRun(parts, documents, ref)),
    ),
    registerCommand(
      commandIds.deleteRun,
      reporter.guard((ref?: RunRef) => ref && deleteRun(parts, ref)),
    ),
  );
}

async function openRun({ labs, shown }: Parts, documents: ReadOnlyDocuments, ref: RunRef): Promise<void> {
  const laboratory = labs.entry(ref.labFile)?.laboratory;
  if (!laboratory) return;
  const run = await laboratory.store.load(ref.runId);
  if (run.kind === 'bench') {
    await showRunReport(documents, run);
    return;
  }
  await shown.open(laboratory, ref.runId);
  await executeCommand(commandIds.showPanel);
}

async function deleteRun({ labs, history, shown }: Parts, ref: RunRef): Promise<void> {
  const store = labs.entry(ref.labFile)?.laboratory?.store;
  if (!store) return;
  const run = await store.load(ref.runId);
  const remove = vscode.l10n.t('Delete');
  const confirmed = await vscode.window.showWarningMessage(
    vscode.l10n.t('Delete the run of {0} from {1}?', run.preset.name, shortTime(run.createdAt)),
    { modal: true, detail: vscode.l10n.t('This removes its results and its profile from the disk.') },
    remove,
  );
  if (confirmed !== remove) return;
  if (shown.current?.run.id === ref.runId) shown.clear();
  await history.delete(store, ref.runId);
}
