/** How callers are found: frame pointers, unwinding of stack copies, the processor's branch record, or not at all. */
export const callGraphs = ['fp', 'dwarf', 'lbr', 'none'] as const;
export type CallGraph = (typeof callGraphs)[number];

/** Whose code is observed. */
export const scopes = ['user', 'kernel', 'both'] as const;
export type Scope = (typeof scopes)[number];

/** Counted by the processor's performance monitoring unit, which many virtual machines do not have. */
export const hardwareEvents = ['cycles', 'instructions', 'cache-misses', 'branch-misses'] as const;
/** Counted by the kernel, everywhere. */
export const softwareEvents = ['cpu-clock', 'task-clock', 'page-faults', 'context-switches'] as const;
export const recordableEvents = [...hardwareEvents, ...softwareEvents] as const;
export type RecordableEvent = (typeof recordableEvents)[number];

/** How a recording is made. */
export interface RecordOptions {
  readonly callGraph: CallGraph;
  /** What is sampled, the first shown first. Empty: cycles, or the kernel's timer where they cannot be counted. */
  readonly events: readonly RecordableEvent[];
  readonly scope: Scope;
  /** Samples a second of each event; the call graph's own default when absent. */
  readonly frequency?: number | undefined;
}

export const defaultRecordOptions: RecordOptions = { callGraph: 'fp', events: [], scope: 'user' };

/**
 * Primes, so that sampling does not fall into step with a program's own periods. Each sample for DWARF unwinding
 * carries 8 KiB of stack: 5,000 a second would be 40 MB.
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
