import { performance } from 'node:perf_hooks';
import * as vscode from 'vscode';
import { useLanguage } from './text/language.js';
import { registerAgentTools } from './vscode/agents/agentsFeature.js';
import { registerAnnotations } from './vscode/annotations/annotations.js';
import { registerCompare } from './vscode/compare/compareFeature.js';
import { Comparisons } from './vscode/compare/comparisons.js';
import { registerDoctor } from './vscode/doctor/doctor.js';
import { registerExperiments } from './vscode/experiments/experimentsFeature.js';
import { registerExport } from './vscode/export/exportFeature.js';
import { registerHotspots } from './vscode/hotspots/hotspots.js';
import { GateVerdicts } from './vscode/labs/gateVerdicts.js';
import { registerLabCommands } from './vscode/labs/labCommands.js';
import { registerLabProblems } from './vscode/labs/labProblems.js';
import { LabService } from './vscode/labs/labService.js';
import { registerSampleAllocator } from './vscode/labs/sampleAllocatorFeature.js';
import { registerPanel } from './vscode/panel/panelFeature.js';
import { registerPresetCommands } from './vscode/presets/presetCommands.js';
import { registerPresetTree } from './vscode/presets/presetTree.js';
import { registerPrograms } from './vscode/programs/programsFeature.js';
import { registerOpenProfile } from './vscode/record/openProfile.js';
import { registerRecordCommands } from './vscode/record/recordCommands.js';
import { registerAnnouncements } from './vscode/runs/execution/announcements.js';
import { BuildProblems } from './vscode/runs/execution/buildProblems.js';
import { Measurements } from './vscode/runs/execution/measurements.js';
import { Consent } from './vscode/runs/execution/consent.js';
import { followRunner } from './vscode/runs/execution/runContextKeys.js';
import { Runner } from './vscode/runs/execution/runner.js';
import { Failures } from './vscode/runs/history/failures.js';
import { registerHistoryCommands } from './vscode/runs/history/historyCommands.js';
import { RunHistory } from './vscode/runs/history/runHistory.js';
import { registerRunList } from './vscode/runs/list/runList.js';
import { registerSaveAsPreset } from './vscode/runs/list/saveAsPreset.js';
import { LastShown } from './vscode/runs/shown/lastShown.js';
import { ShownProfile } from './vscode/runs/shown/shownProfile.js';
import { registerCommand } from './vscode/shared/commands.js';
import { commandIds } from './vscode/shared/contributions.js';
import { ReadOnlyDocuments } from './vscode/shared/readOnlyDocuments.js';
import { Reporter } from './vscode/shared/reporter.js';
import { registerMachineCode } from './vscode/machineCode/machineCodeFeature.js';
import { registerHottestPath } from './vscode/navigation/hottestPath.js';
import { registerNavigation } from './vscode/navigation/goToHottest.js';
import { registerProfiledVersion } from './vscode/navigation/profiledVersion.js';
import { registerPlaces } from './vscode/source/places.js';
import { startWhenIdle } from './vscode/startup/startup.js';
import { registerSourceItems } from './vscode/status/sourceItems.js';
import { registerStatusBar } from './vscode/status/statusBar.js';
import { registerProfileEditors } from './vscode/viewer/profileEditors.js';
import { registerProfileTexts } from './vscode/viewer/profileTexts.js';
import { registerWelcome } from './vscode/welcome/welcome.js';

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
  const opened = performance.now();
  const reporter = new Reporter(log);
  const labs = new LabService(context, log);
  const history = new RunHistory();
  const failures = new Failures(context.workspaceState);
  const shown = new ShownProfile(labs);
  const lastShown = new LastShown(context.workspaceState, shown);
  const problems = new BuildProblems();
  const runner = new Runner(log, reporter);
  const consent = new Consent(context.workspaceState);
  const measurements = new Measurements({
    runner,
    reporter,
    labs,
    history,
    failures,
    shown,
    problems,
    consent,
  });
  const comparisons = new Comparisons(context.workspaceState, { labs, log, reporter });
  const verdicts = new GateVerdicts();
  const documents = new ReadOnlyDocuments(context.workspaceState);
  const parts = { log, reporter, labs, history, failures, shown, lastShown, runner, measurements };
  // Disposed in this order: what still runs is ended first, and the log is there to the last.
  context.subscriptions.push(runner, measurements, labs, history, failures, lastShown, shown, problems);
  context.subscriptions.push(comparisons, verdicts, documents);
  context.subscriptions.push(history.onDidChange(() => void shown.readTitle()));

  registerPlaces(context, parts);
  registerLabCommands(context, parts);
  registerLabProblems(context, parts);
  registerSampleAllocator(context, parts);
  registerAnnouncements(context, parts, documents);
  const annotations = registerAnnotations(context, parts, comparisons);
  registerNavigation(context, parts, annotations);
  registerHottestPath(context, parts, annotations);
  registerProfiledVersion(context, parts, annotations);
  registerCompare(context, parts, comparisons);
  registerExport(context, parts, comparisons);
  registerPanel(context, parts, annotations, comparisons);
  registerProfileEditors(context, { ...parts, comparisons, annotations });
  registerProfileTexts(context);
  registerWelcome(context, parts);
  registerPresetTree(context, parts, verdicts);
  registerHistoryCommands(context, parts, documents, registerRunList(context, parts, comparisons));
  registerSaveAsPreset(context, parts);
  registerHotspots(context, parts, annotations);
  registerMachineCode(context, parts, annotations);
  registerPresetCommands(context, parts);
  registerRecordCommands(context, parts);
  registerPrograms(context, { ...parts, problems });
  registerExperiments(context, { ...parts, consent }, verdicts, documents);
  registerOpenProfile(context, parts);
  registerDoctor(context, parts, documents);
  registerAgentTools(context, parts);
  registerStatusBar(context, parts, annotations);
  registerSourceItems(context, parts, annotations);
  context.subscriptions.push(
    followRunner(runner),
    registerCommand(commandIds.showOutput, () => log.show()),
    log,
  );
  stop = () => runner.stop();
  startWhenIdle(context, parts);
  const [own, editors] = [performance.now() - opened, opened - started];
  log.info(`Activated in ${own.toFixed(1)} ms, after VS Code took ${editors.toFixed(1)} ms to open this log`);
}

/** VS Code waits for this, up to a limit: no child process of a run outlives the window. */
export async function deactivate(): Promise<void> {
  await stop?.();
}
