import * as vscode from 'vscode';
import { recordingsFolder } from '../record/recordingsFolder.js';
import type { Measurements } from '../runs/execution/measurements.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds, type CaseRef, type TestItemRef } from '../shared/contributions.js';
import type { Reporter } from '../shared/reporter.js';
import { requireTrust } from '../shared/trust.js';
import { profileTarget, targetRequest, targetsOf, targetsWith, type BuildReports } from './buildTargets.js';
import type { ProjectTarget } from '../../core/programs/projects.js';
import { CaseLenses } from './caseLenses.js';
import { profileLaunchConfiguration } from './launchConfigurations.js';
import { LabTasks } from './labTasks.js';
import { pickProgram, type ChosenProgram } from './programPicker.js';
import { startOfTest } from './testItems.js';

interface Parts extends BuildReports {
  readonly measurements: Measurements;
  readonly reporter: Reporter;
}

/** From an opened folder to annotated source: programs that are built here, debugged here, or tested here. */
export function registerPrograms(context: vscode.ExtensionContext, parts: Parts): void {
  const { measurements, reporter } = parts;
  const state = context.workspaceState;
  const lenses = new CaseLenses();
  context.subscriptions.push(
    registerCommand(
      commandIds.profileTarget,
      reporter.guard(async () => {
        if (!requireTrust(vscode.l10n.t('Profiling a build target'))) return;
        const folder = await recordingsFolder(vscode.l10n.t('Profile a Build Target'));
        if (folder !== undefined && (await profileTarget(folder, state, measurements, parts)))
          await showSource();
      }),
    ),
    registerCommand(
      commandIds.profileLaunch,
      reporter.guard(async () => {
        if (!requireTrust(vscode.l10n.t('Profiling a launch configuration'))) return;
        const title = vscode.l10n.t('Profile a Launch Configuration');
        const path = await recordingsFolder(title);
        const folder = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.fsPath === path);
        if (folder && (await profileLaunchConfiguration(folder, state, measurements))) await showSource();
      }),
    ),
    registerCommand(
      commandIds.profileCase,
      reporter.guard((ref?: CaseRef) => ref && measureCase(ref, 'profile', state, parts)),
    ),
    registerCommand(
      commandIds.countCase,
      reporter.guard((ref?: CaseRef) => ref && measureCase(ref, 'count', state, parts)),
    ),
    registerCommand(
      commandIds.profileTest,
      reporter.guard((item?: TestItemRef) => item && measureTest(item, state, parts)),
    ),
    lenses,
    vscode.languages.registerCodeLensProvider(
      ['c', 'cpp', 'rust'].map((language) => ({ language, scheme: 'file' })),
      lenses,
    ),
    vscode.tasks.registerTaskProvider(LabTasks.type, new LabTasks(measurements)),
  );
}

async function measureCase(
  { file, name, args }: CaseRef,
  how: 'profile' | 'count',
  state: vscode.Memento,
  { measurements, ...reports }: Parts,
): Promise<void> {
  if (!requireTrust(vscode.l10n.t('Profiling a test'))) return;
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  if (!folder) return;
  const title = vscode.l10n.t('Profile {0}', name);
  const candidates = targetsWith(file, await targetsOf(folder.uri.fsPath, title, reports));
  const answer = await programOf({ name, args }, candidates, title, state);
  if (!answer) return;
  const request = targetRequest(answer.chosen, answer.start, name === 'main' ? undefined : name);
  const result = await (how === 'count' ? measurements.countProgram(request) : measurements.record(request));
  if (result) await showSource();
}

async function measureTest(item: TestItemRef, state: vscode.Memento, parts: Parts): Promise<void> {
  const title = vscode.l10n.t('Profile Test');
  if (!requireTrust(vscode.l10n.t('Profiling a test'))) return;
  const folder = await recordingsFolder(title, item.uri?.fsPath);
  if (folder === undefined) return;
  const start = await startOfTest(item, folder);
  if ('source' in start) await measureCase(start.source, 'profile', state, parts);
  else if (await parts.measurements.record(start.request)) await showSource();
}

/** Which program runs a test, or what a main is started with: whatever the source doesn't tell is asked. */
async function programOf(
  { name, args }: Pick<CaseRef, 'name' | 'args'>,
  candidates: readonly ProjectTarget[],
  title: string,
  state: vscode.Memento,
): Promise<ChosenProgram | undefined> {
  if (name === 'main') return pickProgram(title, candidates, state);
  const start = { args, environment: {} };
  const [only, ...others] = candidates;
  if (only && others.length === 0) return { chosen: only, start };
  const item = await vscode.window.showQuickPick(
    candidates.map((chosen) => ({ label: chosen.target.name, chosen })),
    { title, placeHolder: vscode.l10n.t('Choose the program that runs it') },
  );
  return item && { chosen: item.chosen, start };
}

/** What the way leads to. */
async function showSource(): Promise<void> {
  await executeCommand(commandIds.goToHottest);
}
