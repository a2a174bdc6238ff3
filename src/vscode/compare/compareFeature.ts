import * as vscode from 'vscode';
import { registerCommand } from '../shared/commands.js';
import { commandIds, type RunRef } from '../shared/contributions.js';
import { runSummary, shortTime } from '../shared/runTexts.js';
import type { Panel } from '../panel/panel.js';
import type { Services } from '../services.js';
import type { Comparisons } from './comparisons.js';

/** The commands that choose what the shown run is compared with. */
export function registerCompare(
  context: vscode.ExtensionContext,
  services: Services,
  panel: Panel,
  comparisons: Comparisons,
): void {
  const { shown, reporter } = services;
  const guarded = (action: Promise<unknown>) => action.catch((error: unknown) => reporter.show(error));
  const show = async () => {
    await panel.reveal();
    panel.showTab('compare');
  };
  context.subscriptions.push(
    comparisons,
    registerCommand(commandIds.compareWith, (ref) =>
      guarded(
        (async () => {
          const run = ref ?? (await pickRun(services));
          if (!run) return;
          if (run.runId === shown.current?.run.id) {
            void vscode.window.showInformationMessage(
              'This run is shown already. Show another run, then compare.',
            );
            return;
          }
          comparisons.compareWith({ labFile: run.labFile, runId: run.runId });
          await show();
        })(),
      ),
    ),
    registerCommand(commandIds.setBaseline, (ref) =>
      guarded(
        (async () => {
          const run = ref ?? shownRef(services);
          if (!run) return;
          await comparisons.setBaseline({ labFile: run.labFile, runId: run.runId });
          void vscode.window.showInformationMessage(
            'Baseline set: every profile of this lab is now compared with it.',
          );
        })(),
      ),
    ),
    registerCommand(commandIds.clearComparison, () =>
      guarded(comparisons.clear(shown.current?.laboratory.lab.file)),
    ),
  );
}

function shownRef({ shown }: Services): RunRef | undefined {
  const run = shown.current;
  return run && { labFile: run.laboratory.lab.file, runId: run.run.id };
}

async function pickRun({ labs, history, shown }: Services): Promise<RunRef | undefined> {
  await labs.ready();
  const items: (vscode.QuickPickItem & { readonly ref: RunRef; readonly createdAt: string })[] = [];
  for (const { laboratory } of labs.all) {
    if (!laboratory) continue;
    for (const run of await history.list(laboratory.store)) {
      if (run.kind !== 'profile' || run.id === shown.current?.run.id) continue;
      items.push({
        label: run.preset.name,
        description: `${shortTime(run.createdAt)} · ${runSummary(run)}`,
        createdAt: run.createdAt,
        ref: { labFile: laboratory.lab.file, runId: run.id },
      });
    }
  }
  if (items.length === 0) {
    void vscode.window.showInformationMessage(
      'There is no other profile to compare with. Profile a second preset, or this one again.',
    );
    return undefined;
  }
  items.sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const chosen = await vscode.window.showQuickPick(items, {
    title: 'Compare with Run',
    placeHolder: 'The run on the left side (A); the shown run is B',
    matchOnDescription: true,
  });
  return chosen?.ref;
}
