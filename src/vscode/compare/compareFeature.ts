import * as vscode from 'vscode';
import { shortTime } from '../../text/dates.js';
import type { LabService } from '../labs/labService.js';
import type { RunHistory } from '../runs/history/runHistory.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds, type RunRef } from '../shared/contributions.js';
import { inform, offerProfiling } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import { runPick, runSummary } from '../shared/runTexts.js';
import type { Comparisons } from './comparisons.js';

interface Parts {
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly reporter: Reporter;
}

/** The commands that choose what the shown run is compared with. */
export function registerCompare(
  context: vscode.ExtensionContext,
  parts: Parts,
  comparisons: Comparisons,
): void {
  const { shown, reporter } = parts;
  context.subscriptions.push(
    registerCommand(
      commandIds.compareWith,
      reporter.guard((ref?: RunRef) => compareWith(parts, comparisons, ref)),
    ),
    registerCommand(
      commandIds.setBaseline,
      reporter.guard((ref?: RunRef) => setBaseline(parts, comparisons, ref)),
    ),
    registerCommand(
      commandIds.clearComparison,
      reporter.guard(() => comparisons.clear(shown.current?.laboratory.lab.file)),
    ),
  );
}

async function compareWith(parts: Parts, comparisons: Comparisons, ref: RunRef | undefined): Promise<void> {
  const run = ref ?? (await pickRun(parts));
  if (!run) return;
  const shownId = parts.shown.current?.run.id;
  if (run.runId === shownId) {
    void inform(vscode.l10n.t('This run is the one shown, so there is nothing to compare it with.'), {
      title: vscode.l10n.t('Choose Another Run...'),
      run: () => executeCommand(commandIds.compareWith),
    });
    return;
  }
  comparisons.compareWith({ labFile: run.labFile, runId: run.runId }, shownId);
  await showComparison(comparisons);
}

async function setBaseline(
  { shown }: Parts,
  comparisons: Comparisons,
  ref: RunRef | undefined,
): Promise<void> {
  const current = shown.current;
  const run = ref ?? (current && { labFile: current.laboratory.lab.file, runId: current.run.id });
  if (!run) return;
  await comparisons.setBaseline({ labFile: run.labFile, runId: run.runId });
  const comparable = current !== undefined && current.run.id !== run.runId;
  if (comparable) await showComparison(comparisons);
}

/** In the panel, and in the source. */
function showComparison(comparisons: Comparisons): Thenable<unknown> {
  comparisons.showInSource(true);
  return executeCommand(commandIds.showPanel, 'compare');
}

async function pickRun({ labs, history, shown }: Parts): Promise<RunRef | undefined> {
  await labs.ready();
  const items: (vscode.QuickPickItem & { readonly ref: RunRef; readonly createdAt: string })[] = [];
  for (const { laboratory } of labs.all) {
    if (!laboratory) continue;
    const { presets } = laboratory.lab.definition;
    for (const { run, description } of await history.described(laboratory.store, Infinity)) {
      if (run.kind !== 'profile' || run.id === shown.current?.run.id) continue;
      const { tags = [] } = description;
      const recording = !presets.some(({ name }) => name === run.preset.name);
      items.push({
        ...runPick(run, description, recording),
        description: [shortTime(run.createdAt), runSummary(run), ...tags.map((tag) => `#${tag}`)].join(' · '),
        createdAt: run.createdAt,
        ref: { labFile: laboratory.lab.file, runId: run.id },
      });
    }
  }
  if (items.length === 0) {
    void offerProfiling(
      vscode.l10n.t(
        'There is no other profile to compare with. Profile another preset, or the same one again.',
      ),
    );
    return undefined;
  }
  items.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Compare With'),
    placeHolder: vscode.l10n.t('Choose run A; the shown run is B'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return chosen?.ref;
}
