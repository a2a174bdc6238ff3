import path from 'node:path';
import * as vscode from 'vscode';
import { blockMark, codeRows, type CodeRow } from '../../core/machineCode/codeRow.js';
import type { ListingRow } from '../../core/machineCode/listing.js';
import type { MachineCode } from '../../core/machineCode/machineCode.js';
import type { SymbolFrame } from '../../core/symbols/symbolTool.js';
import type { ProfileEvent } from '../../model/profile.js';
import { countedThing } from '../../text/eventTexts.js';
import { shortName } from '../../text/names.js';
import { count, percent } from '../../text/numbers.js';
import { escaped } from '../../text/printable.js';

/** Machine code as a document: a text, and what its lines are. Lines are 0-based. */
export interface CodeDocument {
  readonly text: string;
  readonly code: MachineCode;
  /** The instruction in a line; -1 for other lines. */
  readonly instructionAt: Int32Array;
  /** The line of each instruction. */
  readonly lineOf: Int32Array;
  readonly rows: readonly ListingRow[];
  /** The rows as they are written. */
  readonly written: readonly CodeRow[];
  /** Lines before the first row. */
  readonly heading: number;
}

/** Branches beside one another: more are rarely nested, and would push the instructions away. */
const lanes = 8;
/** Characters of a line of the heading. */
const headingWidth = 48;
/** Inlined functions that are named where there are many. */
const innermost = 2;

export function codeDocument(
  code: MachineCode,
  rows: readonly ListingRow[],
  about: { readonly event: ProfileEvent; readonly samples: number },
): CodeDocument {
  const heading = headingOf(code, about).flatMap((line) => wrapped(escaped(line)));
  const written = codeRows(code, rows.map(shortened), lanes);
  const instructionAt = new Int32Array(heading.length + rows.length).fill(-1);
  const lineOf = new Int32Array(code.instructions.length).fill(-1);
  rows.forEach((row, i) => {
    if (row.kind !== 'instruction') return;
    instructionAt[heading.length + i] = row.index;
    lineOf[row.index] = heading.length + i;
  });
  const text = `${[...heading, ...written.map((row) => row.text)].join('\n')}\n`;
  return { text, code, instructionAt, lineOf, rows, written, heading: heading.length };
}

/** Beside its source the machine code is narrow. The hover has all of the functions, with their whole names. */
function shortened(row: ListingRow): ListingRow {
  if (row.kind !== 'inlined') return row;
  const [outermost, ...inlined] = row.names.map((name) => shortName(name));
  if (outermost === undefined) return row;
  const last = inlined.slice(-innermost);
  const leftOut = inlined.length - last.length;
  return { kind: 'inlined', names: [outermost, ...(leftOut > 0 ? [`… ${count(leftOut)} …`] : []), ...last] };
}

/** Beside the source, the heading would be cut off in the middle of its sentences. */
function wrapped(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) as string;
    if (last !== '' && last.length + 1 + word.length > headingWidth) lines.push(`  ${word}`);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}

function headingOf(
  { symbol, module, symbolWeight, all, hottest, instructions, weight, copies, samples, targets }: MachineCode,
  { event, samples: of }: { readonly event: ProfileEvent; readonly samples: number },
): string[] {
  const share = percent(all === 0 ? 0 : symbolWeight / all);
  const taken = samples?.reduce((sum, one) => sum + one, 0);
  const [own, whole] = [count(symbolWeight), `${count(all)} ${countedThing(event) ?? event.name}`];
  const lines = [
    vscode.l10n.t('{0} in {1}', symbol, path.basename(module)),
    taken === undefined
      ? vscode.l10n.t('{0} of the profile: {1} of {2}. Shares below are of this function.', share, own, whole)
      : vscode.l10n.t(
          '{0} of the profile: {1} of {2} samples of {3}. Shares below are of this function.',
          share,
          count(taken),
          count(of),
          event.name,
        ),
  ];
  if (hottest) {
    const block = weight.subarray(hottest.from, hottest.to).reduce((sum, one) => sum + one, 0);
    const [from, to] = [hottest.from, hottest.to - 1].map((i) => instructions[i]?.address.toString(16) ?? '');
    const marked = percent(symbolWeight === 0 ? 0 : block / symbolWeight);
    lines.push(
      vscode.l10n.t('Hottest block (marked {3}): {0}–{1}, {2}.', from ?? '', to ?? '', marked, blockMark),
    );
  }
  if (copies.length > 1) {
    const others = copies.filter((copy) => copy.symbol !== symbol);
    const named = others.slice(0, 3).map((copy) => `${copy.symbol} ${percent(copy.weight / all)}`);
    if (others.length > named.length) named.push('…');
    if (named.length > 0) lines.push(vscode.l10n.t('Also in: {0}', named.join(', ')));
  }
  if (targets.some((target) => target >= 0))
    lines.push(
      vscode.l10n.t('Arrows are branches, · is the end of one that is not drawn, ↗ leaves the function.'),
    );
  if (samples)
    lines.push(
      vscode.l10n.t('A sample may count for the instruction after the one that took the time (skid).'),
    );
  return [...lines, ''];
}

/** A line of the source: the file as the debug information names it. */
export interface CodePlace {
  readonly file: string;
  readonly line: number;
}

/** Where a line of the document comes from: of an instruction, the innermost inlined function first. */
export function placesAt({ rows, heading, code }: CodeDocument, line: number): CodePlace[] {
  const row = rows[line - heading];
  if (row?.kind === 'source') return [{ file: row.file, line: row.line }];
  if (row?.kind !== 'instruction') return [];
  return (code.frames[row.index] ?? []).flatMap(({ file, line: at }) =>
    file !== undefined && at > 0 ? [{ file, line: at }] : [],
  );
}

/** The lines of the instructions that come from a source line, whatever was inlined there. */
export function linesFrom({ code, lineOf }: CodeDocument, isThere: (place: CodePlace) => boolean): number[] {
  return code.frames.flatMap((frames, i) => {
    const there = frames.some(({ file, line }) => file !== undefined && isThere({ file, line }));
    return there ? [lineOf[i] as number] : [];
  });
}

/** The instruction with most cost of those from a source line, the innermost function's first; else of all. */
export function hottestFrom({ weight, frames }: MachineCode, place: CodePlace | undefined): number {
  const isHere = (at: SymbolFrame | undefined) =>
    place !== undefined && at?.file === place.file && at.line === place.line;
  const own = frames.map(([inner]) => isHere(inner));
  const around = own.includes(true) ? own : frames.map((chain) => chain.some(isHere));
  const anywhere = !around.includes(true);
  let best = -1;
  weight.forEach((cost, i) => {
    if ((anywhere || around[i] === true) && cost > (weight[best] ?? -1)) best = i;
  });
  return Math.max(0, best);
}
