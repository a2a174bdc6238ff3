import { checkExit, commandAndErrors, type ProcessResult } from '../process/childProcess.js';
import type { Subject } from '../bench/subject.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { perfFacts } from './machine.js';
import { isRefusal, notPermitted, perf } from './perf.js';
import type { RecordPlan } from './plan.js';
import type { ResolvedTarget } from './target.js';

/** perf prints this to stderr after every recording that it wrote. */
const captured = /\[ perf record: Captured/;

function recordArguments({ events, callGraph, frequency }: RecordPlan, output: string): string[] {
  return [
    'record',
    // Don't copy every program that ran to ~/.debug. Build IDs are still recorded.
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
  return `Sampling ${events.map(({ name }) => name).join(', ')}…`;
}

/** Records one whole execution to `output` (a perf.data file). @throws LabError, also if the program fails */
export async function perfRecord(
  subject: Subject,
  plan: RecordPlan,
  output: string,
  context: TaskContext,
): Promise<void> {
  context.progress(sampling(plan));
  const args = [...recordArguments(plan, output), '--', subject.program, ...subject.args];
  const result = await perf(args, { env: subject.environment, signal: context.signal });
  for (const line of result.stderr.split('\n'))
    if (line && !line.startsWith('[ perf record:')) context.log(line);
  if (result.exitCode === 0) return;
  if (captured.test(result.stderr)) checkExit(result);
  await refuse(result);
}

export interface RecordLimits {
  /** Ends the recording and keeps it. */
  readonly stop?: AbortSignal | undefined;
  /** After which the recording ends by itself. */
  readonly seconds?: number | undefined;
}

/**
 * Records until the target exits, `seconds` have passed, or `stop` is raised, whichever comes first, and keeps what was
 * recorded. A program that was started ends with its recording; an attached process is left running.
 * @returns how it ended, for the user
 * @throws LabError `canceled` if the context's signal was raised: then nothing is kept
 */
export async function perfRecordTarget(
  target: ResolvedTarget,
  plan: RecordPlan,
  output: string,
  limits: RecordLimits,
  context: TaskContext,
): Promise<string[]> {
  context.progress(sampling(plan));
  const timeout = limits.seconds === undefined ? undefined : AbortSignal.timeout(limits.seconds * 1000);
  const stop = AbortSignal.any([limits.stop, timeout].filter((s) => s !== undefined));
  const result = await perf([...recordArguments(plan, output), ...target.perfArguments], {
    ...target.processOptions,
    // The program keeps the user's locale; an empty value counts as unset.
    env: { LC_ALL: process.env['LC_ALL'] ?? '' },
    signal: context.signal,
    stop,
    consumeStdout: context.log,
    onLine: (line) => {
      if (!line.startsWith('[ perf record:')) context.log(line);
    },
  });
  if (!captured.test(result.stderr)) {
    if (stop.aborted)
      throw new LabError('canceled', 'The recording was stopped before anything was recorded.');
    await refuse(result);
  }
  if (stop.aborted) return limits.stop?.aborted ? ['The recording was stopped by the user.'] : [];
  return target.notesOnEnd(result, limits.seconds !== undefined);
}

async function refuse(result: ProcessResult): Promise<never> {
  if (isRefusal(result.stderr)) throw notPermitted(result.stderr, await perfFacts());
  throw new LabError('perf-failed', 'perf record failed.', {
    detail: commandAndErrors(result),
    remedy: { text: 'Run the command in a terminal to see the full message.' },
  });
}
