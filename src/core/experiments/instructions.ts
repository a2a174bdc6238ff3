import { countInstructions } from '../callgrind/countInstructions.js';
import type { TaskContext } from '../context.js';
import { findCommand } from '../process/tools.js';
import type { RunStore } from '../store/runStore.js';
import { findSymbolTool } from '../symbols/symbolizer.js';
import type { Side } from './side.js';

/** Seconds of the longest counted execution: instructions don't vary with the machine, so that little is enough. */
const COUNTED_SECONDS = 1;

export interface CountedInstructions {
  readonly perOp: number;
  /** Of the longest execution that was counted: only counts of the same number agree to a thousandth. */
  readonly iterations: number;
}

/**
 * Null without callgrind, and for what isn't a benchmark whose iterations can be varied.
 * @param iterations of the longest execution, as an earlier count chose it; by default what takes about a second
 */
export async function instructionsPerOp(
  { subject, preset }: Side,
  store: RunStore,
  context: TaskContext,
  iterations?: number,
): Promise<CountedInstructions | null> {
  if (preset.iterationsArg === undefined || !(await findCommand('valgrind'))) return null;
  const counted = await countInstructions(
    { subject, iterationsArg: preset.iterationsArg, seconds: COUNTED_SECONDS, iterations },
    (name) => store.temporary(name),
    await findSymbolTool(),
    context,
  );
  const { instructionsPerOp: perOp } = counted.stat.derived;
  return perOp === undefined || counted.iterations === undefined
    ? null
    : { perOp, iterations: counted.iterations };
}

/** Of every side, with the same number of iterations; null if one of them can't be counted. */
export async function instructionsOfAll(
  sides: readonly Side[],
  store: RunStore,
  context: TaskContext,
): Promise<number[] | null> {
  const counts: number[] = [];
  let iterations: number | undefined;
  for (const [i, side] of sides.entries()) {
    context.progress(`Counting instructions, ${i + 1} of ${sides.length}…`);
    const counted = await instructionsPerOp(
      side,
      store,
      { ...context, progress: () => undefined },
      iterations,
    );
    if (counted === null) return null;
    ({ iterations } = counted);
    counts.push(counted.perOp);
  }
  return counts;
}
