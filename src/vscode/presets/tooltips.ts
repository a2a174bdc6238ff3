import * as vscode from 'vscode';
import type { Preset } from '../../core/lab/labFile.js';
import type { RunDocument } from '../../model/run.js';
import { throughputText } from '../../text/benchTexts.js';
import { shortTime } from '../../text/dates.js';
import { escapeMarkdown, inlineCode, markdownTable, shellBlock } from '../../text/markdown.js';
import { bytes, count, scaled } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import { ownResult, sampleCount } from '../shared/runTexts.js';

/** The tooltip of a preset, as Markdown. */
export function presetTooltip(preset: Preset, last: RunDocument | undefined): string {
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
  blocks.push('---', last ? runTooltip(last) : vscode.l10n.t('Not run yet.'));
  return blocks.join('\n\n');
}

/** What a run found, as Markdown. */
export function runTooltip(run: RunDocument): string {
  const blocks = [runHeading(run)];
  if (run.importedFrom !== undefined) {
    blocks.push(vscode.l10n.t('From {0}', escapeMarkdown(run.importedFrom)));
  }
  const own = ownResult(run);
  if (own) {
    blocks.push(
      vscode.l10n.t(
        '{0}, peak {1} resident',
        `**${throughputText(own.opsPerSec)}**`,
        bytes(own.peakRssBytes),
      ),
      vscode.l10n.t('Repeats: {0}', own.opsPerSec.samples.map(scaled).join(', ')),
    );
  }
  for (const { allocator, opsPerSec } of run.results.slice(1)) {
    blocks.push(`${escapeMarkdown(allocator)}: ${throughputText(opsPerSec)}`);
  }
  if (run.samples !== null) blocks.push(sampleCount(run.samples));
  const { host, compiler, perf } = run.environment;
  const facts = [host?.cpu, host && vscode.l10n.t('{0} cores', count(host.cores)), compiler, perf];
  const known = facts.filter((fact) => typeof fact === 'string' && fact !== '');
  if (known.length > 0) blocks.push(known.map((fact) => escapeMarkdown(String(fact))).join(' · '));
  return blocks.join('\n\n');
}

function runHeading({ importedFrom, kind, createdAt }: RunDocument): string {
  const time = shortTime(createdAt);
  if (importedFrom !== undefined) return vscode.l10n.t('Opened {0}', time);
  return kind === 'profile' ? vscode.l10n.t('Profiled {0}', time) : vscode.l10n.t('Run {0}', time);
}
