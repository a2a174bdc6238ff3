import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { ProfileEvent } from '../../model/profile.js';
import { count } from '../../text/numbers.js';
import { readSysctl } from './machine.js';
import {
  defaultFrequency,
  isHardware,
  scopedEvent,
  type CallGraph,
  type RecordableEvent,
  type RecordOptions,
} from './options.js';
import { notSupportedLbr, probeEvent, requireCallGraph } from './probe.js';

/** A recording that this machine can make: each of its events was probed. */
export interface RecordPlan {
  /** At least one; names in perf's notation. */
  readonly events: readonly [ProfileEvent, ...ProfileEvent[]];
  readonly callGraph: CallGraph;
  /** Samples per second of each event. */
  readonly frequency: number;
  /** What was requested and is left out, with the reason. */
  readonly notes: readonly string[];
}

/**
 * Probes the requested events. One that can't be counted is left out with a note. Cycles are replaced by the kernel's
 * timer, which also shows where the time goes.
 * @throws LabError `perf-not-permitted`, `tool-missing`, `not-supported` for a call graph, or if none of the events can
 * be sampled
 */
export async function planRecording(
  options: RecordOptions,
  context: Pick<TaskContext, 'signal'>,
): Promise<RecordPlan> {
  const { callGraph, scope } = options;
  const asked: readonly RecordableEvent[] =
    options.events.length > 0 ? [...new Set(options.events)] : ['cycles'];
  const events: ProfileEvent[] = [];
  const notes: string[] = [];
  const missing: { readonly event: RecordableEvent; readonly reason: string }[] = [];
  for (const event of asked) {
    const name = scopedEvent(event, scope);
    if (event === 'context-switches' && scope === 'user') {
      missing.push({ event, reason: 'context switches happen in the kernel; use scope kernel or both' });
      continue;
    }
    if (callGraph === 'lbr' && !isHardware(event)) {
      missing.push({ event, reason: 'last branch records (LBR) require a hardware event' });
      continue;
    }
    const probe = await probeEvent(name, context);
    if (probe.counted) events.push({ name });
    else missing.push({ event, reason: probe.reason });
  }
  if (callGraph === 'lbr') {
    if (events.length === 0) throw notSupportedLbr(missing.map((m) => `${m.event}: ${m.reason}.`).join(' '));
    await requireCallGraph(
      callGraph,
      events.map(({ name }) => name),
      context,
    );
  }
  for (const { event, reason } of missing) {
    const requested = scopedEvent(event, scope);
    const clock = scopedEvent('cpu-clock', scope);
    if (event !== 'cycles' || callGraph === 'lbr') notes.push(`${requested} was not sampled: ${reason}.`);
    else if (asked.includes('cpu-clock'))
      notes.push(`${requested} was not sampled: ${reason}. ${clock} shows where the time goes.`);
    else if ((await probeEvent(clock, context)).counted)
      events.unshift({ name: clock, fallback: { requested, reason } });
  }
  const [first, ...others] = events;
  if (!first) {
    throw new LabError('not-supported', "This machine can't sample any of the requested events.", {
      detail: missing.map(({ event, reason }) => `${event}: ${reason}.`).join('\n'),
      remedy: {
        text: 'Use software events (cpu-clock, page-faults). Run Doctor to see what this machine can measure.',
        command: 'hakmem-lab doctor',
      },
    });
  }
  const limit = await readSysctl('kernel.perf_event_max_sample_rate');
  const wanted = options.frequency ?? defaultFrequency(callGraph);
  const frequency = Math.min(wanted, limit ?? wanted);
  if (options.frequency !== undefined && frequency < wanted) {
    notes.push(
      `Sampled at ${count(frequency)} Hz instead of ${count(wanted)} Hz, the limit set by kernel.perf_event_max_sample_rate.`,
    );
  }
  return { events: [first, ...others], callGraph, frequency, notes };
}
