import type { EventProfile } from '../../model/profile.js';
import { fileOf } from '../symbols/modules.js';
import type { TaskContext } from '../context.js';
import { findDisassembler, type Instruction, type Syntax } from './disassembler.js';

/** Bytes that hold an instruction of any processor, and of x86 the longest. */
const longest = 16;

/**
 * The instructions at some addresses of a profile, without the functions around them: quick also in large programs.
 * @param at indices into the profile's addresses
 * @throws NotReadable, LabError `tool-missing`, `canceled`
 */
export async function singleInstructions(
  { addresses, strings }: Pick<EventProfile, 'addresses' | 'strings'>,
  at: readonly number[],
  syntax: Syntax,
  context: Pick<TaskContext, 'signal'>,
): Promise<Instruction[]> {
  if (!addresses) return [];
  const disassemble = await findDisassembler();
  return Promise.all(
    at.map(async (a) => {
      const start = addresses.address[a] as number;
      const file = await fileOf(
        strings[addresses.module[a] as number] ?? '',
        strings[addresses.buildId[a] ?? -1],
      );
      const [first] = await disassemble(file, { start, end: start + longest }, syntax, context);
      return first ?? { address: start, mnemonic: '', operands: '' };
    }),
  );
}
