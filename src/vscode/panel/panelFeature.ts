import * as vscode from 'vscode';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { readSetting } from '../shared/settings.js';
import type { Comparisons } from '../compare/comparisons.js';
import { commandIds, panelViewType, settings, type FunctionRef } from '../shared/contributions.js';
import type { LabService } from '../labs/labService.js';
import type { Measurements } from '../runs/execution/measurements.js';
import type { RunHistory } from '../runs/history/runHistory.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import { inform } from '../shared/messages.js';
import type { Reporter } from '../shared/reporter.js';
import type { Annotations } from '../annotations/annotations.js';
import { openNewestProfile } from '../runs/history/newestProfile.js';
import { Panel } from './panel.js';

interface Parts {
  readonly log: vscode.LogOutputChannel;
  readonly reporter: Reporter;
  readonly labs: LabService;
  readonly history: RunHistory;
  readonly shown: ShownProfile;
  readonly measurements: Measurements;
}

/** The panel, the commands that show it, and its return after a reload of the window. */
export function registerPanel(
  context: vscode.ExtensionContext,
  parts: Parts,
  annotations: Annotations,
  comparisons: Comparisons,
): void {
  const panel = new Panel(context.extensionUri, parts, comparisons);
  const { measurements, shown, labs, reporter } = parts;
  context.subscriptions.push(
    panel,
    measurements.onDidProfile(() => {
      if (readSetting(settings.profileShowPanel)) void panel.reveal();
    }),
    registerCommand(
      commandIds.showPanel,
      reporter.guard(async (tab?: string) => {
        await panel.reveal();
        if (typeof tab === 'string') panel.showTab(tab);
      }),
    ),
    registerCommand(commandIds.revealInFlameGraph, (target?: FunctionRef) => {
      const func = target && 'func' in target ? functionOf(shown, target) : functionAtCursor(annotations);
      if (func === undefined) showNoFunction();
      else panel.selectFunction(func);
    }),
    vscode.window.registerWebviewPanelSerializer(panelViewType, {
      async deserializeWebviewPanel(restored, state: unknown) {
        panel.adopt(restored);
        if (shown.current) return;
        await labs.ready();
        const runId = (state as { runId?: unknown } | undefined)?.runId;
        await reporter.guard(restoreRun)(parts, typeof runId === 'string' ? runId : undefined);
      },
    }),
  );
}

/** The run that the panel showed; the newest one when that is gone. */
async function restoreRun(parts: Parts, runId: string | undefined): Promise<void> {
  for (const { laboratory } of parts.labs.all) {
    if (!laboratory || runId === undefined) continue;
    if (!(await laboratory.store.list()).includes(runId)) continue;
    await parts.shown.open(laboratory, runId);
    return;
  }
  await openNewestProfile(parts);
}

function functionOf(shown: ShownProfile, { runId, func }: FunctionRef): number | undefined {
  // A hover may have outlived its profile, and an index means another function in another profile.
  return shown.current?.run.id === runId ? func : undefined;
}

/** The function whose signature the cursor is on, or the nearest one above it. */
function functionAtCursor(annotations: Annotations): number | undefined {
  const editor = vscode.window.activeTextEditor;
  const annotated = editor && annotations.of(editor.document);
  if (!annotated) return undefined;
  let func: number | undefined;
  for (const { line, annotation } of annotated.visible(0)) {
    if (line > editor.selection.active.line) break;
    func = annotation.functions[0]?.func ?? func;
  }
  return func;
}

function showNoFunction(): void {
  void inform(
    vscode.l10n.t(
      'The shown profile has no function at this line. Place the cursor in a function with annotations.',
    ),
    {
      title: vscode.l10n.t('Go to Hottest Function'),
      run: () => executeCommand(commandIds.goToHottest),
    },
  );
}
