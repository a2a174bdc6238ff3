import * as vscode from 'vscode';
import { shortTime } from '../../text/dates.js';
import { escapeMarkdown, inlineCode, markdownTable } from '../../text/markdown.js';
import { count, digits3, percent } from '../../text/numbers.js';
import type { AnnotatedLine, FunctionCost, LineCost } from '../runs/shown/sourceCosts.js';
import { sampleCount } from '../shared/runTexts.js';

/** What the hover needs to know about the run beside the line itself. */
export interface HoverRun {
  readonly preset: string;
  readonly createdAt: string;
  readonly event: string;
  readonly fallback: { readonly requested: string; readonly reason: string } | undefined;
  readonly samples: number;
  /** Of an exact count: instructions per operation of the whole, where operations are known. */
  readonly perOp?: number | undefined;
  /** The weights are complete counts: numbers of samples mean nothing. */
  readonly exact?: boolean | undefined;
  /** The source was edited after the profile was recorded. */
  readonly stale: boolean;
}

/** The hover of a line, as Markdown. `link` makes the target of "Show in flame graph". */
export function hoverText(line: AnnotatedLine, run: HoverRun, link: (func: number) => string): string {
  const blocks: string[] = [];
  const [hottest] = line.functions;
  if (hottest) blocks.push(functionTable(line.functions, run, link));
  if (line.cost) blocks.push(lineSentence(line.cost, run));
  if (hottest) blocks.push(`[$(flame) ${vscode.l10n.t('Show in flame graph')}](${link(hottest.func)})`);
  blocks.push(`---\n\n${footer(run)}`);
  if (run.stale) {
    blocks.push(
      `$(warning) ${vscode.l10n.t('The source has changed since this profile. Profile again to update.')}`,
    );
  }
  return blocks.join('\n\n');
}

function functionTable(
  functions: readonly FunctionCost[],
  run: HoverRun,
  link: (func: number) => string,
): string {
  // Of an exact count without operations there is no third figure.
  const third = !run.exact
    ? { head: vscode.l10n.t('Self samples'), of: (f: FunctionCost) => count(f.selfSamples) }
    : run.perOp === undefined
      ? undefined
      : { head: vscode.l10n.t('Self/op'), of: (f: FunctionCost) => perOp(f.selfPercent, run.perOp) };
  const tip = vscode.l10n.t('Show in flame graph');
  return markdownTable(
    [
      vscode.l10n.t('Function'),
      vscode.l10n.t('Self'),
      vscode.l10n.t('Total'),
      ...(third ? [third.head] : []),
      vscode.l10n.t('Category'),
    ].map(spaced),
    [':--', '--:', '--:', ...(third ? (['--:'] as const) : []), ':--'],
    functions.map((f) =>
      [
        `[${inlineCode(f.name)}](${link(f.func)} "${tip}")`,
        percent(f.selfPercent / 100),
        percent(f.totalPercent / 100),
        ...(third ? [third.of(f)] : []),
        escapeMarkdown(f.category),
      ].map(spaced),
    ),
  );
}

function lineSentence({ selfPercent, samples, functions }: LineCost, run: HoverRun): string {
  const share = `**${percent(selfPercent / 100)}**`;
  const names = functions
    .slice(0, 5)
    .map(({ name, percent: part }) =>
      functions.length > 1 ? `${inlineCode(name)} ${percent(part / 100)}` : inlineCode(name),
    )
    .join(', ');
  if (!run.exact) {
    const [here, all] = [count(samples), count(run.samples)];
    return vscode.l10n.t('{0} on this line: {1} of {2} samples, in {3}', share, here, all, names);
  }
  if (run.perOp === undefined) return vscode.l10n.t('{0} on this line, in {1}', share, names);
  const instructions = perOp(selfPercent, run.perOp);
  return vscode.l10n.t('{0} on this line: {1} instructions/op, in {2}', share, instructions, names);
}

function footer(run: HoverRun): string {
  const event = run.fallback
    ? vscode.l10n.t(
        '{0} instead of {1}: {2}',
        inlineCode(run.event),
        inlineCode(run.fallback.requested),
        escapeMarkdown(run.fallback.reason),
      )
    : inlineCode(run.event);
  const parts = [escapeMarkdown(run.preset), shortTime(run.createdAt)];
  if (!run.exact) parts.push(sampleCount(run.samples));
  else if (run.perOp !== undefined) parts.push(vscode.l10n.t('{0} instructions/op', digits3(run.perOp)));
  return [...parts, event].join(' · ');
}

function perOp(selfPercent: number, all: number | undefined): string {
  return digits3((selfPercent / 100) * (all ?? 0));
}

/** Hovers draw tables without any space between the columns. */
function spaced(cell: string): string {
  return `${cell}&nbsp;&nbsp;`;
}
