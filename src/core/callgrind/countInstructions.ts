import { ProfileBuilder } from '../../model/builder.js';
import type { StatDocument } from '../../model/profileDocument.js';
import type { Profile } from '../../model/profile.js';
import { count, percent } from '../../text/numbers.js';
import { operationsOf } from '../bench/benchOutput.js';
import type { Subject } from '../bench/subject.js';
import type { TaskContext } from '../context.js';
import {
  allUnfolded,
  CALL_COUNTS_NOTE,
  unfoldCalls,
  unfoldingNotes,
  type Unfolded,
} from '../import/callgrind.js';
import { LabError } from '../labError.js';
import type { SymbolTool } from '../symbols/symbolTool.js';
import { readCounts, subtract, totalOf, type ThreadCounts } from './counts.js';
import { addAddresses } from './addresses.js';
import { expandInlined } from './inlined.js';
import { runCallgrind, type CallgrindRun } from './valgrind.js';

/** The event of profiles that callgrind counted: their weights are instructions, not samples. */
const CALLGRIND_EVENT = 'instructions (callgrind)';

/** Default length of the longest execution: enough to make startup small in comparison. */
const defaultSeconds = 4;
const firstIterations = 1_000;

interface Countable {
  readonly subject: Subject;
  /** Which argument is the number of iterations; without it the program runs once, unchanged. */
  readonly iterationsArg: number | undefined;
  /** Whether inlined functions are shown, which is the default; otherwise their callers have their cost. */
  readonly inline?: boolean | undefined;
  /** Approximate length of the longest execution. */
  readonly seconds?: number | undefined;
  /**
   * Of the longest execution, instead of `seconds`. What an operation costs depends a little on how many came before it, so
   * that counts of the same number are compared.
   */
  readonly iterations?: number | undefined;
}

/** How addresses become functions. */
interface Names {
  readonly tool: SymbolTool;
  readonly inline: boolean;
}

interface Counted {
  readonly profile: Profile;
  readonly stat: StatDocument;
  /** Of the longest execution; undefined for a program that ran once, unchanged. */
  readonly iterations: number | undefined;
}

interface Measured extends Pick<CallgrindRun, 'seconds'> {
  readonly iterations: number | undefined;
  readonly threads: readonly ThreadCounts[];
  readonly total: number;
  /** Null for a program that doesn't report them. */
  readonly operations: number | null;
}

/**
 * Counts the instructions of a program exactly. Two executions with different numbers of iterations are subtracted from
 * each other, which removes startup from all figures. The shorter one is repeated to show how much counts vary (numbers
 * that are printed and threads that wait for each other make them vary).
 * @param temporary returns a path that doesn't exist yet, given a name
 * @throws LabError `start-failed`, `not-supported`, `lab-file-invalid`, `program-failed`, `canceled`
 */
export async function countInstructions(
  { subject, iterationsArg, inline = true, seconds = defaultSeconds, iterations }: Countable,
  temporary: (name: string) => string,
  tool: SymbolTool,
  context: TaskContext,
): Promise<Counted> {
  const measure = async (number: number | undefined): Promise<Measured> => {
    const what = number === undefined ? '' : ` of ${count(number)} iterations`;
    context.progress(`Counting instructions${what}…`);
    const args =
      number === undefined || iterationsArg === undefined
        ? subject.args
        : subject.args.with(iterationsArg, String(number));
    const result = await runCallgrind({ ...subject, args }, temporary('callgrind'), context);
    const threads = readCounts(result);
    const operations = operationsOf(result.stdout);
    return { iterations: number, threads, total: totalOf(threads), operations, seconds: result.seconds };
  };
  if (iterationsArg === undefined) return countAll(await measure(undefined), { tool, inline }, context);
  requireIterations(subject, iterationsArg);
  const longer = await (iterations === undefined ? longEnough(measure, seconds) : measure(iterations));
  const fewer = Math.max(1, Math.floor((longer.iterations ?? 1) / 4));
  const shorter = await measure(fewer);
  const repeated = await measure(fewer);
  return countDifference(longer, shorter, repeated, { tool, inline }, context);
}

function requireIterations({ args }: Subject, index: number): void {
  const text = args[index];
  if (text !== undefined && /^\d+$/.test(text)) return;
  throw new LabError('lab-file-invalid', 'The preset\'s "iterationsArg" doesn\'t refer to a number.', {
    detail:
      text === undefined
        ? `There is no argument ${index}: the preset has ${args.length}, counted from 0.`
        : `Argument ${index} is ${JSON.stringify(text)}.`,
    remedy: {
      text: 'Set "iterationsArg" to the index in "args", counted from 0, of the number of iterations.',
    },
  });
}

/** Increases iterations tenfold until the execution takes a noticeable time, then to what fills the target. */
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

async function countAll(run: Measured, names: Names, context: TaskContext): Promise<Counted> {
  const notes = [
    CALL_COUNTS_NOTE,
    'Counts include startup. Set "iterationsArg" in the preset to exclude it.',
  ];
  const profile = await toProfile(run.threads, names, notes, context);
  const stat = statOf(run.total, run.operations, 'callgrind, including startup');
  return { profile, stat, iterations: undefined };
}

async function countDifference(
  longer: Measured,
  shorter: Measured,
  repeated: Measured,
  names: Names,
  context: TaskContext,
): Promise<Counted> {
  const { threads, negative } = subtract(longer.threads, shorter.threads);
  const total = longer.total - shorter.total;
  const operations =
    longer.operations === null || shorter.operations === null ? null : longer.operations - shorter.operations;
  const variation = Math.abs(repeated.total - shorter.total);
  const executed = (run: Measured) =>
    `${count(run.iterations ?? 0)} iterations (${count(run.total)} instructions)`;
  const notes = [
    `Counts exclude startup: they are the difference between ${executed(longer)} and ${executed(shorter)}.`,
    variation === 0
      ? 'A repeated execution had exactly the same count.'
      : `A repeated execution differed by ${count(variation)} instructions, ${percent(variation / total)} of the difference.`,
    ...(negative > 0
      ? [
          `${count(negative)} instructions ran only in the shorter execution, so the functions add up to that many more than the difference.`,
        ]
      : []),
    CALL_COUNTS_NOTE,
  ];
  const profile = await toProfile(threads, names, notes, context);
  const stat = statOf(total, operations, 'callgrind, excluding startup');
  return { profile, stat, iterations: longer.iterations };
}

function statOf(total: number, operations: number | null, source: string): StatDocument {
  return {
    counters: [{ event: CALLGRIND_EVENT, value: total, unit: '' }],
    unavailable: [],
    derived: operations ? { instructionsPerOp: total / operations, instructionsPerOpSource: source } : {},
    operations,
  };
}

async function toProfile(
  threads: readonly ThreadCounts[],
  { tool, inline }: Names,
  notes: readonly string[],
  context: TaskContext,
): Promise<Profile> {
  const builder = new ProfileBuilder();
  const unfolded: Unfolded[] = [];
  for (const { pid, thread, functions } of threads) {
    const index = builder.thread(pid, thread, new Map([[thread, `thread ${thread}`]]));
    const parts = await expandInlined(functions, tool, context, inline);
    // Functions that only startup calls have nothing left after the subtraction.
    const costly = parts.filter(({ costs, calls }) => costs.size > 0 || calls.size > 0);
    unfolded.push(unfoldCalls(builder, index, costly));
    await addAddresses(builder, costly);
  }
  return builder.finish(
    [{ name: CALLGRIND_EVENT, exact: true }],
    [...notes, ...unfoldingNotes(allUnfolded(unfolded))],
  );
}
