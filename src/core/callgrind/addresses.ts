import path from 'node:path';
import type { ProfileBuilder } from '../../model/builder.js';
import { functionKey } from '../import/callgrind.js';
import { ElfFile, NotReadable } from '../symbols/elfFile.js';
import type { CountedFunction } from './inlined.js';

/** Adds how often each instruction ran, which the samples (one for each line) don't say. */
export async function addAddresses(
  builder: ProfileBuilder,
  functions: readonly CountedFunction[],
): Promise<void> {
  const buildIds = new Map<string, string>();
  for (const func of functions) {
    const { object, instructions } = func;
    if (!path.isAbsolute(object)) continue;
    let buildId = buildIds.get(object);
    if (buildId === undefined) buildIds.set(object, (buildId = await buildIdOf(object)));
    const stack = chain(builder, func);
    for (const [address, count] of instructions) {
      builder.count(builder.address(object, buildId, address, stack), count);
    }
  }
}

function chain(builder: ProfileBuilder, func: CountedFunction): number {
  const parent = func.outer ? chain(builder, func.outer) : -1;
  const frame = builder.frame(builder.func(functionKey(func)), '', 0, func.inlined ?? false);
  return builder.stack(parent, frame);
}

/** Empty if unknown. */
async function buildIdOf(file: string): Promise<string> {
  try {
    const elf = await ElfFile.open(file);
    try {
      return (await elf.buildId()) ?? '';
    } finally {
      await elf.close();
    }
  } catch (error) {
    if (error instanceof NotReadable) return '';
    throw error;
  }
}
