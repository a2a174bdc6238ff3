import path from 'node:path';
import * as vscode from 'vscode';
import { shellWord } from '../../text/shellWord.js';
import type { RunDocument } from '../../model/run.js';
import { command } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { ownResult, plural, runSummary, shortTime } from '../shared/runTexts.js';
import type {
  DetailNode,
  EnvironmentNode,
  LabNode,
  MessageNode,
  PresetNode,
  RecordingsNode,
  RunNode,
} from './nodes.js';
import { escapeMarkdown, presetTooltip, runTooltip } from './tooltips.js';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** What of the window's state shows in the items. */
export interface ItemState {
  readonly running: boolean;
  readonly shownRunId: string | undefined;
  readonly last: RunDocument | undefined;
}

export function labItem({ labFile, entry }: LabNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    entry.laboratory?.lab.definition.name ?? path.basename(path.dirname(labFile)),
    Expanded,
  );
  item.id = labFile;
  item.description = {
    workspace: path.dirname(vscode.workspace.asRelativePath(labFile)),
    specimen: 'specimen',
    recordings: 'no lab file',
  }[entry.origin];
  item.tooltip = entry.origin === 'recordings' ? path.dirname(labFile) : labFile;
  item.iconPath = new vscode.ThemeIcon(entry.origin === 'recordings' ? 'folder' : 'beaker');
  item.contextValue = entry.origin === 'recordings' ? 'folder' : 'lab';
  return item;
}

export function messageItem({ kind, labFile, text, detail }: MessageNode): vscode.TreeItem {
  const item = new vscode.TreeItem(text, None);
  item.id = `${kind} ${labFile}`;
  item.tooltip = detail;
  item.contextValue = kind;
  if (kind === 'untrusted') {
    item.iconPath = new vscode.ThemeIcon('shield');
    item.command = { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' };
  } else {
    item.description = 'Open Lab File';
    item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    item.command = command(commandIds.openLabFile, 'Open Lab File', { labFile });
  }
  return item;
}

export function presetItem({ labFile, preset, definition }: PresetNode, state: ItemState): vscode.TreeItem {
  const item = new vscode.TreeItem(preset, Collapsed);
  item.id = `${labFile} ${preset}`;
  item.description = lastResult(state);
  const tooltip = new vscode.MarkdownString(presetTooltip(definition, state.last));
  item.tooltip = tooltip;
  item.iconPath = new vscode.ThemeIcon(state.running ? 'loading~spin' : 'beaker');
  item.contextValue = state.running ? 'preset.running' : 'preset';
  item.accessibilityInformation = { label: `Preset ${preset}, ${item.description}` };
  return item;
}

function lastResult({ running, last }: ItemState): string {
  if (running) return 'running';
  return last ? `${runSummary(last)} · ${shortTime(last.createdAt)}` : 'not run yet';
}

export function environmentItem({ preset }: EnvironmentNode): vscode.TreeItem {
  const names = Object.keys(preset.definition.environment);
  const item = new vscode.TreeItem('Environment', names.length > 0 ? Collapsed : None);
  item.id = `${preset.labFile} ${preset.preset} environment`;
  item.description = names.length === 0 ? 'nothing set' : plural(names.length, 'variable');
  item.iconPath = new vscode.ThemeIcon('symbol-variable');
  item.contextValue = 'environment';
  return item;
}

export function detailItem({ kind, id, name, value }: DetailNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, None);
  item.id = id;
  item.description = value;
  item.tooltip = kind === 'variable' ? `${name}=${shellWord(value)}` : value;
  item.iconPath = new vscode.ThemeIcon(kind === 'variable' ? 'symbol-constant' : 'terminal');
  item.contextValue = kind;
  return item;
}

export function recordingsItem({ labFile, runs }: RecordingsNode): vscode.TreeItem {
  const item = new vscode.TreeItem('Recordings', Expanded);
  item.id = `${labFile} recordings`;
  item.description = String(runs.length);
  item.tooltip =
    'Recorded programs and processes, opened profiles, and runs of presets that the lab file no longer has';
  item.iconPath = new vscode.ThemeIcon('record');
  item.contextValue = 'recordings';
  return item;
}

export function runItem({ labFile, runId, run, named }: RunNode, { shownRunId }: ItemState): vscode.TreeItem {
  const time = shortTime(run.createdAt);
  const item = new vscode.TreeItem(named ? run.preset.name : time, None);
  const shown = runId === shownRunId;
  item.id = `${labFile} ${runId}`;
  const parts = named ? [time, runSummary(run)] : [runSummary(run)];
  if (run.samples !== null && ownResult(run)) parts.push(plural(run.samples, 'sample'));
  if (shown) parts.push('shown');
  item.description = parts.join(' · ');
  item.tooltip = new vscode.MarkdownString(`**${escapeMarkdown(run.preset.name)}**\n\n${runTooltip(run)}`);
  item.iconPath = new vscode.ThemeIcon(
    run.importedFrom !== undefined ? 'file-binary' : run.kind === 'profile' ? 'flame' : 'dashboard',
    shown ? new vscode.ThemeColor('charts.orange') : undefined,
  );
  item.contextValue = `savedRun.${run.kind}`;
  item.command = command(commandIds.openRun, 'Open Run', { labFile, runId });
  return item;
}
