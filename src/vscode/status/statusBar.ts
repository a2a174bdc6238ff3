import * as vscode from 'vscode';
import { shortTime } from '../../text/dates.js';
import { escapeMarkdown, inlineCode } from '../../text/markdown.js';
import type { Annotations } from '../annotations/annotations.js';
import type { ActiveRun, Runner } from '../runs/execution/runner.js';
import { runTitle } from '../runs/execution/runTitles.js';
import type { ShownProfile } from '../runs/shown/shownProfile.js';
import type { ShownRun } from '../runs/shown/shownRun.js';
import { commandLink } from '../shared/commands.js';
import { commandIds } from '../shared/contributions.js';
import { runSummary } from '../shared/runTexts.js';

/** What is being measured, or which profile is shown and whether the source in view still fits it. */
export function registerStatusBar(
  context: vscode.ExtensionContext,
  { runner, shown }: { readonly runner: Runner; readonly shown: ShownProfile },
  annotations: Annotations,
): void {
  const item = vscode.window.createStatusBarItem('hakmemLab.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'HAKMEM Lab';
  const update = () => {
    if (runner.current) describeActive(item, runner.current);
    else if (shown.current) describeShown(item, shown.current, isStale(annotations));
    else {
      item.hide();
      return;
    }
    item.show();
  };
  context.subscriptions.push(
    item,
    runner.onDidChange(update),
    shown.onDidChange(update),
    annotations.onDidChange(update),
    vscode.window.onDidChangeActiveTextEditor(update),
  );
}

function describeActive(item: vscode.StatusBarItem, { kind, preset, message }: ActiveRun): void {
  const { stopRecording, cancelRun } = commandIds;
  const links =
    kind === 'record'
      ? [link(vscode.l10n.t('Stop and Keep'), stopRecording), link(vscode.l10n.t('Discard'), cancelRun)]
      : [link(vscode.l10n.t('Cancel'), cancelRun)];
  item.text = `$(loading~spin) ${preset}: ${message}`;
  item.tooltip = trusted([escapeMarkdown(runTitle(kind, preset)), links.join(' · ')]);
  item.accessibilityInformation = { label: `HAKMEM Lab: ${preset}, ${message}` };
  item.command = commandIds.showOutput;
}

function describeShown(item: vscode.StatusBarItem, { run, profile }: ShownRun, stale: boolean): void {
  const { name } = run.preset;
  item.text = `$(${stale ? 'warning' : 'flame'}) ${name} ${runSummary(run)}`;
  item.tooltip = trusted([
    vscode.l10n.t(
      'Profile of {0}, {1}, event {2}',
      escapeMarkdown(name),
      shortTime(run.createdAt),
      inlineCode(profile.event.name),
    ),
    ...(stale ? [vscode.l10n.t('The source has changed since this profile. Profile again to update.')] : []),
    [
      link(vscode.l10n.t('Show Panel'), commandIds.showPanel),
      link(vscode.l10n.t('Profile Again'), commandIds.profileAgain),
    ].join(' · '),
  ]);
  item.accessibilityInformation = {
    label: stale
      ? vscode.l10n.t('HAKMEM Lab: profile of {0}, the source has changed since', name)
      : vscode.l10n.t('HAKMEM Lab: profile of {0}', name),
  };
  item.command = commandIds.showPanel;
}

/** Of the source that is being read. */
function isStale(annotations: Annotations): boolean {
  const editor = vscode.window.activeTextEditor;
  return editor !== undefined && annotations.of(editor.document)?.stale === true;
}

type LinkedCommand = (typeof commandIds)['cancelRun' | 'stopRecording' | 'showPanel' | 'profileAgain'];

function link(title: string, id: LinkedCommand): string {
  return `[${title}](${commandLink(id)})`;
}

function trusted(paragraphs: readonly string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString(paragraphs.join('\n\n'));
  const { cancelRun, stopRecording, showPanel, profileAgain } = commandIds;
  text.isTrusted = { enabledCommands: [cancelRun, stopRecording, showPanel, profileAgain] };
  return text;
}
