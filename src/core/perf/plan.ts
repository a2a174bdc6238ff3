import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { ProfileEvent } from '../../model/profile.js';
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

/** A recording that this machine can make: every event in it was counted before. */
export interface RecordPlan {
  /** At least one; names in perf's notation. */
  readonly events: readonly [ProfileEvent, ...ProfileEvent[]];
  readonly callGraph: CallGraph;
  /** Samples a second of each event. */
  readonly frequency: number;
  /** What was asked for and is not in it, with the reason. */
  readonly notes: readonly string[];
}

/**
 * Probes what was asked for. An event that is not counted is left out with a note; cycles, which say where the time
 * goes, are replaced by the kernel's timer, which says so too.
 * @throws LabError `perf-not-permitted`, `tool-missing`, `not-supported` for a call graph or when nothing of what
 * was asked for can be sampled
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
      missing.push({ event, reason: 'threads are switched in the kernel: scope kernel or both is needed' });
      continue;
    }
    if (callGraph === 'lbr' && !isHardware(event)) {
      missing.push({ event, reason: 'branch records come with hardware events only' });
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
      notes.push(`${requested} was not sampled: ${reason}; ${clock} shows the time.`);
    else if ((await probeEvent(clock, context)).counted)
      events.unshift({ name: clock, fallback: { requested, reason } });
  }
  const [first, ...others] = events;
  if (!first) {
    throw new LabError('not-supported', 'Nothing of what was asked for can be sampled on this machine.', {
      detail: missing.map(({ event, reason }) => `${event}: ${reason}.`).join('\n'),
      remedy: {
        text: 'Ask for software events (cpu-clock, page-faults); `hakmem-lab doctor` shows what can be measured.',
        command: 'hakmem-lab doctor',
      },
    });
  }
  const limit = await readSysctl('kernel.perf_event_max_sample_rate');
  const wanted = options.frequency ?? defaultFrequency(callGraph);
  const frequency = Math.min(wanted, limit ?? wanted);
  if (options.frequency !== undefined && frequency < wanted) {
    notes.push(
      `Sampled ${frequency} times a second instead of ${wanted}: kernel.perf_event_max_sample_rate is ${limit}.`,
    );
  }
  return { events: [first, ...others], callGraph, frequency, notes };
}
