import * as vscode from 'vscode';
import type { RunDocument } from '../../../model/run.js';
import { figureOf, intervalText, memoryText } from '../../../text/benchTexts.js';
import { dateTime, shortTime } from '../../../text/dates.js';
import { escapeMarkdown, markdownTable, shellBlock } from '../../../text/markdown.js';
import { bytes, count } from '../../../text/numbers.js';
import { shellWord } from '../../../text/shellWord.js';
import type { ReadOnlyDocuments } from '../../shared/readOnlyDocuments.js';

export function showRunReport(documents: ReadOnlyDocuments, run: RunDocument): Promise<void> {
  return documents.preview(`${run.preset.name} ${shortTime(run.createdAt)}`, runReport(run));
}

/** The results of a benchmark run as a page of Markdown: what was measured, under what, where. */
export function runReport(run: RunDocument): string {
  const { preset, environment } = run;
  return [
    `# ${escapeMarkdown(preset.name)}`,
    `${escapeMarkdown(preset.description)}\n\n${dateTime(run.createdAt)}`,
    resultTable(run),
    `## ${vscode.l10n.t('Environment')}`,
    shellBlock([preset.program, ...preset.args].map(shellWord).join(' ')),
    markdownTable(
      [vscode.l10n.t('Variable'), vscode.l10n.t('Value')],
      [':--', ':--'],
      Object.entries(environment.variables).map((pair) => pair.map(escapeMarkdown)),
    ),
    machineTable(run),
    '',
  ].join('\n\n');
}

function resultTable({ results }: RunDocument): string {
  return markdownTable(
    [
      vscode.l10n.t('Allocator'),
      vscode.l10n.t('Result'),
      vscode.l10n.t('Interval of the median'),
      vscode.l10n.t('Repeats'),
      vscode.l10n.t('Peak resident'),
    ],
    [':--', '--:', '--:', ':--', '--:'],
    results.map((result) => {
      const { statistics, format, short } = figureOf(result);
      return [
        escapeMarkdown(result.allocator),
        `**${format(statistics.median)}**`,
        intervalText(statistics, short),
        statistics.samples.map(short).join(', '),
        memoryText(result.peakRssBytes),
      ];
    }),
  );
}

function machineTable({ environment: { host, compiler } }: RunDocument): string {
  const rows = [[vscode.l10n.t('Compiler'), escapeMarkdown(compiler ?? vscode.l10n.t('unknown'))]];
  if (host) {
    rows.unshift(
      [
        vscode.l10n.t('Processor'),
        vscode.l10n.t('{0}, {1} cores', escapeMarkdown(host.cpu), count(host.cores)),
      ],
      [vscode.l10n.t('Memory'), bytes(host.memoryBytes)],
      [vscode.l10n.t('Kernel'), escapeMarkdown(host.kernel)],
    );
  }
  return markdownTable([vscode.l10n.t('Machine'), ''], [':--', ':--'], rows);
}
