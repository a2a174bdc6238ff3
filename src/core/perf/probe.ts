import { LabError } from '../labError.js';
import { answerSeconds, isRefusal, notPermitted, perf } from './perf.js';
import { hypervisor, perfFacts } from './machine.js';
import { softwareEvents, type CallGraph, type Scope } from './options.js';

interface Context {
  readonly signal?: AbortSignal | undefined;
}

/** Whether this machine can count an event. */
type Probe = { readonly counted: true } | { readonly counted: false; readonly reason: string };

/**
 * Counts one event over a program that does nothing. `perf record` doesn’t help here: it silently replaces an event that
 * it can't count with a clock, and kernel code that it may not measure with user code only.
 * @param event in perf's notation: `cycles:u`
 * @throws LabError `perf-not-permitted`, `tool-missing`
 */
export async function probeEvent(event: string, { signal }: Context): Promise<Probe> {
  const result = await perf(['stat', '-x', ';', '-e', event, '--', 'true'], {
    signal,
    limitSeconds: answerSeconds,
  });
  if (result.exitCode !== 0 && isRefusal(result.stderr)) {
    throw notPermitted(result.stderr, await perfFacts(), scopeOf(event));
  }
  const fields = result.stderr
    .split('\n')
    .map((line) => line.split(';'))
    .find((f) => f[2] === event || f[2] === `${event}:u`);
  const [value = '', , counted = event] = fields ?? [];
  if (result.exitCode === 0 && counted !== event) {
    throw notPermitted(`perf counted ${counted} instead of ${event}.`, await perfFacts(), scopeOf(event));
  }
  if (result.exitCode === 0 && /^[\d.]+$/.test(value)) return { counted: true };
  // The kernel implements software events itself: they exist wherever the system call does.
  if (value === '<not supported>' && softwareEvents.some((name) => event.split(':')[0] === name))
    throw notPermitted(
      "The perf_event_open system call is blocked as if it didn't exist.",
      await perfFacts(),
      scopeOf(event),
    );
  if (value === '<not supported>') return { counted: false, reason: await noCounters({ signal }) };
  if (value === '<not counted>') return { counted: false, reason: "perf couldn't count it in a short run" };
  return { counted: false, reason: `perf couldn't count it: ${result.stderr.trim().split('\n')[0] ?? ''}` };
}

function scopeOf(event: string): Scope {
  return event.endsWith(':u') ? 'user' : event.endsWith(':k') ? 'kernel' : 'both';
}

/** Why there are no hardware events, as far as the machine tells. */
export async function noCounters(context: Context): Promise<string> {
  const host = await hypervisor(context);
  return host === undefined
    ? 'this machine has no hardware counters that the kernel can use'
    : `this virtual machine (${host}) has no hardware counters`;
}

/**
 * Tries out a call graph kind that not every machine can record.
 * @param events in perf's notation
 * @throws LabError `not-supported` with what to use instead, `perf-not-permitted`
 */
export async function requireCallGraph(
  callGraph: CallGraph,
  events: readonly string[],
  { signal }: Context,
): Promise<void> {
  if (callGraph !== 'lbr') return;
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
    { signal, limitSeconds: answerSeconds },
  );
  if (result.exitCode === 0) return;
  if (isRefusal(result.stderr)) throw notPermitted(result.stderr, await perfFacts(), 'user');
  throw notSupportedLbr(`perf reported: ${result.stderr.trim().split('\n').at(-1)?.trim() ?? ''}`);
}

export function notSupportedLbr(detail: string): LabError {
  return new LabError('not-supported', "This machine can't record LBR call graphs.", {
    detail:
      `LBR requires a PMU with last branch records (Intel since Haswell, AMD since Zen 4). ${detail}`.trim(),
    remedy: {
      text: 'Choose the call graph "fp" if the program was built with -fno-omit-frame-pointer, otherwise "dwarf".',
    },
  });
}
