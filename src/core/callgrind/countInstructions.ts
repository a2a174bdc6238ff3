import type { Contestant } from '../bench/bench.js';
import type { TaskContext } from '../context.js';
import { unfoldCalls } from '../import/callgrind.js';
import { LabError } from '../labError.js';
import { operationsOf } from '../perf/stat.js';
import { ProfileBuilder } from '../../model/builder.js';
import type { StatDocument } from '../../model/profileDocument.js';
import type { Profile } from '../../model/profile.js';
import type { SymbolTool } from '../symbols/symbolizer.js';
import { readCounts, subtract, totalOf, type ThreadCounts } from './counts.js';
import { expandInlined } from './inlined.js';
import { runCallgrind, type CallgrindRun } from './valgrind.js';

/** The event of profiles that callgrind counted: their weights are instructions, not samples. */
export const CALLGRIND_EVENT = 'instructions (callgrind)';

/** How long the longest run is to take unless said otherwise: enough for start-up to be small beside it. */
const defaultSeconds = 4;
const firstIterations = 1_000;

export interface Countable {
  readonly contestant: Contestant;
  /** Which argument is the number of iterations; without it the program runs once, as it is. */
  readonly iterationsArg: number | undefined;
  /** About how long the longest run takes. */
  readonly seconds?: number | undefined;
}

export interface Counted {
  readonly profile: Profile;
  readonly stat: StatDocument;
}

interface Measured extends Pick<CallgrindRun, 'seconds'> {
  readonly iterations: number | undefined;
  readonly threads: readonly ThreadCounts[];
  readonly total: number;
  /** Null for a program that reports none. */
  readonly operations: number | null;
}

/**
 * Counts the instructions of a program exactly. Two runs with different numbers of iterations are subtracted from
 * one another, so that start-up is in none of the figures; the shorter one is made twice, to tell how repeatable
 * the program is (times it prints and threads that wait for one another vary).
 * @param temporary a path that does not exist yet, for a name
 * @throws LabError `tool-missing`, `lab-file-invalid`, `program-crashed`, `cancelled`
 */
export async function countInstructions(
  { contestant, iterationsArg, seconds = defaultSeconds }: Countable,
  temporary: (name: string) => string,
  tool: SymbolTool,
  context: TaskContext,
): Promise<Counted> {
  const measure = async (iterations: number | undefined): Promise<Measured> => {
    context.progress(
      `Counting instructions with callgrind${iterations === undefined ? '' : `, ${iterations.toLocaleString('en-US')} iterations`}`,
    );
    const args =
      iterations === undefined || iterationsArg === undefined
        ? contestant.args
        : contestant.args.with(iterationsArg, String(iterations));
    const result = await runCallgrind({ ...contestant, args }, temporary('callgrind'), context);
    const threads = readCounts(result);
    const operations = operationsOf(result.stdout, result.command);
    return { iterations, threads, total: totalOf(threads), operations, seconds: result.seconds };
  };
  if (iterationsArg === undefined) return whole(await measure(undefined), tool, context);
  requireIterations(contestant, iterationsArg);
  const longer = await longEnough(measure, seconds);
  const fewer = Math.max(1, Math.floor((longer.iterations ?? 1) / 4));
  const shorter = await measure(fewer);
  const again = await measure(fewer);
  return difference(longer, shorter, again, tool, context);
}

function requireIterations({ args }: Contestant, index: number): void {
  const text = args[index];
  if (text !== undefined && /^\d+$/.test(text)) return;
  throw new LabError('lab-file-invalid', 'The preset’s "iterationsArg" names no number.', {
    detail:
      text === undefined
        ? `There are ${args.length} arguments, counted from 0; there is no argument ${index}.`
        : `Argument ${index} is ${JSON.stringify(text)}.`,
    remedy: { text: 'Let "iterationsArg" say which of "args", counted from 0, is the number of iterations.' },
  });
}

/** Tenfold from a thousand until a run takes a noticeable time, then as many as fill the target. */
async function longEnough(
  measure: (iterations: number) => Promise<Measured>,
  targetSeconds: number,
): Promise<Measured> {
  const first = await measure(firstIterations);
  let last = first;
  while (last.seconds - first.seconds < targetSeconds / 8 && (last.iterations ?? 0) < 1e12) {
    last = await measure((last.iterations ?? 1) * 10);
  }
  if (last.seconds >= targetSeconds) return last;
  const perIteration = (last.seconds - first.seconds) / ((last.iterations ?? 0) - firstIterations);
  const wanted = Math.round((targetSeconds - first.seconds) / perIteration);
  // One digit, so that the same machine chooses the same number again.
  const rounded = Number(wanted.toPrecision(1));
  return rounded > (last.iterations ?? 0) ? measure(rounded) : last;
}

const stacksNote =
  'callgrind counts calls, not stacks: instructions of functions and lines are exact, their division among callers is proportional to the instructions of the calls.';

async function whole(run: Measured, tool: SymbolTool, context: TaskContext): Promise<Counted> {
  const notes = [
    stacksNote,
    'The instructions of one whole run, start-up included: the preset has no "iterationsArg", which would let it be subtracted.',
  ];
  const profile = await toProfile(run.threads, tool, notes, context);
  return { profile, stat: statistics(run.total, run.operations, 'callgrind, start-up included') };
}

async function difference(
  longer: Measured,
  shorter: Measured,
  again: Measured,
  tool: SymbolTool,
  context: TaskContext,
): Promise<Counted> {
  const number = (value: number) => value.toLocaleString('en-US');
  const { threads, negative } = subtract(longer.threads, shorter.threads);
  const total = longer.total - shorter.total;
  const operations =
    longer.operations === null || shorter.operations === null ? null : longer.operations - shorter.operations;
  const spread = Math.abs(again.total - shorter.total);
  const notes = [
    `The difference of a run with ${number(longer.iterations ?? 0)} iterations (${number(longer.total)} instructions) and one with ${number(shorter.iterations ?? 0)} (${number(shorter.total)}): start-up is in none of the figures.`,
    spread === 0
      ? 'A repeated run counted exactly the same.'
      : `A repeated run differed by ${number(spread)} instructions: ${((spread / total) * 100).toPrecision(2)} % of the difference.`,
    ...(negative > 0
      ? [
          `${number(negative)} instructions were executed by the shorter run only; functions add up to that many more than the difference.`,
        ]
      : []),
    stacksNote,
  ];
  const profile = await toProfile(threads, tool, notes, context);
  return { profile, stat: statistics(total, operations, 'callgrind, start-up subtracted') };
}

function statistics(total: number, operations: number | null, source: string): StatDocument {
  return {
    counters: [{ event: CALLGRIND_EVENT, value: total, unit: '' }],
    unavailable: [],
    derived: operations ? { instructionsPerOp: total / operations, instructionsPerOpSource: source } : {},
    operations,
  };
}

async function toProfile(
  threads: readonly ThreadCounts[],
  tool: SymbolTool,
  notes: readonly string[],
  context: TaskContext,
): Promise<Profile> {
  const builder = new ProfileBuilder();
  for (const { pid, thread, functions } of threads) {
    const index = builder.thread(pid, thread, new Map([[thread, `thread ${thread}`]]));
    const parts = await expandInlined(functions, tool, context);
    // What start-up alone calls has nothing left after the subtraction.
    const costly = parts.filter(({ costs, calls }) => costs.size > 0 || calls.size > 0);
    unfoldCalls(builder, index, costly);
  }
  return builder.finish([{ name: CALLGRIND_EVENT, exact: true }], notes);
}
