import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { bytes } from '../../text/numbers.js';
import { openRegular } from '../files.js';
import type { ProgramEnd } from '../../model/run.js';
import { checkExit, commandAndErrors, type ProcessResult } from '../process/childProcess.js';
import type { Subject } from '../bench/subject.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { KernelTime, kernelNotes } from './kernelTime.js';
import { perfFacts } from './machine.js';
import { answerSeconds, isRefusal, notPermitted, perf } from './perf.js';
import type { RecordPlan } from './plan.js';
import { startedBy } from './startedBy.js';
import type { ResolvedTarget } from './target.js';

/** perf prints this to stderr after every recording that it wrote. */
const captured = /\[ perf record: Captured/;

function recordArguments({ events, callGraph, frequency }: RecordPlan, output: string): string[] {
  return [
    'record',
    // Don't copy every program that ran to ~/.debug. Build IDs are still recorded.
    '--no-buildid-cache',
    // The clock of a runtime's dump (jit-PID.dump), so that code is named that was there at the time.
    '-k',
    'mono',
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

/**
 * Records one whole execution to `output` (a perf.data file).
 * @returns what the user has to know first
 * @throws LabError, also if the program fails
 */
export async function perfRecord(
  subject: Subject,
  plan: RecordPlan,
  output: string,
  context: TaskContext,
): Promise<string[]> {
  context.progress(sampling(plan));
  const { command, options } = await startedBy(subject);
  const args = [...recordArguments(plan, output), '--', ...command];
  let kernel: KernelTime | undefined;
  const result = await perf(args, {
    ...options,
    endsWithParent: true,
    signal: context.signal,
    onStart: (pid) => (kernel = KernelTime.ofProgram(pid)),
  }).finally(() => kernel?.end());
  for (const line of result.stderr.split('\n'))
    if (line && !line.startsWith('[ perf record:')) context.log(line);
  if (result.exitCode !== 0) {
    if (captured.test(result.stderr)) checkExit(result);
    await refuse(result, output);
  }
  return kernel ? kernelNotes(plan, kernel.end()) : [];
}

export interface RecordLimits {
  /** Ends the recording and keeps it. */
  readonly stop?: AbortSignal | undefined;
  /** After which the recording ends by itself. */
  readonly seconds?: number | undefined;
}

/** How a recording that is kept ended. */
export interface RecordingEnd {
  /** What the user has to know first: that the program failed, or most of its time isn't shown. */
  readonly gravest: readonly string[];
  readonly notes: readonly string[];
  /** Undefined if the recording was stopped, and for an attached process. */
  readonly program: ProgramEnd | undefined;
}

/**
 * Records until the target exits, `seconds` have passed, or `stop` is raised, whichever comes first, and keeps what was
 * recorded. A program that was started ends with its recording; an attached process is left running.
 *
 * On a terminal, the program has the terminal to itself: perf is quiet, and on the terminal of this process nothing is
 * reported until it ends.
 * @throws LabError `canceled` if the context's signal was raised: then nothing is kept
 */
export async function perfRecordTarget(
  target: ResolvedTarget,
  plan: RecordPlan,
  output: string,
  limits: RecordLimits,
  context: TaskContext,
): Promise<RecordingEnd> {
  const { terminal } = target.processOptions;
  context.progress(terminal && 'stdout' in terminal ? '' : sampling(plan));
  const timeout = limits.seconds === undefined ? undefined : AbortSignal.timeout(limits.seconds * 1000);
  const stop = AbortSignal.any([limits.stop, timeout].filter((s) => s !== undefined));
  const [record = '', ...recordOptions] = recordArguments(plan, output);
  const { pid: attached } = target;
  let left: readonly number[] = [];
  let kernel = attached === undefined ? undefined : KernelTime.ofProcess(attached);
  const result = await perf(
    [record, ...(terminal ? ['-q'] : []), ...recordOptions, ...target.perfArguments],
    {
      ...target.processOptions,
      endsWithParent: true,
      // The program keeps the user's locale.
      locale: 'inherited',
      signal: context.signal,
      stop,
      consumeStdout: context.log,
      onLine: (line) => {
        if (!line.startsWith('[ perf record:')) context.log(line);
      },
      onStart: (pid) => (kernel ??= KernelTime.ofProgram(pid)),
      onLeft: (pids) => (left = pids),
    },
  ).finally(() => kernel?.end());
  const kept = terminal ? await hasRecords(output, result) : captured.test(result.stderr);
  if (!kept) {
    if (stop.aborted)
      throw new LabError('canceled', 'The recording was stopped before anything was recorded.');
    await refuse(terminal ? await withoutProgram(plan, result, context) : result, output);
  }
  const inKernel = kernel ? kernelNotes(plan, kernel.end()) : [];
  if (stop.aborted)
    return {
      gravest: inKernel,
      notes: limits.stop?.aborted ? ['The recording was stopped by the user.'] : [],
      program: undefined,
    };
  return {
    gravest: [...target.failure(result), ...leftNotes(left), ...inKernel],
    notes: target.notesOnEnd(limits.seconds !== undefined),
    program: target.programEnd(result),
  };
}

/** How many processes a note names. */
const mostNamed = 5;

/** perf's recording ends with the program that it started, as a daemon's first process does at once. */
function leftNotes(pids: readonly number[]): string[] {
  if (pids.length === 0) return [];
  const more = pids.length > mostNamed ? `, and ${pids.length - mostNamed} more` : '';
  const named = `PID ${pids.slice(0, mostNamed).join(', ')}${more}`;
  return [
    `The program ended and left others running (${named}), which are recorded until then only. Start it so that it stays in the foreground, or record them with --pid.`,
  ];
}

/** Where the header has the size of the records (struct perf_file_header). */
const recordsAt = 40;

/** Whether perf wrote a recording: with its end, or up to when it was killed. What a quiet perf prints doesn't say. */
async function hasRecords(file: string, { killedBy }: ProcessResult): Promise<boolean> {
  const handle = await openRegular(file).catch(() => undefined);
  try {
    const header = Buffer.alloc(recordsAt + 16);
    const { bytesRead } = (await handle?.read(header, 0, header.length, 0)) ?? { bytesRead: 0 };
    if (bytesRead < header.length) return false;
    const [offset, size] = [header.readBigUInt64LE(recordsAt), header.readBigUInt64LE(recordsAt + 8)];
    const written = BigInt((await handle?.stat())?.size ?? 0);
    return size > 0n || (killedBy !== undefined && written > offset);
  } finally {
    await handle?.close();
  }
}

/** The same recording of nothing, for what perf says about it. */
async function withoutProgram(
  plan: RecordPlan,
  failed: ProcessResult,
  { signal }: TaskContext,
): Promise<ProcessResult> {
  const nothing = [...recordArguments(plan, '/dev/null'), '--', 'true'];
  const result = await perf(nothing, { signal, limitSeconds: answerSeconds });
  return result.exitCode === 0 ? failed : { ...result, command: failed.command };
}

/** Below this, nothing more can be written: perf writes what its buffers hold at once. */
const fullBytes = 2 ** 20;

/** @param output the recording, which still takes its space */
async function refuse(result: ProcessResult, output: string): Promise<never> {
  if (isRefusal(result.stderr)) throw notPermitted(result.stderr, await perfFacts());
  // Quiet, perf doesn't say so.
  const folder = path.dirname(output);
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: Infinity, bsize: 1 }));
  if (bavail * bsize < fullBytes || /No space left on device|quota exceeded/i.test(result.stderr))
    throw new LabError('write-failed', "The disk is full: perf couldn't write the recording.", {
      detail: `${folder} has ${bytes(bavail * bsize)} left.`,
      remedy: { text: 'Free some space there, record for a shorter time, or at a lower --frequency.' },
    });
  throw new LabError('perf-failed', 'perf record failed.', {
    detail: commandAndErrors(result),
    remedy: { text: 'Run the command in a terminal to see the full message.' },
  });
}
