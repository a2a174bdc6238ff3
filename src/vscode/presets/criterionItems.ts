import * as vscode from 'vscode';
import { measuredText, requiredText } from '../../core/report/criteriaTexts.js';
import { command } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import type { CriteriaNode, CriterionNode } from './nodes.js';

const { None, Collapsed } = vscode.TreeItemCollapsibleState;

/** Collapsed at first: what is in it costs reading a profile. */
export function criteriaItem({ labFile, laboratory }: CriteriaNode): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Success Criteria'), Collapsed);
  item.id = `${labFile} criteria`;
  item.description = String(laboratory.lab.definition.criteria.length);
  item.iconPath = new vscode.ThemeIcon('checklist');
  item.contextValue = 'criteria';
  return item;
}

const icons = {
  met: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  missed: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
  unclear: new vscode.ThemeIcon('question'),
  'not measured': new vscode.ThemeIcon('circle-outline'),
};

export function criterionItem({ labFile, result: state }: CriterionNode): vscode.TreeItem {
  const { criterion, result } = state;
  const item = new vscode.TreeItem(criterion.name, None);
  item.id = `${labFile} criterion ${criterion.name}`;
  const words = {
    met: vscode.l10n.t('met'),
    missed: vscode.l10n.t('missed'),
    unclear: vscode.l10n.t('unclear'),
    'not measured': vscode.l10n.t('not measured'),
  };
  const measured = measuredText(state);
  item.description = [words[result], measured].filter(Boolean).join(' · ');
  item.tooltip = [
    vscode.l10n.t('{0}: {1} is required of {2}', criterion.name, requiredText(state), criterion.preset),
    measured ?? vscode.l10n.t('No run of {0} has measured it yet.', criterion.preset),
  ].join('\n');
  item.iconPath = icons[result];
  item.command = command(commandIds.openLabFile, vscode.l10n.t('Open Lab File'), { labFile });
  item.contextValue = 'criterion';
  return item;
}
