import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import { checkExit, type Contestant } from '../bench/bench.js';
import { perfEventParanoid, readSysctl } from './machine.js';
import { isRefusal, notPermitted, perf } from './perf.js';

/** Preferred first. A machine without a PMU has the kernel's timer only. */
export const samplingEvents = ['cycles:u', 'cpu-clock:u'] as const;

/** A prime, so that sampling does not fall into step with a program's own periods. */
const preferredFrequency = 4999;

export interface EventChoice {
  readonly name: string;
  readonly fallback?: { readonly requested: string; readonly reason: string };
}

/**
 * The first event that this machine really counts. `perf record` must not be asked: it replaces cycles with a
 * clock in silence.
 * @throws LabError `perf-not-permitted`, `tool-missing`, or `perf-failed` when nothing can be counted
 */
export async function chooseEvent(context: Pick<TaskContext, 'signal'>): Promise<EventChoice> {
  const requested = samplingEvents[0];
  let reason = '';
  for (const name of samplingEvents) {
    const result = await perf(['stat', '-x', ';', '-e', name, '--', 'true'], { signal: context.signal });
    if (result.exitCode !== 0 && isRefusal(result.stderr)) {
      throw notPermitted(result.stderr, await perfEventParanoid());
    }
    const line = result.stderr.split('\n').find((l) => l.includes(`;${name}`)) ?? '';
    if (result.exitCode === 0 && /^[\d.]+;/.test(line)) {
      return name === requested ? { name } : { name, fallback: { requested, reason } };
    }
    reason = line.startsWith('<not supported>')
      ? 'this machine has no hardware counters (usual in virtual machines)'
      : `perf could not count it: ${result.stderr.trim().split('\n')[0] ?? ''}`;
  }
  throw new LabError('perf-failed', 'perf can sample no event on this machine.', {
    detail: reason,
    remedy: { text: 'Run `hakmem-lab doctor` to see what can be measured.', command: 'hakmem-lab doctor' },
  });
}

/** Records one execution with frame-pointer call chains into `output` (a perf.data file). */
export async function perfRecord(
  contestant: Contestant,
  event: string,
  output: string,
  context: TaskContext,
): Promise<void> {
  context.progress(`Sampling ${event} with perf record`);
  const limit = await readSysctl('kernel.perf_event_max_sample_rate');
  const frequency = Math.min(preferredFrequency, limit ?? preferredFrequency);
  const args = ['record', '-F', String(frequency), '--call-graph', 'fp', '-e', event, '-o', output, '--'];
  const result = await perf([...args, contestant.program, ...contestant.args], {
    env: contestant.environment,
    signal: context.signal,
  });
  for (const line of result.stderr.split('\n'))
    if (line && !line.startsWith('[ perf record:')) context.log(line);
  if (result.exitCode === 0) return;
  if (isRefusal(result.stderr)) throw notPermitted(result.stderr, await perfEventParanoid());
  if (/\[ perf record: Captured/.test(result.stderr)) checkExit(result);
  throw new LabError('perf-failed', 'perf record failed.', {
    detail: [`$ ${result.command}`, ...result.stderr.trim().split('\n').slice(-8)].join('\n'),
    remedy: { text: 'Run the command in a terminal to see the whole message.' },
  });
}
