import * as vscode from 'vscode';
import type { Annotations } from '../annotations/annotations.js';
import { commandIds } from '../shared/contributions.js';
import { commandLink } from '../shared/commands.js';
import { runSummary, shortTime } from '../shared/runTexts.js';
import { runKinds } from '../runs/execution/runner.js';
import type { Services } from '../services.js';
import { escapeMarkdown } from '../presets/tooltips.js';

/** What is being measured, or which profile is shown and whether it still fits the source that is being read. */
export function registerStatusBar(
  context: vscode.ExtensionContext,
  { runner, shown }: Services,
  annotations: Annotations,
): void {
  const item = vscode.window.createStatusBarItem('hakmemLab.status', vscode.StatusBarAlignment.Left, 10);
  item.name = 'HAKMEM Lab';
  const update = () => {
    const active = runner.current;
    const current = shown.current;
    if (active) {
      item.text = `$(loading~spin) ${active.preset}: ${active.message}`;
      item.tooltip = trusted(
        [
          `${runKinds[active.kind].doing} ${escapeMarkdown(active.preset)}`,
          active.kind === 'record'
            ? `[Stop and Keep](${commandLink(commandIds.stopRecording)}) · [Discard](${commandLink(commandIds.cancelRun)})`
            : `[Cancel](${commandLink(commandIds.cancelRun)})`,
        ].join('\n\n'),
      );
      item.accessibilityInformation = { label: `HAKMEM Lab: ${active.preset}, ${active.message}` };
      item.command = commandIds.showOutput;
    } else if (current) {
      const { run, profile } = current;
      const editor = vscode.window.activeTextEditor;
      const stale = editor !== undefined && annotations.of(editor.document)?.stale === true;
      item.text = `$(${stale ? 'warning' : 'flame'}) ${run.preset.name} ${runSummary(run)}`;
      item.tooltip = trusted(
        [
          `Profile of ${escapeMarkdown(run.preset.name)}, ${shortTime(run.createdAt)}, event \`${profile.event.name}\``,
          ...(stale ? ['The source was edited after this profile.'] : []),
          `[Show Panel](${commandLink(commandIds.showPanel)}) · [Profile Again](${commandLink(commandIds.profileAgain)})`,
        ].join('\n\n'),
      );
      const freshness = stale ? ', the source was edited since' : '';
      item.accessibilityInformation = { label: `HAKMEM Lab: profile of ${run.preset.name}${freshness}` };
      item.command = commandIds.showPanel;
    } else {
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

function trusted(markdown: string): vscode.MarkdownString {
  const text = new vscode.MarkdownString(markdown);
  const { cancelRun, stopRecording, showPanel, profileAgain } = commandIds;
  text.isTrusted = { enabledCommands: [cancelRun, stopRecording, showPanel, profileAgain] };
  return text;
}
