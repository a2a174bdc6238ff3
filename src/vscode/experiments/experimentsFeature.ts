import * as vscode from 'vscode';
import { comparisonPage } from '../../core/experimentPages/comparisonPage.js';
import { pageActions } from '../../core/experimentPages/pageActions.js';
import { historyPage } from '../../core/experimentPages/historyPage.js';
import { matrixPage } from '../../core/experimentPages/matrixPage.js';
import { savedComparisons, savedMatrices } from '../../core/experiments/savedExperiments.js';
import { presetHistory } from '../../core/experiments/history.js';
import { shortTime } from '../../text/dates.js';
import type { GateVerdicts } from '../labs/gateVerdicts.js';
import type { LabService } from '../labs/labService.js';
import { pickPreset } from '../presets/presetCommands.js';
import type { Consent } from '../runs/execution/consent.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { Runner } from '../runs/execution/runner.js';
import type { Failures } from '../runs/history/failures.js';
import type { RunHistory } from '../runs/history/runHistory.js';
import { registerCommand } from '../shared/commands.js';
import { commandIds, type PresetRef } from '../shared/contributions.js';
import { inform } from '../shared/messages.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ReadOnlyDocuments } from '../shared/readOnlyDocuments.js';
import type { Reporter } from '../shared/reporter.js';
import { compareSpeed, showDifference, type ComparisonParts } from './comparisonCommand.js';
import { ExperimentViews } from './experimentViews.js';
import { measureGate } from './gateCommand.js';
import { measureMatrix } from './matrixCommand.js';
import { showReport } from './reportCommand.js';

interface Parts {
  readonly labs: LabService;
  readonly log: vscode.LogOutputChannel;
  readonly reporter: Reporter;
  readonly runner: Runner;
  readonly measurements: Measurements;
  readonly history: RunHistory;
  readonly failures: Failures;
  readonly consent: Consent;
  readonly shown: ShownProfile;
}

/** Comparing, searching, and reporting: what needs more than one run. */
export function registerExperiments(
  context: vscode.ExtensionContext,
  parts: Parts,
  verdicts: GateVerdicts,
  documents: ReadOnlyDocuments,
): void {
  const { labs, log, reporter } = parts;
  const views = new ExperimentViews(context.extensionUri, log);
  const problems = vscode.languages.createDiagnosticCollection('hakmem-lab-gate');
  const all = { ...parts, views, verdicts, problems };
  const ofPreset = (title: () => string, use: (ref: PresetRef) => Promise<void>) =>
    reporter.guard(async (ref?: PresetRef) => {
      const chosen = ref ?? (await pickPreset(parts, title()));
      if (chosen) await use(chosen);
    });
  context.subscriptions.push(
    views,
    problems,
    registerCommand(
      commandIds.compareSpeed,
      ofPreset(
        () => vscode.l10n.t('Compare Speed'),
        (ref) => compareSpeed(all, ref),
      ),
    ),
    registerCommand(
      commandIds.showHistory,
      ofPreset(
        () => vscode.l10n.t('Show History'),
        (ref) => showHistory(all, ref),
      ),
    ),
    registerCommand(
      commandIds.measureMatrix,
      reporter.guard(() => measureMatrix(all)),
    ),
    registerCommand(
      commandIds.runGate,
      reporter.guard(() => measureGate(all)),
    ),
    registerCommand(
      commandIds.showReport,
      reporter.guard(() => showReport(labs, parts.consent, documents, parts.shown)),
    ),
    registerCommand(
      commandIds.openExperiment,
      reporter.guard(() => openExperiment(all)),
    ),
  );
}

async function showHistory(
  { labs, history, views }: ComparisonParts & Pick<Parts, 'history'>,
  { labFile, preset }: PresetRef,
): Promise<void> {
  const { store } = labs.entry(labFile)?.laboratory ?? (await labs.prepare({ labFile }));
  const key = `history ${labFile} ${preset}`;
  const found = presetHistory(await history.list(store, Infinity), preset);
  views.show(key, () => historyPage(found), {});
  views.reveal(key);
}

/** Finished comparisons and matrices, the newest first. */
async function openExperiment(parts: ComparisonParts): Promise<void> {
  const { labs, views } = parts;
  await labs.ready();
  const items: (vscode.QuickPickItem & { readonly at: string; readonly open: () => void })[] = [];
  for (const { file: labFile, laboratory } of labs.all) {
    if (!laboratory) continue;
    for (const comparison of await savedComparisons(laboratory.store)) {
      const { details = null, experiment, createdAt, a, b, verdict } = comparison;
      items.push({
        label: `$(git-compare) ${b.label} / ${a.label}`,
        description: `${verdict} · ${shortTime(createdAt)}`,
        at: createdAt,
        open: () => {
          // What it would measure is named in a file that may have come with the workspace: only shown here.
          const page = comparisonPage(comparison, details, null);
          const actions = page.actions.filter(({ id }) => id === pageActions.difference);
          views.show(experiment, () => ({ ...page, actions }), {
            [pageActions.difference]: () => showDifference(labFile, details),
          });
          views.reveal(experiment);
        },
      });
    }
    for (const matrix of await savedMatrices(laboratory.store)) {
      items.push({
        label: `$(table) ${matrix.name}`,
        description: `${matrix.preset} · ${shortTime(matrix.createdAt)}`,
        at: matrix.createdAt,
        open: () => {
          views.show(matrix.experiment, () => ({ ...matrixPage(matrix, null), actions: [] }), {});
          views.reveal(matrix.experiment);
        },
      });
    }
  }
  if (items.length === 0) {
    void inform(vscode.l10n.t('There is no saved comparison or matrix yet.'));
    return;
  }
  items.sort((x, y) => y.at.localeCompare(x.at));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Open Comparison or Matrix'),
    matchOnDescription: true,
  });
  chosen?.open();
}
