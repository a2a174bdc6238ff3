import type { ProfileEvent } from '../../model/profile.js';

/**
 * What the weights of an event are, as pprof names units. The software clocks of perf are timers: their periods are
 * nanoseconds (kernel/events/core.c, perf_swevent_hrtimer). Of all others a weight counts events.
 */
export function unitOf({ name, unit }: ProfileEvent): string {
  return unit ?? (/^(cpu|task)-clock(:|$)/.test(name) ? 'nanoseconds' : 'count');
}
