import { LabError } from '../labError.js';
import { isRefusal, notPermitted, perf } from './perf.js';
import { hypervisor, perfFacts } from './machine.js';
import { softwareEvents, type CallGraph, type Scope } from './options.js';

interface Context {
  readonly signal?: AbortSignal | undefined;
}

/** Whether the machine really counts an event. */
export type Probe = { readonly counted: true } | { readonly counted: false; readonly reason: string };

/**
 * Counts one event over a program that does nothing. `perf record` must not be asked: it replaces what it cannot
 * count with a clock in silence, and what it may not see of the kernel with user code alone.
 * @param event in perf's notation: `cycles:u`
 * @throws LabError `perf-not-permitted`, `tool-missing`
 */
export async function probeEvent(event: string, { signal }: Context): Promise<Probe> {
  const result = await perf(['stat', '-x', ';', '-e', event, '--', 'true'], { signal });
  if (result.exitCode !== 0 && isRefusal(result.stderr)) {
    throw notPermitted(result.stderr, await perfFacts(), scopeOf(event));
  }
  const fields = result.stderr
    .split('\n')
    .map((line) => line.split(';'))
    .find((f) => f[2] === event || f[2] === `${event}:u`);
  const [value = '', , counted = event] = fields ?? [];
  if (result.exitCode === 0 && counted !== event) {
    throw notPermitted(`perf counts ${counted} instead of ${event}.`, await perfFacts(), scopeOf(event));
  }
  if (result.exitCode === 0 && /^[\d.]+$/.test(value)) return { counted: true };
  // Software events are the kernel's own: they are there wherever its system call is.
  if (value === '<not supported>' && softwareEvents.some((name) => event.split(':')[0] === name))
    throw notPermitted(
      'perf_event_open is answered as if it did not exist.',
      await perfFacts(),
      scopeOf(event),
    );
  if (value === '<not supported>') return { counted: false, reason: await noCounters() };
  if (value === '<not counted>') return { counted: false, reason: 'perf could not count it in a short run' };
  return { counted: false, reason: `perf could not count it: ${result.stderr.trim().split('\n')[0] ?? ''}` };
}

function scopeOf(event: string): Scope {
  return event.endsWith(':u') ? 'user' : event.endsWith(':k') ? 'kernel' : 'both';
}

/** Why hardware events are not there, as far as the machine tells. */
export async function noCounters(): Promise<string> {
  const host = await hypervisor();
  return host === undefined
    ? 'this machine has no hardware counters that the kernel could use'
    : `this virtual machine (${host}) has no hardware counters`;
}

/**
 * Tries a call graph that not every machine can record.
 * @param events in perf's notation
 * @throws LabError `not-supported` with what to use instead, `perf-not-permitted`
 */
export async function requireCallGraph(
  callGraph: CallGraph,
  events: readonly string[],
  { signal }: Context,
): Promise<void> {
  if (callGraph !== 'lbr') return;
  // To /dev/null: perf writes what it records nowhere else than where it is told to.
  const result = await perf(
    [
      'record',
      '-q',
      '--no-buildid-cache',
      '--call-graph',
      'lbr',
      '-e',
      events.join(','),
      '-o',
      '/dev/null',
      '--',
      'true',
    ],
    { signal },
  );
  if (result.exitCode === 0) return;
  if (isRefusal(result.stderr)) throw notPermitted(result.stderr, await perfFacts(), 'user');
  throw notSupportedLbr(`perf says: ${result.stderr.trim().split('\n').at(-1)?.trim() ?? ''}`);
}

export function notSupportedLbr(detail: string): LabError {
  return new LabError('not-supported', 'This machine cannot record LBR call graphs.', {
    detail:
      `They need the last branch records of a processor's PMU (Intel since Haswell, AMD Zen 4). ${detail}`.trim(),
    remedy: {
      text: 'Use frame pointers (--call-graph fp) if the program was built with -fno-omit-frame-pointer, else stack copies (--call-graph dwarf).',
    },
  });
}
