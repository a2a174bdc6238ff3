import path from 'node:path';
import { percent, plural } from '../../text/numbers.js';
import { escaped } from '../../text/printable.js';
import type { ListingRow } from './listing.js';
import type { MachineCode } from './machineCode.js';

/** A row of a listing as text, the same in terminal and editor: share, hottest block, branch target, address, instruction. */
export function rowWriter(code: MachineCode): (row: ListingRow) => string {
  const jumpedTo = new Set(code.targets.filter((target) => target >= 0));
  const width = Math.max(0, ...code.instructions.slice(-1).map(({ address }) => address.toString(16).length));
  return (row) => escaped(rowText(row, code, jumpedTo, width));
}

function rowText(
  row: ListingRow,
  { instructions, weight, symbolWeight, hottest, targets }: MachineCode,
  jumpedTo: ReadonlySet<number>,
  width: number,
): string {
  switch (row.kind) {
    case 'skipped':
      return `         ⋮ ${plural(row.count, 'instruction')} without cost`;
    case 'inlined':
      return `         ${row.names.join(' ▸ ')}`;
    case 'source':
      return `         ${path.basename(row.file)}:${row.line}  ${(row.text ?? '').trim().replaceAll('\t', ' ')}`;
    case 'instruction': {
      const { index } = row;
      const { address, mnemonic, operands } = instructions[index] as MachineCode['instructions'][number];
      const cost = weight[index] as number;
      const share = cost > 0 ? percent(cost / symbolWeight) : '';
      const block = hottest && index >= hottest.from && index < hottest.to ? '│' : ' ';
      const target = targets[index] as number;
      const way = target < 0 ? '' : target <= index ? ' ↑' : ' ↓';
      const entry = jumpedTo.has(index) ? '→' : ' ';
      // Of a branch inside the function, the name of the function says nothing.
      const shown = target < 0 ? operands : operands.replace(/ <.*>$/, '');
      const text = `${mnemonic.padEnd(7)} ${shown}`.trimEnd();
      return `${share.padStart(7)} ${block}${entry}${address.toString(16).padStart(width)}  ${text}${way}`;
    }
  }
}
