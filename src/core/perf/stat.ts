import { rm } from 'node:fs/promises';
import { readRegularText } from '../files.js';
import type { TaskContext } from '../context.js';
import { operationsOf } from '../bench/benchOutput.js';
import type { Subject } from '../bench/subject.js';
import { checkExit } from '../process/childProcess.js';
import type { StatCounter, StatDocument } from '../../model/profileDocument.js';
import { perfFacts } from './machine.js';
import { isRefusal, notPermitted, perf } from './perf.js';
import { noCounters } from './probe.js';
import { startedBy } from './startedBy.js';

/** Hardware events first. `:u` restricts an event to user code, which needs no privilege. */
const statEvents = [
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
 * @param output a file that doesn't exist yet; it is removed afterwards
 */
export async function perfStat(
  subject: Subject,
  output: string,
  context: TaskContext,
): Promise<StatDocument> {
  context.progress('Counting events…');
  try {
    const { command, options } = await startedBy(subject);
    const result = await perf(
      ['stat', '-x', ';', '-o', output, '-e', statEvents.join(','), '--', ...command],
      { ...options, signal: context.signal },
    );
    if (result.exitCode !== 0 && isRefusal(result.stderr)) {
      throw notPermitted(result.stderr, await perfFacts());
    }
    checkExit(result);
    const text = await readRegularText(output);
    const operations = operationsOf(result.stdout);
    return parsePerfStat(
      text,
      operations,
      text.includes('<not supported>') ? await noCounters(context) : undefined,
    );
  } finally {
    await rm(output, { force: true });
  }
}

/** How perf reports an event that was counted in user code only, although it was requested for all code. */
const restricted = /^(context-switches):u$/;

/**
 * Parses `perf stat -x ';'`: value;unit;event;run time;percentage of time counted;…
 * (perf-stat(1), "CSV FORMAT"). perf has already scaled the values of counters that shared the hardware.
 * @param unsupported why this machine can't count some events
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
        value === '<not supported>' ? unsupported : 'not counted: other events used all hardware counters';
      unavailable.push({ event, reason });
    } else if (whole !== undefined) {
      // Without permission perf counts it in user code only, where no context switch ever happens.
      unavailable.push({ event: whole, reason: 'requires permission to measure kernel code' });
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
            instructionsPerOpSource: 'perf stat, including startup',
          }
        : {}),
    },
    operations,
  };
}
