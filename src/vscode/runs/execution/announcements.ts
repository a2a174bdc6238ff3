import * as vscode from 'vscode';
import type { RunDocument } from '../../../model/run.js';
import { resultDetails } from '../../../text/benchTexts.js';
import { percent } from '../../../text/numbers.js';
import { executeCommand } from '../../shared/commands.js';
import { commandIds, settings } from '../../shared/contributions.js';
import { inform } from '../../shared/messages.js';
import type { ReadOnlyDocuments } from '../../shared/readOnlyDocuments.js';
import type { Reporter } from '../../shared/reporter.js';
import { runSummary } from '../../shared/runTexts.js';
import { readSetting } from '../../shared/settings.js';
import { showRunReport } from '../history/runReport.js';
import type { ShownRun } from '../shown/shownRun.js';
import type { Measurements } from './measurements.js';

/** Says what a run of this window found. */
export function registerAnnouncements(
  context: vscode.ExtensionContext,
  { measurements, reporter }: { readonly measurements: Measurements; readonly reporter: Reporter },
  documents: ReadOnlyDocuments,
): void {
  context.subscriptions.push(
    measurements.onDidProfile((profiled) => void reporter.guard(announceProfile)(profiled)),
    measurements.onDidRun((run) => void reporter.guard(announceRun)(documents, run)),
  );
}

/** The panel shows what was found, where the user has it come up; without it, a message does. */
async function announceProfile({ run, functions }: ShownRun): Promise<void> {
  if (readSetting(settings.profileShowPanel)) return;
  const [hottest] = functions;
  const found = `${run.preset.name}: ${runSummary(run)}`;
  await inform(
    hottest
      ? vscode.l10n.t(
          '{0}. Hottest function: {1}, {2}.',
          found,
          hottest.name,
          percent(hottest.selfPercent / 100),
        )
      : `${found}.`,
    { title: vscode.l10n.t('Go to Hottest Line'), run: () => executeCommand(commandIds.goToHottest) },
    { title: vscode.l10n.t('Show Panel'), run: () => executeCommand(commandIds.showPanel) },
  );
}

/** The competitors' results, which are in no other place on the screen. */
async function announceRun(documents: ReadOnlyDocuments, run: RunDocument): Promise<void> {
  if (run.results.length < 2) return;
  const results = run.results.map((result) => `${result.allocator} ${resultDetails(result)}`);
  await inform(`${run.preset.name}: ${results.join(', ')}.`, {
    title: vscode.l10n.t('Show Results'),
    run: () => showRunReport(documents, run),
  });
}
