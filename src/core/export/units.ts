import type { ProfileEvent } from '../../model/profile.js';

/**
 * The unit of an event's weights, as pprof names units. perf's software clocks are timers with periods in nanoseconds
 * (kernel/events/core.c, perf_swevent_hrtimer). The weights of all other events are counts.
 */
export function unitOf({ name, unit }: ProfileEvent): string {
  return unit ?? (/^(cpu|task)-clock(:|$)/.test(name) ? 'nanoseconds' : 'count');
}
