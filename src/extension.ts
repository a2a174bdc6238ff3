import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { registerAnnotations } from './vscode/annotations/annotations.js';
import { registerCommand } from './vscode/shared/commands.js';
import { registerCompare } from './vscode/compare/compareFeature.js';
import { Comparisons } from './vscode/compare/comparisons.js';
import { commandIds } from './vscode/shared/contributions.js';
import { registerDoctor } from './vscode/doctor/doctor.js';
import { BuildProblems } from './vscode/runs/execution/buildProblems.js';
import { Reporter } from './vscode/shared/reporter.js';
import { registerLabProblems } from './vscode/labs/labProblems.js';
import { LabService } from './vscode/labs/labService.js';
import { registerSpecimen } from './vscode/labs/sampleAllocatorFeature.js';
import { registerExport } from './vscode/export/exportFeature.js';
import { registerPanel } from './vscode/panel/panelFeature.js';
import { ReadOnlyDocuments } from './vscode/shared/readOnlyDocuments.js';
import { registerOpenProfile } from './vscode/record/openProfile.js';
import { registerRecordCommands } from './vscode/record/recordCommands.js';
import { registerRunCommands } from './vscode/runs/history/historyCommands.js';
import { RunHistory } from './vscode/runs/history/runHistory.js';
import { Runner } from './vscode/runs/execution/runner.js';
import { ShownProfile } from './vscode/runs/shown/shownProfile.js';
import type { Services } from './vscode/services.js';
import { startWhenIdle } from './vscode/startup/startup.js';
import { registerStatusBar } from './vscode/status/statusBar.js';
import { registerPresetCommands } from './vscode/presets/presetCommands.js';
import { registerPresetTree } from './vscode/presets/presetTree.js';

/** Ends what runs; set by `activate`. */
let stop: (() => Promise<void>) | undefined;

/**
 * Composition root: constructs, registers and returns. Nothing here or in a constructor reads a file or starts
 * a process; the first look at the disk comes after activation.
 */
export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  const log = vscode.window.createOutputChannel('HAKMEM Lab', { log: true });
  const reporter = new Reporter(log);
  const labs = new LabService(context, log);
  const history = new RunHistory(labs);
  const shown = new ShownProfile(labs);
  const problems = new BuildProblems();
  const runner = new Runner({ log, reporter, labs, history, shown, problems });
  const documents = new ReadOnlyDocuments();
  const services: Services = { log, reporter, labs, history, shown, runner };
  // Disposed in this order: what still runs is ended first, and the log is there to the last.
  context.subscriptions.push(runner, labs, history, shown, problems, documents);

  registerPresetTree(context, services);
  registerPresetCommands(context, services);
  registerLabProblems(context, services);
  registerSpecimen(context, services);
  const annotations = registerAnnotations(context, services);
  const comparisons = new Comparisons(context.workspaceState, services);
  const panel = registerPanel(context, services, annotations, comparisons);
  registerCompare(context, services, panel, comparisons);
  registerExport(context, services, comparisons);
  registerRunCommands(context, services, panel, documents);
  registerRecordCommands(context, services);
  registerOpenProfile(context, services);
  registerStatusBar(context, services, annotations);
  registerDoctor(context, services, documents);
  context.subscriptions.push(
    registerCommand(commandIds.showOutput, () => log.show()),
    log,
  );
  stop = () => runner.stop();
  startWhenIdle(context, services, panel);
  log.info(`Activated in ${(performance.now() - started).toFixed(1)} ms`);
}

/** VS Code waits for this, up to a limit: no child process of a run outlives the window. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
