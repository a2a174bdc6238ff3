import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { useLanguage } from './text/language.js';
import { registerAnnotations } from './vscode/annotations/annotations.js';
import { registerCompare } from './vscode/compare/compareFeature.js';
import { Comparisons } from './vscode/compare/comparisons.js';
import { registerDoctor } from './vscode/doctor/doctor.js';
import { registerExport } from './vscode/export/exportFeature.js';
import { registerLabCommands } from './vscode/labs/labCommands.js';
import { registerLabProblems } from './vscode/labs/labProblems.js';
import { LabService } from './vscode/labs/labService.js';
import { registerSampleAllocator } from './vscode/labs/sampleAllocatorFeature.js';
import { registerPanel } from './vscode/panel/panelFeature.js';
import { registerPresetCommands } from './vscode/presets/presetCommands.js';
import { registerPresetTree } from './vscode/presets/presetTree.js';
import { registerOpenProfile } from './vscode/record/openProfile.js';
import { registerRecordCommands } from './vscode/record/recordCommands.js';
import { registerAnnouncements } from './vscode/runs/execution/announcements.js';
import { BuildProblems } from './vscode/runs/execution/buildProblems.js';
import { Measurements } from './vscode/runs/execution/measurements.js';
import { followRunner } from './vscode/runs/execution/runContextKeys.js';
import { Runner } from './vscode/runs/execution/runner.js';
import { registerHistoryCommands } from './vscode/runs/history/historyCommands.js';
import { RunHistory } from './vscode/runs/history/runHistory.js';
import { ShownProfile } from './vscode/runs/shown/shownProfile.js';
import { registerCommand } from './vscode/shared/commands.js';
import { commandIds } from './vscode/shared/contributions.js';
import { ReadOnlyDocuments } from './vscode/shared/readOnlyDocuments.js';
import { Reporter } from './vscode/shared/reporter.js';
import { registerGoToHottest } from './vscode/source/goToHottest.js';
import { startWhenIdle } from './vscode/startup/startup.js';
import { registerStatusBar } from './vscode/status/statusBar.js';

/** Ends what runs; set by `activate`. */
let stop: (() => Promise<void>) | undefined;

/**
 * Composition root: constructs, registers and returns. Nothing here or in a constructor reads a file or starts
 * a process; the first look at the disk comes after activation.
 */
export function activate(context: vscode.ExtensionContext): void {
  const started = performance.now();
  useLanguage(vscode.env.language);
  const log = vscode.window.createOutputChannel('HAKMEM Lab', { log: true });
  const reporter = new Reporter(log);
  const labs = new LabService(context, log);
  const history = new RunHistory(labs);
  const shown = new ShownProfile(labs);
  const problems = new BuildProblems();
  const runner = new Runner(log);
  const measurements = new Measurements({ runner, reporter, labs, history, shown, problems });
  const comparisons = new Comparisons(context.workspaceState, { labs, log, reporter });
  const documents = new ReadOnlyDocuments();
  const parts = { log, reporter, labs, history, shown, runner, measurements };
  // Disposed in this order: what still runs is ended first, and the log is there to the last.
  context.subscriptions.push(runner, measurements, labs, history, shown, problems, comparisons, documents);

  registerLabCommands(context, parts);
  registerLabProblems(context, parts);
  registerSampleAllocator(context, parts);
  registerHistoryCommands(context, parts, documents);
  registerAnnouncements(context, parts, documents);
  registerGoToHottest(context, parts);
  const annotations = registerAnnotations(context, parts);
  registerCompare(context, parts, comparisons);
  registerExport(context, parts, comparisons);
  registerPanel(context, parts, annotations, comparisons);
  registerPresetTree(context, parts);
  registerPresetCommands(context, parts);
  registerRecordCommands(context, parts);
  registerOpenProfile(context, parts);
  registerDoctor(context, parts, documents);
  registerStatusBar(context, parts, annotations);
  context.subscriptions.push(
    followRunner(runner),
    registerCommand(commandIds.showOutput, () => log.show()),
    log,
  );
  stop = () => runner.stop();
  startWhenIdle(context, parts);
  log.info(`Activated in ${(performance.now() - started).toFixed(1)} ms`);
}

/** VS Code waits for this, up to a limit: no child process of a run outlives the window. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
