import path from 'node:path';
import * as vscode from 'vscode';
import { labFolder } from '../../core/lab/loadLab.js';
import type { RunDocument } from '../../model/run.js';
import { shortTime } from '../../text/dates.js';
import { count } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import { command } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { runFigure, runSummary, trend } from '../shared/runTexts.js';
import type { DetailNode, GroupNode, LabNode, MessageNode, PresetNode } from './nodes.js';
import { presetTooltip, type PresetHistory } from './presetTooltip.js';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** The part of the window's state that a preset's item shows. */
export interface PresetState extends PresetHistory {
  readonly running: boolean;
  /** The run before the last. */
  readonly previous: RunDocument | undefined;
}

export function labItem({ labFile, entry }: LabNode): vscode.TreeItem {
  const item = new vscode.TreeItem(
    entry.laboratory?.lab.definition.name ?? path.basename(labFolder(labFile)),
    Expanded,
  );
  item.id = labFile;
  item.description =
    entry.origin === 'sample'
      ? vscode.l10n.t('sample allocator')
      : path.dirname(vscode.workspace.asRelativePath(labFile));
  item.tooltip = labFile;
  item.iconPath = new vscode.ThemeIcon('beaker');
  item.contextValue = 'lab';
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

export function groupItem({ labFile, name, presets }: GroupNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, Expanded);
  item.id = `${labFile} group ${name}`;
  item.description = count(presets.length);
  item.contextValue = 'group';
  return item;
}

/** The last result comes first: a sidebar is narrow, and what is cut off is the end. */
export function presetItem({ labFile, preset, definition }: PresetNode, state: PresetState): vscode.TreeItem {
  const { last, previous, failure, running } = state;
  const figure = failure || !last ? undefined : runFigure(last)?.figure;
  const item = new vscode.TreeItem(figure ? `${figure} ${preset}` : preset, Collapsed);
  item.id = `${labFile} ${preset}`;
  item.description = presetDescription(state);
  item.tooltip = new vscode.MarkdownString(presetTooltip(definition, state));
  item.iconPath = presetIcon(state);
  item.contextValue = running ? 'preset.running' : 'preset';
  const spoken = last && !failure ? `${runSummary(last)} ${trend(last, previous)}` : item.description;
  item.accessibilityInformation = { label: vscode.l10n.t('Preset {0}, {1}', preset, spoken) };
  return item;
}

function presetDescription({ running, failure, last, previous }: PresetState): string {
  if (running) return vscode.l10n.t('running');
  if (failure) return vscode.l10n.t('failed: {0}', failure.message);
  if (!last) return vscode.l10n.t('not run yet');
  const result = runFigure(last)?.unit ?? runSummary(last);
  return [trend(last, previous), result, shortTime(last.createdAt)].filter(Boolean).join(' · ');
}

function presetIcon({ running, failure, last }: PresetState): vscode.ThemeIcon {
  if (running) return new vscode.ThemeIcon('loading~spin');
  if (failure) return new vscode.ThemeIcon('error', new vscode.ThemeColor('list.errorForeground'));
  return new vscode.ThemeIcon(last ? 'dashboard' : 'circle-outline');
}

export function detailItem({ kind, id, name, value, noEffect }: DetailNode): vscode.TreeItem {
  const item = new vscode.TreeItem(name, None);
  item.id = id;
  item.description = noEffect ? vscode.l10n.t('{0} · no effect', value) : value;
  const why =
    noEffect && vscode.l10n.t('No effect, as the matrix {0} found: {1}.', noEffect.matrix, noEffect.reason);
  item.tooltip = [kind === 'variable' ? `${name}=${shellWord(value)}` : value, why]
    .filter(Boolean)
    .join('\n');
  item.iconPath = new vscode.ThemeIcon(
    { variable: 'symbol-constant', program: 'file-binary', arguments: 'terminal' }[kind],
  );
  item.contextValue = kind;
  return item;
}
