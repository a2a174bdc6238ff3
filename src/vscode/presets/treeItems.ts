import path from 'node:path';
import * as vscode from 'vscode';
import { shellWord } from '../../text/shellWord.js';
import type { RunDocument } from '../../model/run.js';
import { command } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { shortTime } from '../../text/dates.js';
import { escapeMarkdown } from '../../text/markdown.js';
import { count } from '../../text/numbers.js';
import { ownResult, runSummary, sampleCount } from '../shared/runTexts.js';
import type {
  DetailNode,
  EnvironmentNode,
  LabNode,
  MessageNode,
  PresetNode,
  RecordingsNode,
  RunNode,
} from './nodes.js';
import { presetTooltip, runTooltip } from './tooltips.js';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** The part of the window's state that items show. */
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
    sample: vscode.l10n.t('sample allocator'),
    recordings: vscode.l10n.t('no lab file'),
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
    item.command = { command: 'workbench.trust.manage', title: vscode.l10n.t('Manage Workspace Trust') };
  } else {
    item.description = vscode.l10n.t('Open lab file');
    item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
    item.command = command(commandIds.openLabFile, vscode.l10n.t('Open Lab File'), { labFile });
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
  item.accessibilityInformation = { label: vscode.l10n.t('Preset {0}, {1}', preset, item.description) };
  return item;
}

function lastResult({ running, last }: ItemState): string {
  if (running) return vscode.l10n.t('running');
  return last ? `${runSummary(last)} · ${shortTime(last.createdAt)}` : vscode.l10n.t('not run yet');
}

export function environmentItem({ preset }: EnvironmentNode): vscode.TreeItem {
  const names = Object.keys(preset.definition.environment);
  const item = new vscode.TreeItem(vscode.l10n.t('Environment'), names.length > 0 ? Collapsed : None);
  item.id = `${preset.labFile} ${preset.preset} environment`;
  item.description = variableCount(names.length);
  item.iconPath = new vscode.ThemeIcon('symbol-variable');
  item.contextValue = 'environment';
  return item;
}

function variableCount(variables: number): string {
  if (variables === 0) return vscode.l10n.t('no variables');
  return variables === 1 ? vscode.l10n.t('1 variable') : vscode.l10n.t('{0} variables', count(variables));
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
  const item = new vscode.TreeItem(vscode.l10n.t('Recordings'), Expanded);
  item.id = `${labFile} recordings`;
  item.description = count(runs.length);
  item.tooltip = vscode.l10n.t(
    'Recorded programs and processes, opened profiles, and runs of presets no longer in the lab file',
  );
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
  if (run.samples !== null && ownResult(run)) parts.push(sampleCount(run.samples));
  if (shown) parts.push(vscode.l10n.t('shown'));
  item.description = parts.join(' · ');
  item.tooltip = new vscode.MarkdownString(`**${escapeMarkdown(run.preset.name)}**\n\n${runTooltip(run)}`);
  item.iconPath = new vscode.ThemeIcon(
    run.importedFrom !== undefined ? 'file-binary' : run.kind === 'profile' ? 'flame' : 'dashboard',
    shown ? new vscode.ThemeColor('charts.orange') : undefined,
  );
  item.contextValue = `savedRun.${run.kind}`;
  item.command = command(commandIds.openRun, vscode.l10n.t('Open Run'), { labFile, runId });
  return item;
}
