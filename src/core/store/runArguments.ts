import { shellWord } from '../../text/shellWord.js';
import type { DifferentArguments } from '../../text/differentArguments.js';
import type { RunDocument } from '../../model/run.js';

/** Undefined if all figures come from the same arguments, or there is no throughput. */
export function argumentsThatDiffer({
  preset,
  results,
}: Pick<RunDocument, 'preset' | 'results'>): DifferentArguments | undefined {
  const { args, profileArgs } = preset;
  if (profileArgs === undefined || results.length === 0) return undefined;
  const typed = (words: readonly string[]) => words.map(shellWord).join(' ');
  return { throughput: typed(args), shares: typed(profileArgs) };
}
