import * as vscode from 'vscode';
import { readSetting, registerCommand } from '../shared/commands.js';
import type { Comparisons } from '../compare/comparisons.js';
import { commandIds, panelViewType, settings, type FunctionRef } from '../shared/contributions.js';
import type { Services } from '../services.js';
import type { Annotations } from '../annotations/annotations.js';
import { openNewestProfile } from '../runs/history/newestProfile.js';
import { Panel } from './panel.js';

/** The panel, the commands that show it, and its return after a reload of the window. */
export function registerPanel(
  context: vscode.ExtensionContext,
  services: Services,
  annotations: Annotations,
  comparisons: Comparisons,
): Panel {
  const panel = new Panel(context.extensionUri, services, comparisons);
  const { runner, shown, labs, reporter } = services;
  context.subscriptions.push(
    panel,
    runner.onDidProfile(() => {
      if (readSetting(settings.profileShowPanel)) void panel.reveal();
    }),
    registerCommand(commandIds.showPanel, () => panel.reveal()),
    registerCommand(commandIds.revealInFlameGraph, async (target?: FunctionRef) => {
      const func =
        target && 'func' in target ? await functionOf(services, target) : functionAtCursor(annotations);
      if (func === undefined) {
        void vscode.window.showInformationMessage('The shown profile has no function on this line.');
        return;
      }
      panel.selectFunction(func);
    }),
    vscode.window.registerWebviewPanelSerializer(panelViewType, {
      async deserializeWebviewPanel(restored, state: unknown) {
        panel.adopt(restored);
        if (shown.current) return;
        await labs.ready();
        const runId = (state as { runId?: unknown } | undefined)?.runId;
        await restoreRun(services, typeof runId === 'string' ? runId : undefined).catch((error: unknown) =>
          reporter.show(error),
        );
      },
    }),
  );
  return panel;
}

/** The run that the panel showed; the newest one when that is gone. */
async function restoreRun(services: Services, runId: string | undefined): Promise<void> {
  for (const { laboratory } of services.labs.all) {
    if (!laboratory || runId === undefined) continue;
    if (!(await laboratory.store.list()).includes(runId)) continue;
    await services.shown.open(laboratory, runId);
    return;
  }
  await openNewestProfile(services);
}

async function functionOf({ shown }: Services, { runId, func }: FunctionRef): Promise<number | undefined> {
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
