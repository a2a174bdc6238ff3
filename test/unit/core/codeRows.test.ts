import { describe, expect, it } from 'vitest';
import { basicBlocks, branchTargets, hottestBlock } from '../../../src/core/machineCode/blocks.js';
import { codeRows } from '../../../src/core/machineCode/codeRow.js';
import type { Instruction } from '../../../src/core/machineCode/disassembler.js';
import { listing } from '../../../src/core/machineCode/listing.js';
import type { MachineCode } from '../../../src/core/machineCode/machineCode.js';

/** @param lines `address mnemonic operands`, with a cost after `@` */
function codeOf(...lines: string[]): MachineCode {
  const instructions = lines.map((line): Instruction => {
    const [address = '', mnemonic = '', ...operands] = line.replace(/ *@.*/, '').split(' ');
    return { address: parseInt(address, 16), mnemonic, operands: operands.join(' ') };
  });
  const weight = Float64Array.from(lines, (line) => Number(/@(\d+)/.exec(line)?.[1] ?? 0));
  const targets = branchTargets(instructions);
  return {
    instructions,
    weight,
    targets,
    symbolWeight: weight.reduce((sum, one) => sum + one, 0),
    hottest: hottestBlock(basicBlocks(instructions, targets), weight),
    frames: instructions.map(() => []),
  } as unknown as MachineCode;
}
const none = { lines: () => Promise.resolve(undefined) };

describe('the rows of machine code', () => {
  it('have the back edge of a loop, the hottest block, and a name for what leaves the function', async () => {
    const code = codeOf(
      '10 xor eax,eax',
      '12 add eax,[rdi] @3',
      '15 jne 12 <f+0x2> @1',
      '17 je 40 <f.cold>',
      '19 jmp 19 <f+0x9>',
    );
    const rows = codeRows(code, await listing(code, none, true), 8);
    expect(rows.map(({ text }) => text)).toEqual([
      '             10  xor     eax,eax',
      '  75.0% ▌┌─> 12  add     eax,[rdi]',
      '  25.0% ▌└── 15  jne     12 ↑',
      '             17  je      40 <f.cold> ↗',
      '             19  jmp     19 ↻',
    ]);
  });

  it('say where in the text the address of the target is, whatever repeats it', async () => {
    const code = codeOf('7a4 tbnz w7, #5, 7b0 <f<7b0>(int)+0xc>', '7b0 ret ');
    const [row] = codeRows(code, await listing(code, none, true), 8);
    const { from = 0, to = 0 } = row?.target ?? {};
    expect(row?.text).toBe('         ┌── 7a4  tbnz    w7, #5, 7b0 ↓');
    expect([from, row?.text.slice(from, to)]).toEqual([row?.text.lastIndexOf('7b0'), '7b0']);
  });

  it('lead to what is listed as skipped', async () => {
    const cold = Array.from({ length: 30 }, (_, i) => `${(0x20 + i).toString(16)} nop`);
    const code = codeOf('10 test eax,eax @9', '12 jne 30 <f+0x20>', ...cold, '60 ret ');
    const rows = codeRows(code, await listing(code, none, false), 4);
    expect(rows.map(({ text }) => text).filter((text) => /jne|⋮/.test(text))).toEqual([
      '        ▌┌── 12  jne     30 ↓',
      '         └─> ⋮ 28 instructions without cost',
    ]);
  });
});
