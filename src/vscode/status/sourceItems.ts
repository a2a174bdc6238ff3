import * as vscode from 'vscode';
import { eventName } from '../../text/eventTexts.js';
import { seconds } from '../../text/numbers.js';
import { printable } from '../../text/printable.js';
import type { Annotations } from '../annotations/annotations.js';
import { isWhole } from '../runs/shown/selection.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { registerCommand } from '../shared/commands.js';
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
  cost.command = commandIds.toggleLineCost;
  const samples = vscode.window.createStatusBarItem('hakmemLab.samples', Left, 8);
  samples.name = vscode.l10n.t('HAKMEM Lab: Chosen Samples');
  samples.command = commandIds.showAllSamples;
  const update = () => {
    const editor = vscode.window.activeTextEditor;
    const annotated = editor && annotations.of(editor.document) !== undefined;
    if (annotated && readSetting(settings.annotationsEnabled)) describeCost(cost, annotations);
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
  );
}

function describeCost(item: vscode.StatusBarItem, { view }: Annotations): void {
  const total = view.kind === 'total';
  item.text = total
    ? `$(list-tree) ${vscode.l10n.t('Lines: total')}`
    : `$(list-flat) ${vscode.l10n.t('Lines: self')}`;
  item.tooltip = total
    ? vscode.l10n.t('Lines show their total share, with what they call. Click to show the self share.')
    : vscode.l10n.t('Lines show their self share. Click to include what they call.');
  item.show();
}

function describeSamples(item: vscode.StatusBarItem, { choice, recorded }: ShownRun): void {
  const parts: string[] = [];
  const event = recorded.events[choice.event];
  if (choice.event > 0 && event) parts.push(printable(eventName(event.name)));
  if (choice.threads) {
    const [first, ...others] = choice.threads.map((index) => recorded.threads[index]);
    if (first && others.length === 0) parts.push(printable(`${first.name} ${first.tid}`));
    else parts.push(vscode.l10n.t('{0} threads', choice.threads.length));
  }
  if (choice.time) parts.push(`${seconds(choice.time.from)}–${seconds(choice.time.to)}`);
  item.text = `$(filter) ${parts.join(', ')} $(close)`;
  item.tooltip = vscode.l10n.t(
    'The figures in the source are of the samples that are chosen in the panel. Click to show all samples.',
  );
  item.accessibilityInformation = {
    label: vscode.l10n.t('HAKMEM Lab: only {0}. Activate to show all samples.', parts.join(', ')),
    role: 'button',
  };
  item.show();
}
