/** How call stacks are found: frame pointers, DWARF unwinding of stack copies, last branch records, or not at all. */
export const callGraphs = ['fp', 'dwarf', 'lbr', 'none'] as const;
export type CallGraph = (typeof callGraphs)[number];

/** Which code is sampled. */
export const scopes = ['user', 'kernel', 'both'] as const;
export type Scope = (typeof scopes)[number];

/** Counted by the processor's performance monitoring unit (PMU), which many virtual machines lack. */
export const hardwareEvents = ['cycles', 'instructions', 'cache-misses', 'branch-misses'] as const;
/** Counted by the kernel, available everywhere. */
export const softwareEvents = ['cpu-clock', 'task-clock', 'page-faults', 'context-switches'] as const;
export const recordableEvents = [...hardwareEvents, ...softwareEvents] as const;
export type RecordableEvent = (typeof recordableEvents)[number];

/** How a recording is made. */
export interface RecordOptions {
  readonly callGraph: CallGraph;
  /** Events to sample; the first is shown first. Empty: cycles, or the kernel's timer where cycles can't be counted. */
  readonly events: readonly RecordableEvent[];
  readonly scope: Scope;
  /** Samples per second of each event; by default `defaultFrequency`. */
  readonly frequency?: number | undefined;
}

export const defaultRecordOptions: RecordOptions = { callGraph: 'fp', events: [], scope: 'user' };

/**
 * Primes, so that sampling doesn't run in lockstep with periodic work of the program. Each sample for DWARF unwinding
 * includes 8 KiB of stack: 5,000 per second would be 40 MB/s.
 */
export function defaultFrequency(callGraph: CallGraph): number {
  return callGraph === 'dwarf' ? 997 : 4999;
}

const suffixes: Readonly<Record<Scope, string>> = { user: ':u', kernel: ':k', both: '' };

/** The event in perf's notation: `cycles:u`. */
export function scopedEvent(event: RecordableEvent, scope: Scope): string {
  return event + suffixes[scope];
}

export function isHardware(event: RecordableEvent): boolean {
  return (hardwareEvents as readonly string[]).includes(event);
}
