import type { Instruction } from './disassembler.js';

/** Instructions `from` up to `to`, without it, by index: entered at the first only, left at the last only. */
export interface Block {
  readonly from: number;
  readonly to: number;
}

/**
 * Calls return, so they don't end a block. Mnemonics of x86 (`j…`, `loop…`), Arm (`b`, `b.…`, `cbz`, `tbnz`), and
 * RISC-V (`b…`, `j`).
 */
const branch =
  /^(?:(?:bnd|notrack) )*(?:j(?!al)\w*|loop\w*|xbegin|b(?!lr?$|lx$)[a-z]*(?:\.\w+)?|cbn?z|tbn?z|c\.[bj]\w*)$/;
const leaves = /^(?:(?:rep\w*|bnd) )*(?:ret\w*|jmpq?|iretq?|sysret\w*|ud2|hlt|br|b|j|jr|c\.jr?)$/;

/** The address that an instruction branches to, and where in its operands that is; of a computed one undefined. */
export function branchTarget({
  mnemonic,
  operands,
}: Instruction): { readonly address: number; readonly from: number; readonly to: number } | undefined {
  if (!branch.test(mnemonic)) return undefined;
  // `1157 <main+0x1e>`, after a register or a bit where the instruction tests one.
  const found = /(?<=^|[\s,])(?:0x)?([0-9a-f]+)(?= <)/.exec(operands);
  if (!found) return undefined;
  const { 0: text, 1: digits = '', index } = found;
  return { address: parseInt(digits, 16), from: index, to: index + text.length };
}

/** Where each instruction branches to inside the list, by index; -1 for the others. */
export function branchTargets(instructions: readonly Instruction[]): Int32Array {
  const index = new Map(instructions.map(({ address }, i) => [address, i]));
  return Int32Array.from(instructions, (instruction) => {
    const target = branchTarget(instruction);
    return target === undefined ? -1 : (index.get(target.address) ?? -1);
  });
}

/** Basic blocks in the order of the code. Targets of computed jumps are unknown: their blocks may be too long. */
export function basicBlocks(instructions: readonly Instruction[], targets: Int32Array): Block[] {
  const starts = new Set<number>([0]);
  instructions.forEach(({ mnemonic }, i) => {
    const target = targets[i] as number;
    if (target >= 0) starts.add(target);
    if (branch.test(mnemonic) || leaves.test(mnemonic)) starts.add(i + 1);
  });
  const sorted = [...starts].filter((start) => start < instructions.length).sort((a, b) => a - b);
  return sorted.map((from, i) => ({ from, to: sorted[i + 1] ?? instructions.length }));
}

/** The block with most weight; undefined if none has any. */
export function hottestBlock(blocks: readonly Block[], weight: ArrayLike<number>): Block | undefined {
  let best: Block | undefined;
  let most = 0;
  for (const block of blocks) {
    let sum = 0;
    for (let i = block.from; i < block.to; i++) sum += weight[i] as number;
    if (sum > most) [best, most] = [block, sum];
  }
  return best;
}
