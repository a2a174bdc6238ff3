import { readFile, rm } from 'node:fs/promises';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { checkExit, parseBenchOutput, type Contestant } from '../bench/bench.js';
import type { StatCounter, StatDocument } from '../../model/profileDocument.js';
import { perfFacts } from './machine.js';
import { isRefusal, notPermitted, perf } from './perf.js';
import { noCounters } from './probe.js';

/** What is counted, hardware first. `:u` restricts an event to user code, which needs no privilege. */
export const statEvents = [
  'cycles:u',
  'instructions:u',
  'branch-misses:u',
  'cache-misses:u',
  'task-clock',
  'page-faults:u',
  'context-switches',
] as const;

/**
 * Counts one execution with `perf stat`.
 * @param output a file that does not exist yet; removed afterwards
 */
export async function perfStat(
  contestant: Contestant,
  output: string,
  context: TaskContext,
): Promise<StatDocument> {
  context.progress('Counting with perf stat');
  try {
    const result = await perf(
      [
        'stat',
        '-x',
        ';',
        '-o',
        output,
        '-e',
        statEvents.join(','),
        '--',
        contestant.program,
        ...contestant.args,
      ],
      { env: contestant.environment, signal: context.signal },
    );
    if (result.exitCode !== 0 && isRefusal(result.stderr)) {
      throw notPermitted(result.stderr, await perfFacts());
    }
    checkExit(result);
    const text = await readFile(output, 'utf8');
    const operations = operationsOf(result.stdout, result.command);
    return parsePerfStat(text, operations, text.includes('<not supported>') ? await noCounters() : undefined);
  } finally {
    await rm(output, { force: true });
  }
}

/** Threads x iterations, or null for a program that is no benchmark. */
export function operationsOf(stdout: string, command: string): number | null {
  try {
    const { threads, iterations } = parseBenchOutput(stdout, command);
    return threads * iterations;
  } catch (error) {
    if (error instanceof LabError && error.code === 'program-output') return null;
    throw error;
  }
}

/** perf's notation for an event of which only the user's part was counted, though the whole was asked for. */
const restricted = /^(context-switches):u$/;

/**
 * Reads `perf stat -x ';'`: value;unit;event;run time;percentage of the time it was counted;…
 * (perf-stat(1), "CSV FORMAT"). Values of counters that had to share the hardware are already scaled by perf.
 * @param unsupported why the machine counts less than others
 */
export function parsePerfStat(
  text: string,
  operations: number | null,
  unsupported = 'not supported on this machine',
): StatDocument {
  const counters: StatCounter[] = [];
  const unavailable: { event: string; reason: string }[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || !line.includes(';')) continue;
    const [value = '', unit = '', event = '', , running = ''] = line.split(';');
    if (event === '') continue;
    const whole = restricted.exec(event)?.[1];
    if (value.startsWith('<')) {
      const reason =
        value === '<not supported>'
          ? unsupported
          : 'perf did not get to count it: other events held the counters';
      unavailable.push({ event, reason });
    } else if (whole !== undefined) {
      // perf restricts what it may not count in full to user code, where no switch ever happens.
      unavailable.push({ event: whole, reason: 'needs permission to observe the kernel' });
    } else if (value !== '' && Number.isFinite(Number(value))) {
      const part = Number.parseFloat(running);
      counters.push({ event, value: Number(value), unit, ...(part < 100 ? { runningPercent: part } : {}) });
    }
  }
  const count = (event: string) => counters.find((c) => c.event === event)?.value;
  const cycles = count('cycles:u');
  const instructions = count('instructions:u');
  return {
    counters,
    unavailable,
    derived: {
      ...(cycles && instructions ? { ipc: instructions / cycles } : {}),
      ...(cycles && operations ? { cyclesPerOp: cycles / operations } : {}),
      ...(instructions && operations
        ? {
            instructionsPerOp: instructions / operations,
            instructionsPerOpSource: 'perf stat, start-up included',
          }
        : {}),
    },
    operations,
  };
}
