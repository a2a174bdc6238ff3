import * as vscode from 'vscode';
import type { RunDescription } from '../../../core/store/runDescription.js';
import type { RunDocument } from '../../../model/run.js';
import { shortTime } from '../../../text/dates.js';
import { count } from '../../../text/numbers.js';
import { escapeMarkdown } from '../../../text/markdown.js';
import { runTooltip } from '../history/runTooltip.js';
import { commandIds, type RunRef } from '../../shared/contributions.js';
import { argumentLine, runLabel } from '../../../text/runLabel.js';
import { runAmount, runFigure, runSummary } from '../../shared/runTexts.js';

/** A run of the list. Can be passed to commands as it is. */
export interface RunNode extends RunRef {
  readonly run: RunDocument;
  readonly description: RunDescription;
  /** Name of its lab, where the window has several. */
  readonly lab: string | undefined;
  readonly shown: boolean;
  readonly baseline: boolean;
  /** A recorded program that no preset names yet. */
  readonly recording: boolean;
  /** How many characters of the arguments other recordings of the program in the list begin with, too. */
  readonly alike: number;
}

/** Whether a run has all these words: in its name, arguments, note, tags, date, or commit. */
export function hasWords({ run, description }: Pick<RunNode, 'run' | 'description'>, words: string): boolean {
  const { preset, environment, createdAt } = run;
  const tags = (description.tags ?? []).map((tag) => `#${tag}`);
  const { title = '', note = '' } = description;
  const commit = environment.source?.commit ?? '';
  const own = [title, note, ...tags, preset.name, ...preset.args, createdAt, commit].join(' ').toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => own.includes(word));
}

/** The last row of a list that doesn't show all runs. */
export interface MoreRuns {
  /** How many aren't shown. */
  readonly more: number;
}

/** The result comes first, as in the list of presets. */
export function runItem(node: RunNode): vscode.TreeItem {
  const { run, description, lab, shown, baseline, recording, alike } = node;
  const title = runLabel(run, description.title, recording, { alike });
  const { figure = '', unit = '' } = runFigure(run) ?? {};
  const item = new vscode.TreeItem(figure ? `${figure} ${title}` : title);
  item.id = `${node.labFile} ${node.runId}`;
  item.description = [
    ...(baseline ? [vscode.l10n.t('baseline')] : []),
    // What tells runs of one program apart comes first: in a narrow view, the rest is cut off.
    ...(figure ? [unit, shortTime(run.createdAt)] : [shortTime(run.createdAt), runSummary(run)]),
    ...(figure ? [runAmount(run)] : []),
    ...(lab === undefined ? [] : [lab]),
    ...(description.tags ?? []).map((tag) => `#${tag}`),
    ...(description.note === undefined ? [] : [description.note.replace(/\s+/g, ' ')]),
  ]
    .filter(Boolean)
    .join(' · ');
  item.tooltip = new vscode.MarkdownString(tooltip(node));
  item.iconPath = new vscode.ThemeIcon(
    shown
      ? 'eye'
      : run.importedFrom !== undefined
        ? 'file-binary'
        : run.kind === 'profile'
          ? 'flame'
          : 'dashboard',
    shown ? new vscode.ThemeColor('charts.orange') : undefined,
  );
  item.contextValue = `savedRun.${run.kind}${recording ? '.recording' : ''}`;
  // Without arguments, by what is selected: VS Code forgets those of a row while it draws the list again, and a click
  // in that instant would end in an error.
  item.command = { command: commandIds.openRun, title: vscode.l10n.t('Open Run') };
  item.accessibilityInformation = {
    label: [
      title,
      runSummary(run),
      shortTime(run.createdAt),
      ...(shown ? [vscode.l10n.t('shown')] : []),
    ].join(', '),
  };
  return item;
}

function tooltip({ run, description }: RunNode): string {
  const { name, program, args } = run.preset;
  const line = program && argumentLine([program, ...args]);
  return [
    `**${escapeMarkdown(description.title ?? name)}**`,
    ...(description.note === undefined ? [] : [escapeMarkdown(description.note)]),
    ...(description.tags ? [escapeMarkdown(description.tags.map((tag) => `#${tag}`).join(' '))] : []),
    ...(line ? [escapeMarkdown(line)] : []),
    runTooltip(run),
  ].join('\n\n');
}

export function moreItem({ more }: MoreRuns): vscode.TreeItem {
  const item = new vscode.TreeItem(vscode.l10n.t('Show More'));
  item.id = 'more';
  item.description = more === 1 ? vscode.l10n.t('1 older run') : vscode.l10n.t('{0} older runs', count(more));
  item.iconPath = new vscode.ThemeIcon('ellipsis');
  item.command = { command: commandIds.showMoreRuns, title: vscode.l10n.t('Show More Runs') };
  return item;
}
