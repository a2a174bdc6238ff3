import * as vscode from 'vscode';
import { shortTime } from '../../text/dates.js';
import { escapeMarkdown, inlineCode } from '../../text/markdown.js';
import { exactCount, samplesOf } from '../../views/sampleCount.js';
import { ofEvent } from '../../views/sampleFilter.js';
import type { Difference } from '../annotations/annotatedDocument.js';
import type { Annotations } from '../annotations/annotations.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { commandLink } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { runSummary } from '../shared/runTexts.js';

/** Which profile is shown, and whether the source in view still fits it. Progress is in a notification. */
export function registerStatusBar(
  context: vscode.ExtensionContext,
  { shown }: { readonly shown: ShownProfile },
  annotations: Annotations,
): void {
  const item = vscode.window.createStatusBarItem('hakmemLab.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'HAKMEM Lab';
  const update = () => {
    if (shown.current) describeShown(item, shown.current, differenceHere(annotations));
    else {
      item.hide();
      return;
    }
    item.show();
  };
  context.subscriptions.push(
    item,
    shown.onDidChange(update),
    shown.onDidChoose(update),
    annotations.onDidChange(update),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
}

function describeShown(item: vscode.StatusBarItem, shown: ShownRun, here: DifferenceHere | undefined): void {
  const { run, name, profile, recorded, choice } = shown;
  const summary = summaryOf(shown);
  item.text = here
    ? `$(warning) ${vscode.l10n.t('{0}, source changed', `${name} ${summary}`)}`
    : `$(flame) ${name} ${summary}`;
  item.tooltip = trusted([
    vscode.l10n.t(
      'Profile of {0}, {1}, event {2}',
      escapeMarkdown(name),
      shortTime(run.createdAt),
      inlineCode((recorded.events[choice.event] ?? profile.event).name),
    ),
    ...(here ? [differenceText(here.difference)] : []),
    [
      link(vscode.l10n.t('Show Panel'), commandIds.showPanel),
      link(vscode.l10n.t('Profile Again'), commandIds.profileAgain),
      ...(here?.canCompare
        ? [link(vscode.l10n.t('Compare with Profiled Version'), commandIds.compareWithProfiled)]
        : []),
    ].join(' · '),
  ]);
  item.accessibilityInformation = {
    label: here
      ? vscode.l10n.t('HAKMEM Lab: profile of {0}, the source has changed since', name)
      : vscode.l10n.t('HAKMEM Lab: profile of {0}', name),
  };
  item.command = commandIds.showPanel;
}

/** By event: samples are counted once, not at each change of an editor. */
const summaries = new WeakMap<ShownRun, Map<number, string>>();

function summaryOf(shown: ShownRun): string {
  const { run, recorded, choice } = shown;
  let ofRun = summaries.get(shown);
  if (!ofRun) summaries.set(shown, (ofRun = new Map()));
  const before = ofRun.get(choice.event);
  if (before !== undefined) return before;
  const profile = choice.event > 0 ? ofEvent(recorded, choice.event) : shown.profile;
  // A run counts the samples of all its events; what is shown are those of one.
  const samples = profile.events.length > 1 ? (samplesOf(profile) ?? run.samples) : run.samples;
  const { counted: ofFirst, events: _, ...others } = run;
  // Runs of older versions don't say what was counted, their profiles do.
  const counted = (choice.event > 0 ? undefined : ofFirst) ?? exactCount(profile, choice.event);
  const summary = runSummary({ ...others, samples, ...(counted && { counted }) });
  ofRun.set(choice.event, summary);
  return summary;
}

interface DifferenceHere {
  readonly difference: Difference;
  readonly canCompare: boolean;
}

/** Of the source that is being read. */
function differenceHere(annotations: Annotations): DifferenceHere | undefined {
  const document = annotations.inView;
  const difference = document && annotations.of(document)?.difference;
  return difference && { difference, canCompare: annotations.sourceIdOf(document) !== undefined };
}

function differenceText(difference: Difference): string {
  return difference === 'edited'
    ? vscode.l10n.t('The source has changed since this profile. Profile again to update.')
    : vscode.l10n.t(
        'Another version of this file was profiled: lines have no figures. Profile again to update.',
      );
}

type LinkedCommand = (typeof commandIds)['showPanel' | 'profileAgain' | 'compareWithProfiled'];

function link(title: string, id: LinkedCommand): string {
  return `[${title}](${commandLink(id)})`;
}

function trusted(paragraphs: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(paragraphs.join('\n\n'));
  const { showPanel, profileAgain, compareWithProfiled } = commandIds;
  text.isTrusted = { enabledCommands: [showPanel, profileAgain, compareWithProfiled] };
  return text;
}
