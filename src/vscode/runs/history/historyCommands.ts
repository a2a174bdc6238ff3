import * as vscode from 'vscode';
import type { RunDocument } from '../../../model/run.js';
import { executeCommand, registerCommand } from '../../shared/commands.js';
import { commandIds, type RunRef } from '../../shared/contributions.js';
import { exactPercent, runSummary, shortTime, throughput } from '../../shared/runTexts.js';
import type { Panel } from '../../panel/panel.js';
import type { ReadOnlyDocuments } from '../../shared/readOnlyDocuments.js';
import type { Services } from '../../services.js';
import { findSource, openSource } from '../../source/openSource.js';
import { runReport } from './runReport.js';
import type { ShownRun } from '../shown/shownRun.js';

/** Saved runs: open, delete, and the way from a profile to its source. */
export function registerRunCommands(
  context: vscode.ExtensionContext,
  services: Services,
  panel: Panel,
  documents: ReadOnlyDocuments,
): void {
  const { runner, reporter, shown } = services;
  const guarded = (action: Promise<unknown>) => action.catch((error: unknown) => reporter.show(error));
  context.subscriptions.push(
    registerCommand(commandIds.openRun, (ref) => ref && guarded(openRun(services, panel, documents, ref))),
    registerCommand(commandIds.deleteRun, (ref) => ref && guarded(deleteRun(services, ref))),
    registerCommand(commandIds.goToHottest, () => guarded(goToHottest(shown.current, panel.column))),
    runner.onDidProfile((profiled) => void guarded(announceProfile(profiled))),
    runner.onDidRun(({ run }) => void guarded(announceRun(documents, run))),
  );
}

async function openRun(
  services: Services,
  panel: Panel,
  documents: ReadOnlyDocuments,
  ref: RunRef,
): Promise<void> {
  const laboratory = services.labs.entry(ref.labFile)?.laboratory;
  if (!laboratory) return;
  const run = await laboratory.store.load(ref.runId);
  if (run.kind === 'bench') {
    await showResults(documents, run);
    return;
  }
  await services.shown.open(laboratory, ref.runId);
  await panel.reveal();
}

async function deleteRun({ labs, history, shown }: Services, ref: RunRef): Promise<void> {
  const store = labs.entry(ref.labFile)?.laboratory?.store;
  if (!store) return;
  const run = await store.load(ref.runId);
  const confirmed = await vscode.window.showWarningMessage(
    `Delete the run of ${run.preset.name} from ${shortTime(run.createdAt)}?`,
    { modal: true, detail: 'Its results and its profile are removed from the disk.' },
    'Delete',
  );
  if (confirmed !== 'Delete') return;
  if (shown.current?.run.id === ref.runId) shown.clear();
  await history.delete(store, ref.runId);
}

/** Opens the definition of the hottest function whose source is here. @returns whether there was one */
export async function goToHottest(
  shown: ShownRun | undefined,
  panelColumn: vscode.ViewColumn | undefined,
): Promise<boolean> {
  if (!shown) {
    void vscode.window.showInformationMessage('There is no profile yet. Profile a preset first.');
    return false;
  }
  const { lab } = shown.laboratory;
  for (const { file, line, name, selfPercent } of shown.document.functions) {
    if (selfPercent === 0) break;
    if (file === null || line === null || !(await findSource(file, lab))) continue;
    await openSource({ file, line, name }, lab, panelColumn);
    return true;
  }
  void vscode.window.showInformationMessage('No source of a hot function is on this machine.');
  return false;
}

/** Says what a profile found, with the way to where it costs most. */
async function announceProfile({ run, document }: ShownRun): Promise<void> {
  const [hottest] = document.functions;
  const parts = [
    runSummary(run),
    ...(hottest ? [`hottest function ${hottest.name} with ${exactPercent(hottest.selfPercent)}`] : []),
  ];
  const go = 'Go to Hottest Function';
  const chosen = await vscode.window.showInformationMessage(`${run.preset.name}: ${parts.join(', ')}.`, go);
  if (chosen === go) await executeCommand(commandIds.goToHottest);
}

/** Says what a benchmark found, rivals included, with the way to all of it. */
async function announceRun(documents: ReadOnlyDocuments, run: RunDocument): Promise<void> {
  const results = run.results.map((result) =>
    run.results.length > 1 ? `${result.allocator} ${throughput(result)}` : throughput(result),
  );
  const show = 'Show Results';
  const chosen = await vscode.window.showInformationMessage(
    `${run.preset.name}: ${results.join(', ')}.`,
    show,
  );
  if (chosen === show) await showResults(documents, run);
}

function showResults(documents: ReadOnlyDocuments, run: RunDocument): Promise<void> {
  return documents.preview(`${run.preset.name} ${shortTime(run.createdAt)}`, runReport(run));
}
