import * as vscode from 'vscode';
import { shortTime } from '../../text/dates.js';
import { escapeMarkdown, inlineCode, markdownTable } from '../../text/markdown.js';
import { wilsonInterval } from '../../statistics/estimate.js';
import { shortName } from '../../text/names.js';
import { count, digits3, percent, scaled } from '../../text/numbers.js';
import type { Difference } from './annotatedDocument.js';
import type { HotInstruction } from './hotInstructions.js';
import type { AnnotatedLine, FunctionCost, LineCost } from '../runs/shown/sourceCosts.js';
import { sampleCount } from '../shared/runTexts.js';

const zeroWidthSpace = '\u200b';

/** What the hover needs to know about the run beside the line itself. */
export interface HoverRun {
  readonly preset: string;
  readonly createdAt: string;
  readonly event: string;
  readonly fallback: { readonly requested: string; readonly reason: string } | undefined;
  readonly samples: number;
  /** Of an exact count: instructions per operation of the whole, where operations are known. */
  readonly perOp?: number | undefined;
  /** Of an exact count: how much of what was counted. */
  readonly counted?: { readonly amount: number; readonly thing: string } | undefined;
  /** The weights are complete counts: numbers of samples mean nothing. */
  readonly exact?: boolean | undefined;
  /** The function was edited after it was profiled. */
  readonly edited: boolean;
  readonly difference: Difference | undefined;
  /** The differences to another run, as Markdown; undefined where shares are shown. */
  readonly comparison?: string | undefined;
  /** The hottest ones of the line. */
  readonly instructions?: readonly HotInstruction[];
  /** Of the hottest function of the line. */
  readonly relations: Relations | undefined;
}

/** A function beside another, with the share of the profile that both are in. */
export interface Relation {
  readonly func: number;
  readonly name: string;
  /** 0..1 */
  readonly share: number;
}

interface Relations {
  readonly callers: readonly Relation[];
  readonly callees: readonly Relation[];
  readonly inlinedInto: readonly Relation[];
  /** From the start of the program to the function; undefined where it says no more than the callers. */
  readonly path?:
    | { readonly first: readonly Relation[]; readonly leftOut: number; readonly last: readonly Relation[] }
    | undefined;
}

/** Targets of links, by function. */
export interface HoverLinks {
  readonly flameGraph: (func: number) => string;
  readonly source: (func: number) => string;
  /** The list of all callers on the hottest path. */
  readonly path: (func: number) => string;
  /** Undefined for a profile without addresses. */
  readonly code: ((func: number) => string) | undefined;
  readonly whatIf: (func: number) => string;
  readonly profileAgain: string;
  /** The profiled version beside that of now; undefined if it can't be known. */
  readonly compare: string | undefined;
}

/** The hover of a line, as Markdown. */
export function hoverText(line: AnnotatedLine, run: HoverRun, links: HoverLinks): string {
  const blocks: string[] = [];
  // First: the end of a long hover is below its edge.
  const changed = changeText(run);
  if (changed !== undefined) {
    const again = `[${vscode.l10n.t('Profile Again')}](${links.profileAgain})`;
    const compare = links.compare && `[${vscode.l10n.t('Compare with Profiled Version')}](${links.compare})`;
    blocks.push(`$(warning) ${changed} ${[again, ...(compare ? [compare] : [])].join(' · ')}`);
  }
  const func = line.functions[0]?.func ?? line.cost?.functions[0]?.func ?? line.cost?.func;
  if (line.functions.length > 0) blocks.push(functionTable(line.functions, run, links.flameGraph));
  if (line.cost) blocks.push(...lineSentences(line.cost, run));
  if (run.instructions?.length) blocks.push(instructionsLine(run.instructions));
  if (run.comparison !== undefined) blocks.push(run.comparison);
  if (run.relations) blocks.push(...relationLines(run.relations, links));
  if (func !== undefined) blocks.push(actions(func, links));
  blocks.push(`---\n\n${footer(run)}`);
  return blocks.join('\n\n');
}

function instructionsLine(instructions: readonly HotInstruction[]): string {
  const list = instructions.map(({ text, share }) => `${inlineCode(text)} ${percent(share)}`).join(', ');
  return vscode.l10n.t('Hottest instructions: {0}', list);
}

function changeText({ edited, difference }: HoverRun): string | undefined {
  if (edited) return vscode.l10n.t('This function was edited since.');
  if (difference === 'edited') return vscode.l10n.t('Other parts of this file were edited since.');
  return difference && vscode.l10n.t('Another version of this file was profiled: lines have no figures.');
}

function relationLines({ callers, callees, inlinedInto, path }: Relations, links: HoverLinks): string[] {
  const list = (relations: readonly Relation[]) =>
    relations
      .map(({ func, name, share }) => `[${inlineCode(name)}](${links.source(func)}) ${percent(share)}`)
      .join(', ');
  // Two spaces and a break: lines of one paragraph.
  const lines = [
    ...(callers.length > 0 ? [vscode.l10n.t('Called by {0}', list(callers))] : []),
    ...(callees.length > 0 ? [vscode.l10n.t('Calls {0}', list(callees))] : []),
    ...(inlinedInto.length > 0 ? [vscode.l10n.t('Inlined into {0}', list(inlinedInto))] : []),
    ...(path ? [vscode.l10n.t('Hottest path: {0}', pathText(path, links))] : []),
  ];
  return lines.length > 0 ? [lines.join('  \n')] : [];
}

function pathText({ first, leftOut, last }: NonNullable<Relations['path']>, links: HoverLinks): string {
  const step = ({ func, name, share }: Relation) =>
    `[${inlineCode(name)}](${links.source(func)} "${percent(share)}")`;
  const end = last.at(-1) ?? first.at(-1);
  const tip = vscode.l10n.t('Show Hottest Path to This Function');
  const elided = leftOut > 0 && end ? [`[… ${count(leftOut)} …](${links.path(end.func)} "${tip}")`] : [];
  return [...first.map(step), ...elided, ...last.map(step)].join(' › ');
}

function actions(func: number, links: HoverLinks): string {
  return [
    `[$(flame) ${vscode.l10n.t('Show in Flame Graph')}](${links.flameGraph(func)})`,
    ...(links.code ? [`[$(file-binary) ${vscode.l10n.t('Show Machine Code')}](${links.code(func)})`] : []),
    `[$(beaker) ${vscode.l10n.t('What If')}](${links.whatIf(func)})`,
  ].join('&nbsp;&nbsp; ');
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
  const tip = vscode.l10n.t('Show in Flame Graph');
  const names = namesInHover(functions);
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
        `[${inlineCode(names.get(f) ?? f.name)}](${link(f.func)} "${tip}")`,
        percent(f.selfPercent / 100),
        percent(f.totalPercent / 100),
        ...(third ? [third.of(f)] : []),
        escapeMarkdown(f.category),
      ].map(spaced),
    ),
  );
}

function lineSentences(cost: LineCost, run: HoverRun): string[] {
  const { selfPercent, samples, totalPercent, totalSamples } = cost;
  const sentences: string[] = [];
  if (selfPercent > 0) sentences.push(selfSentence(cost, run));
  if (totalSamples > samples) {
    const share = `**${percent(totalPercent / 100)}**`;
    sentences.push(
      run.exact
        ? vscode.l10n.t('{0} with what this line calls', share)
        : vscode.l10n.t('{0} with what this line calls: {1}', share, sampleCount(totalSamples)),
    );
  }
  return sentences;
}

function selfSentence({ selfPercent, samples, functions }: LineCost, run: HoverRun): string {
  const share = `**${percent(selfPercent / 100)}**`;
  const named = functions.slice(0, 5);
  const short = namesInHover(named);
  const names = named
    .map((f) => {
      const name = inlineCode(short.get(f) ?? f.name);
      return functions.length > 1 ? `${name} ${percent(f.percent / 100)}` : name;
    })
    .join(', ');
  if (!run.exact) {
    const { low, high } = wilsonInterval(selfPercent / 100, run.samples);
    return vscode.l10n.t(
      '{0} on this line: {1} of {2} samples (95% CI {3}–{4}), in {5}',
      share,
      count(samples),
      count(run.samples),
      percent(low),
      percent(high),
      names,
    );
  }
  if (run.perOp === undefined) {
    if (!run.counted) return vscode.l10n.t('{0} on this line, in {1}', share, names);
    const { amount, thing } = run.counted;
    const own = count(Math.round((selfPercent / 100) * amount));
    return vscode.l10n.t('{0} on this line: {1} {2}, in {3}', share, own, thing, names);
  }
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
  else if (run.counted) parts.push(`${scaled(run.counted.amount)} ${escapeMarkdown(run.counted.thing)}`);
  return [...parts, event].join(' · ');
}

function perOp(selfPercent: number, all: number | undefined): string {
  return digits3((selfPercent / 100) * (all ?? 0));
}

/**
 * Short names, so that a signature doesn't push the figures out of the hover; whole ones where only these differ, which may
 * be broken where they have no space.
 */
function namesInHover<T extends { readonly name: string }>(functions: readonly T[]): ReadonlyMap<T, string> {
  const short = functions.map(({ name }) => shortName(name));
  const differ = new Set(short).size === short.length;
  const names = functions.map(({ name }, i) =>
    differ ? (short[i] ?? name) : name.replace(/[,<(](?!\s)|::/g, `$&${zeroWidthSpace}`),
  );
  return new Map(functions.map((f, i) => [f, names[i] ?? f.name]));
}

/** Hovers draw tables without any space between the columns. */
function spaced(cell: string): string {
  return `${cell}&nbsp;&nbsp;`;
}
