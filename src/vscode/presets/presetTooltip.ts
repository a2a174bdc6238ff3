import * as vscode from 'vscode';
import type { Preset } from '../../core/lab/labFile.js';
import type { RunDocument } from '../../model/run.js';
import { shortTime } from '../../text/dates.js';
import { escapeMarkdown, inlineCode, markdownTable, shellBlock } from '../../text/markdown.js';
import { shellWord } from '../../text/shellWord.js';
import type { Failure } from '../runs/history/failures.js';
import { runTooltip } from '../runs/history/runTooltip.js';

/** What is known of a preset besides its definition. */
export interface PresetHistory {
  readonly last: RunDocument | undefined;
  /** Of the last attempt, where it is newer than the last run. */
  readonly failure: Failure | undefined;
}

/** The tooltip of a preset, as Markdown. */
export function presetTooltip(preset: Preset, { last, failure }: PresetHistory): string {
  const blocks = [`**${escapeMarkdown(preset.name)}**`];
  if (preset.description) blocks.push(escapeMarkdown(preset.description));
  const variables = Object.entries(preset.environment);
  if (variables.length > 0) {
    blocks.push(
      markdownTable(
        [vscode.l10n.t('Variable'), vscode.l10n.t('Value')],
        [':--', ':--'],
        variables.map((pair) => pair.map(inlineCode)),
      ),
    );
  }
  const commandLine = (args: readonly string[]) =>
    shellBlock([preset.program, ...args].map(shellWord).join(' '));
  blocks.push(commandLine(preset.args));
  if (preset.profileArgs) blocks.push(vscode.l10n.t('Profiled with'), commandLine(preset.profileArgs));
  blocks.push('---');
  if (failure) {
    blocks.push(vscode.l10n.t('Failed {0}', shortTime(failure.at)), escapeMarkdown(failure.message));
  }
  if (last) blocks.push(runTooltip(last));
  else if (!failure) blocks.push(vscode.l10n.t('Not run yet.'));
  return blocks.join('\n\n');
}
