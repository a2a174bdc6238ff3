import path from 'node:path';
import { percent, plural } from '../../text/numbers.js';
import { escaped } from '../../text/printable.js';
import { branchArrows, type Branch } from './arrows.js';
import { branchTarget } from './blocks.js';
import type { ListingRow } from './listing.js';
import type { MachineCode } from './machineCode.js';

/** Left of the rows of the hottest block. */
export const blockMark = '▌';

/** A row of a listing as text. */
export interface CodeRow {
  readonly text: string;
  /** Of a branch inside the symbol: where in the text its target's address is. */
  readonly target: { readonly from: number; readonly to: number } | undefined;
}

/**
 * The rows of a listing as texts, the same in terminal and editor: share, hottest block, branches, address, instruction.
 * @param lanes branches beside one another, at most
 */
export function codeRows(code: MachineCode, rows: readonly ListingRow[], lanes: number): CodeRow[] {
  const { instructions, hottest } = code;
  const arrows = branchArrows(branchesOf(code, rows), rows.length, lanes);
  const width = Math.max(0, ...instructions.slice(-1).map(({ address }) => address.toString(16).length));
  let next = instructions.length;
  const inBlock = new Uint8Array(rows.length);
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as ListingRow;
    const own = row.kind === 'instruction';
    if (own) next = row.index;
    // What stands above the first instruction of the block doesn't belong to it.
    if (hottest && next < hottest.to && next >= hottest.from + (own ? 0 : 1)) inBlock[i] = 1;
  }
  return rows.map((row, i) => {
    const left = `${inBlock[i] === 1 ? blockMark : ' '}${arrows[i] ?? ''}`;
    return rowText(row, code, left, width);
  });
}

/** By row. What is listed as skipped stands for all instructions in it. */
function branchesOf({ targets, instructions }: MachineCode, rows: readonly ListingRow[]): Branch[] {
  const rowOf = new Int32Array(instructions.length);
  let next = 0;
  rows.forEach((row, i) => {
    if (row.kind === 'instruction') next = row.index;
    const length = row.kind === 'instruction' ? 1 : row.kind === 'skipped' ? row.count : 0;
    rowOf.fill(i, next, next + length);
    next += length;
  });
  const branches: Branch[] = [];
  targets.forEach((target, i) => {
    if (target >= 0) branches.push({ from: rowOf[i] as number, to: rowOf[target] as number });
  });
  return branches;
}

function rowText(row: ListingRow, code: MachineCode, left: string, width: number): CodeRow {
  const other = (text: string): CodeRow => ({
    text: escaped(`${''.padStart(8)}${left} ${text}`),
    target: undefined,
  });
  switch (row.kind) {
    case 'skipped':
      return other(`⋮ ${plural(row.count, 'instruction')} without cost`);
    case 'inlined':
      // The outermost is the symbol itself: where the width ends, the innermost one says more.
      return other(row.names.length > 1 ? `▸ ${row.names.slice(1).join(' ▸ ')}` : row.names.join(''));
    case 'source':
      return other(
        `${path.basename(row.file)}:${row.line}  ${(row.text ?? '').trim().replaceAll('\t', ' ')}`,
      );
    case 'instruction':
      return instructionText(row.index, code, left, width);
  }
}

function instructionText(
  index: number,
  { instructions, weight, symbolWeight, targets }: MachineCode,
  left: string,
  width: number,
): CodeRow {
  const instruction = instructions[index] as MachineCode['instructions'][number];
  const { address, mnemonic, operands } = instruction;
  const cost = weight[index] as number;
  const share = cost > 0 ? percent(cost / symbolWeight) : '';
  const before = escaped(
    `${share.padStart(7)} ${left} ${address.toString(16).padStart(width)}  ${mnemonic.padEnd(7)} `,
  );
  const target = targets[index] as number;
  const to = branchTarget(instruction);
  if (to === undefined) return { text: `${before}${escaped(operands)}`.trimEnd(), target: undefined };
  if (target < 0) return { text: `${before}${escaped(operands)} ↗`, target: undefined };
  // Inside the function, its name says nothing.
  const from = before.length + escaped(operands.slice(0, to.from)).length;
  const way = target === index ? '↻' : target < index ? '↑' : '↓';
  const text = `${before}${escaped(operands.slice(0, to.to))} ${way}`;
  return { text, target: { from, to: from + to.to - to.from } };
}
