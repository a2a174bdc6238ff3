import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { checkExit, type Contestant } from '../bench/bench.js';
import type { RunResult } from '../process/run.js';
import { perfFacts } from './machine.js';
import { isRefusal, notPermitted, perf } from './perf.js';
import type { RecordPlan } from './plan.js';

/** What perf.data says was recorded, on stderr at the end of every recording that was written. */
const captured = /\[ perf record: Captured/;

function recordArguments({ events, callGraph, frequency }: RecordPlan, output: string): string[] {
  return [
    'record',
    // No copies of all that ran in ~/.debug. The build ids stay in the recording, which is read at once.
    '--no-buildid-cache',
    '-F',
    String(frequency),
    ...(callGraph === 'none' ? [] : ['--call-graph', callGraph]),
    ...events.flatMap(({ name }) => ['-e', name]),
    '-o',
    output,
  ];
}

function sampling({ events }: RecordPlan): string {
  return `Sampling ${events.map(({ name }) => name).join(', ')} with perf record`;
}

/** Records one whole execution into `output` (a perf.data file). @throws LabError, also when the program fails */
export async function perfRecord(
  contestant: Contestant,
  plan: RecordPlan,
  output: string,
  context: TaskContext,
): Promise<void> {
  context.progress(sampling(plan));
  const args = [...recordArguments(plan, output), '--', contestant.program, ...contestant.args];
  const result = await perf(args, { env: contestant.environment, signal: context.signal });
  for (const line of result.stderr.split('\n'))
    if (line && !line.startsWith('[ perf record:')) context.log(line);
  if (result.exitCode === 0) return;
  if (captured.test(result.stderr)) checkExit(result);
  await refuse(result);
}

/** A program to start, or a process that runs already. */
export type RecordTarget =
  | {
      readonly program: string;
      readonly args: readonly string[];
      /** Where the program reads from; nothing by default. */
      readonly stdin?: 'inherit';
      /** The folder it runs in; this process's own when absent. */
      readonly cwd?: string;
    }
  | { readonly pid: number };

export interface RecordLimits {
  /** Ends the recording and keeps it. */
  readonly stop?: AbortSignal | undefined;
  /** After which the recording ends by itself. */
  readonly seconds?: number | undefined;
}

/**
 * Records until the target ends, `seconds` have passed or `stop` is raised, whichever comes first; what was recorded
 * until then is kept. A program that was started ends with its recording, a process that was attached to lives on.
 * @returns how it ended, in words for the user
 * @throws LabError `cancelled` when the context's signal was raised: then nothing is kept
 */
export async function perfRecordTarget(
  target: RecordTarget,
  plan: RecordPlan,
  output: string,
  limits: RecordLimits,
  context: TaskContext,
): Promise<string[]> {
  context.progress(sampling(plan));
  const timeout = limits.seconds === undefined ? undefined : AbortSignal.timeout(limits.seconds * 1000);
  const stop = AbortSignal.any([limits.stop, timeout].filter((s) => s !== undefined));
  const what = 'pid' in target ? ['-p', String(target.pid)] : ['--', target.program, ...target.args];
  const result = await perf([...recordArguments(plan, output), ...what], {
    // The program keeps the user's locale; an empty value is none.
    env: { LC_ALL: process.env['LC_ALL'] ?? '' },
    signal: context.signal,
    stop,
    ...('program' in target && target.stdin ? { stdin: target.stdin } : {}),
    ...('program' in target && target.cwd !== undefined ? { cwd: target.cwd } : {}),
    consumeStdout: context.log,
    onLine: (line) => {
      if (!line.startsWith('[ perf record:')) context.log(line);
    },
  });
  if (!captured.test(result.stderr)) {
    if (stop.aborted) throw new LabError('cancelled', 'Stopped before anything was recorded.');
    await refuse(result);
  }
  if (stop.aborted) return limits.stop?.aborted ? ['The recording was stopped by the user.'] : [];
  if ('pid' in target)
    return limits.seconds === undefined ? [] : ['The process ended before the time was up.'];
  if (result.killedBy) return [`The program was ended by ${result.killedBy}.`];
  return result.exitCode === 0 ? [] : [`The program ended with status ${result.exitCode}.`];
}

async function refuse(result: RunResult): Promise<never> {
  if (isRefusal(result.stderr)) throw notPermitted(result.stderr, await perfFacts());
  throw new LabError('perf-failed', 'perf record failed.', {
    detail: [`$ ${result.command}`, ...result.stderr.trim().split('\n').slice(-8)].join('\n'),
    remedy: { text: 'Run the command in a terminal to see the whole message.' },
  });
}
