import * as vscode from 'vscode';
import type { RunDocument, SourceState } from '../../../model/run.js';
import { figureOf, memoryText, resultDetails } from '../../../text/benchTexts.js';
import { shortTime } from '../../../text/dates.js';
import { escapeMarkdown } from '../../../text/markdown.js';
import { count } from '../../../text/numbers.js';
import { ownResult, runAmount } from '../../shared/runTexts.js';

/** Of a commit, as Git abbreviates them in large repositories. */
const shownDigits = 12;

/** What a run found, as Markdown. */
export function runTooltip(run: RunDocument): string {
  const blocks = [runHeading(run)];
  if (run.importedFrom !== undefined) {
    blocks.push(vscode.l10n.t('From {0}', escapeMarkdown(run.importedFrom)));
  }
  const own = ownResult(run);
  if (own) {
    blocks.push(
      vscode.l10n.t('{0}, peak {1} resident', `**${resultDetails(own)}**`, memoryText(own.peakRssBytes)),
      vscode.l10n.t('Repeats: {0}', figureOf(own).statistics.samples.map(figureOf(own).short).join(', ')),
    );
  }
  for (const competitor of run.results.slice(1)) {
    blocks.push(`${escapeMarkdown(competitor.allocator)}: ${resultDetails(competitor)}`);
  }
  if (run.samples !== null) blocks.push(amountOf(run));
  const { host, compiler, perf, source } = run.environment;
  if (source) blocks.push(commitText(source));
  const facts = [host?.cpu, host && vscode.l10n.t('{0} cores', count(host.cores)), compiler, perf];
  const known = facts.filter((fact) => typeof fact === 'string' && fact !== '');
  if (known.length > 0) blocks.push(known.map((fact) => escapeMarkdown(String(fact))).join(' · '));
  return blocks.join('\n\n');
}

function amountOf(run: RunDocument): string {
  const { samples, counted, events = [] } = run;
  const amount = escapeMarkdown(runAmount({ samples, ...(counted && { counted }) }));
  return counted !== undefined || events.length === 0
    ? amount
    : vscode.l10n.t('{0} of {1}', amount, events.map(escapeMarkdown).join(', '));
}

function commitText({ commit, diffHash }: SourceState): string {
  const short = commit.slice(0, shownDigits);
  return diffHash === undefined
    ? vscode.l10n.t('Commit {0}', short)
    : vscode.l10n.t('Commit {0} with uncommitted changes', short);
}

function runHeading({ importedFrom, kind, createdAt }: RunDocument): string {
  const time = shortTime(createdAt);
  if (importedFrom !== undefined) return vscode.l10n.t('Opened {0}', time);
  return kind === 'profile' ? vscode.l10n.t('Profiled {0}', time) : vscode.l10n.t('Run {0}', time);
}
