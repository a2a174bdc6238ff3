import * as vscode from 'vscode';
import type { Annotations } from '../annotations/annotations.js';
import { choiceText } from '../runs/shown/choiceText.js';
import { isWhole } from '../runs/shown/selection.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { executeCommand, registerCommand } from '../shared/commands.js';
import { commandIds, settings } from '../shared/contributions.js';
import { onSettingChanged, readSetting } from '../shared/settings.js';

/** What the figures in the source are: which cost of a line, and of which samples, where not all are chosen. */
export function registerSourceItems(
  context: vscode.ExtensionContext,
  { shown }: { readonly shown: ShownProfile },
  annotations: Annotations,
): void {
  const { Left } = vscode.StatusBarAlignment;
  const cost = vscode.window.createStatusBarItem('hakmemLab.lineCost', Left, 9);
  cost.name = vscode.l10n.t('HAKMEM Lab: Line Cost');
  const samples = vscode.window.createStatusBarItem('hakmemLab.samples', Left, 8);
  samples.name = vscode.l10n.t('HAKMEM Lab: Chosen Samples');
  samples.command = commandIds.showAllSamples;
  const update = () => {
    if (annotations.inView && readSetting(settings.annotationsEnabled)) describeCost(cost, annotations);
    else cost.hide();
    const run = shown.current;
    if (run && !isWhole(run.choice)) describeSamples(samples, run);
    else samples.hide();
  };
  context.subscriptions.push(
    cost,
    samples,
    shown.onDidChange(update),
    shown.onDidChoose(update),
    annotations.onDidChange(update),
    vscode.window.onDidChangeActiveTextEditor(update),
    onSettingChanged([settings.annotationsEnabled], update),
    registerCommand(commandIds.showAllSamples, () => shown.chooseAll()),
    registerCommand(commandIds.chooseFigures, () => chooseFigures(annotations)),
  );
}

function describeCost(item: vscode.StatusBarItem, { view, differences }: Annotations): void {
  if (differences.areShown) {
    const other = differences.other ?? vscode.l10n.t('other run');
    item.text = `$(diff) ${vscode.l10n.t('Difference to {0}', other)} $(close)`;
    item.tooltip = vscode.l10n.t(
      'Functions and lines show how their share differs from that of the run compared with. Only significant differences are colored. Click to show the shares.',
    );
    item.command = commandIds.toggleDifference;
    item.show();
    return;
  }
  item.command = differences.available ? commandIds.chooseFigures : commandIds.toggleLineCost;
  const total = view.kind === 'total';
  item.text = total
    ? `$(list-tree) ${vscode.l10n.t('Lines: total')}`
    : `$(list-flat) ${vscode.l10n.t('Lines: self')}`;
  item.tooltip = total
    ? vscode.l10n.t('Lines show their total share, with what they call. Click to show the self share.')
    : vscode.l10n.t('Lines show their self share. Click to include what they call.');
  if (differences.available)
    item.tooltip = vscode.l10n.t('Click to choose between self, total, and difference.');
  item.show();
}

async function chooseFigures({ view, differences }: Annotations): Promise<void> {
  const difference = differences.areShown;
  const described = (isShown: boolean) => (isShown ? { description: vscode.l10n.t('shown now') } : {});
  const items = [
    {
      label: vscode.l10n.t('Self'),
      detail: vscode.l10n.t('What a line costs by itself'),
      cost: 'self' as const,
      ...described(!difference && view.kind === 'self'),
    },
    {
      label: vscode.l10n.t('Total'),
      detail: vscode.l10n.t('With all that it calls'),
      cost: 'total' as const,
      ...described(!difference && view.kind === 'total'),
    },
    {
      label: vscode.l10n.t('Difference'),
      detail: differences.available
        ? vscode.l10n.t('How the shares differ from the run compared with')
        : vscode.l10n.t('Choose a run to compare with first'),
      cost: undefined,
      ...described(difference),
    },
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Choose Figures in Source'),
    placeHolder: vscode.l10n.t('What functions and lines of the source show'),
  });
  if (!chosen) return;
  if ((chosen.cost === undefined) !== difference) await executeCommand(commandIds.toggleDifference);
  if (chosen.cost !== undefined && chosen.cost !== view.kind) await executeCommand(commandIds.toggleLineCost);
}

function describeSamples(item: vscode.StatusBarItem, run: ShownRun): void {
  const chosen = choiceText(run);
  item.text = `$(filter) ${chosen} $(close)`;
  item.tooltip = vscode.l10n.t(
    'The figures in source and Hotspots are of the samples that are chosen in the panel. Click to show all samples.',
  );
  item.accessibilityInformation = {
    label: vscode.l10n.t('HAKMEM Lab: only {0}. Activate to show all samples.', chosen),
    role: 'button',
  };
  item.show();
}
