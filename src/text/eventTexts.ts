/** Events in words, the same in command line and exports. */
import type { ProfileDocument } from '../model/profileDocument.js';
import type { RunDocument } from '../model/run.js';
import { plural, scaled, seconds } from './numbers.js';

/** Why another event was sampled: `cycles:u is unavailable: this virtual machine (KVM) has no hardware counters`. */
export function fallbackText({ requested, reason }: { requested: string; reason: string }): string {
  return `${requested} is unavailable: ${reason}`;
}

/** Modifiers of perf. Which code was sampled matters to a reader; precision, grouping, and guests don't. */
const modifiers = /:([ukhpPHGISDWeb]+)$/;

/** `cpu-clock:pppH` is `cpu-clock`, `cycles:upp` is `cycles:u`. */
export function eventName(recorded: string): string {
  return recorded.replace(modifiers, (_, letters: string) => {
    const kept = letters.replace(/[^ukh]/g, '');
    return kept === '' ? '' : `:${kept}`;
  });
}

/** Follows a number of samples, where it is known what they stand for: `, 2.93 s of processor time`. */
export function processorTimeText(processorSeconds: number | undefined): string {
  return processorSeconds === undefined ? '' : `, ${seconds(processorSeconds)} of processor time`;
}

/** `1,234 samples of cpu-clock:u`; only the number of what is called samples; the event where the number is unknown. */
export function samplesText({
  samples,
  sums,
  event,
}: Pick<ProfileDocument, 'samples' | 'sums' | 'event'>): string {
  if (sums === true) return `Sums of ${event}; the file has no number of samples`;
  return event === 'samples' ? plural(samples, 'sample') : `${plural(samples, 'sample')} of ${event}`;
}

const things: Readonly<Record<string, string>> = {
  Ir: 'instructions',
  Dr: 'data reads',
  Dw: 'data writes',
  Bc: 'conditional branches',
  Bcm: 'mispredicted branches',
};

/**
 * What an event counts exactly, one by one, as in `108M instructions`; undefined for one that is sampled, whose number of
 * samples says how far its shares can be trusted.
 */
export function countedThing({ name, exact }: { name: string; exact?: boolean }): string | undefined {
  return things[name] ?? (exact === true ? name : undefined);
}

/** What a run is made of: `10,313 samples`, or of an exact count what was counted: `108M instructions`; empty without a profile. */
export function amountText({ samples, counted }: Pick<RunDocument, 'samples' | 'counted'>): string {
  if (counted !== undefined)
    return `${scaled(counted.amount)} ${countedThing({ name: counted.event, exact: true }) ?? ''}`;
  return samples === null ? '' : plural(samples, 'sample');
}
