import type { Verdict } from '../../statistics/verdict.js';
import { capitalized } from '../../text/capitalized.js';
import { digits3, opsPerSec, percent, plural, scaled } from '../../text/numbers.js';
import type { Estimate } from '../../statistics/estimate.js';
import type { ComparedSide, Comparison } from './comparison.js';
import { change, changeRange } from './progressText.js';

/** The verdict as one sentence with its interval. */
export function verdictText(comparison: Comparison): string {
  const { a, b, verdict, ratio, margin, pairs } = comparison;
  if (!ratio) return 'Nothing was measured.';
  const counted = plural(pairs.length, 'pair');
  const known =
    ratio.low > 0 ? `95% CI ${rangeText(ratio)}, ${counted}` : `${counted}, too few for an interval`;
  const by = `${change(ratio.value)} (${known})`;
  const sentences: Record<Verdict, string> = {
    slower: `${b.label} is slower than ${a.label}: ${by}.`,
    faster: `${b.label} is faster than ${a.label}: ${by}.`,
    equivalent: `${b.label} and ${a.label} are equally fast within ±${percent(margin)}: ${by}.`,
    unclear: `It is unclear whether ${b.label} or ${a.label} is faster: ${by}.`,
  };
  return sentences[verdict];
}

/** `−3.10% to +0.40%`; `too few pairs` for an interval before there are seven. */
export function rangeText({ low, high }: Estimate): string {
  if (low > high) return 'none: no one difference fits all pairs';
  if (low <= 0 || high === Number.MAX_VALUE) return 'too few pairs';
  return changeRange({ low: Math.log(low), high: Math.log(high) });
}

/** `98.4M ops/s`, or the time of one process. */
export function speedText({ speed }: ComparedSide, metric: Comparison['metric']): string {
  if (!speed) return '—';
  const { median } = speed;
  return metric === 'throughput' ? opsPerSec(median) : secondsText(1 / median);
}

/** `97.1M–99.8M`, in the unit of `speedText`. */
export function speedRange({ speed }: ComparedSide, metric: Comparison['metric']): string {
  if (!speed || speed.samples.length < 2) return '—';
  const [low, high] = speed.ci95;
  return metric === 'throughput'
    ? `${scaled(low)}–${scaled(high)}`
    : `${secondsText(1 / high)}–${secondsText(1 / low)}`;
}

function secondsText(seconds: number): string {
  return seconds < 1 ? `${digits3(seconds * 1000)} ms` : `${digits3(seconds)} s`;
}

/** What may help a comparison that decided nothing, as the end of a sentence: where it is read decides how it is done. */
export interface Advice {
  readonly moreTime: string;
  readonly largerMargin: string;
}

const inTerminal: Advice = {
  moreTime: 'allow more time with --seconds',
  largerMargin: 'accept a larger difference with --margin',
};

/** Why measuring ended, and what to do if it decided nothing. */
export function endingText(comparison: Comparison, { moreTime, largerMargin }: Advice = inTerminal): string {
  const { ending, verdict, noise, ratio, pairs } = comparison;
  const why = {
    settled: 'Measuring ended because the verdict was clear.',
    time: 'Measuring ended because the time was up.',
    pairs: 'Measuring ended after the requested number of pairs.',
    interrupted: 'Measuring was interrupted; what was measured until then counts.',
  }[ending];
  if (verdict !== 'unclear') return why;
  if (ratio && ratio.low > ratio.high)
    return `${why} The difference changed while it was measured: something else on this machine affects one side more. Stop it, then compare again.`;
  if (pairs.length < 7) return `${why} Seven pairs are the fewest that can decide: ${moreTime}.`;
  const busy = noise ? noisyReasons(noise) : [];
  const noisy = noise && noise.spread > 0.05;
  const advice =
    busy.length > 0
      ? `The machine was too busy to decide: ${busy.join(', ')}. Stop other programs, or ${moreTime}.`
      : noisy
        ? `Pairs differ by ±${percent(noise.spread)}: use a quieter machine, or ${moreTime}.`
        : `${capitalized(moreTime)}, or ${largerMargin}.`;
  return `${why} ${advice}`;
}

function noisyReasons({ steal, pressure, throttled }: NonNullable<Comparison['noise']>): string[] {
  return [
    ...(steal > 0.02 ? [`the hypervisor took ${percent(steal)} of the processor time`] : []),
    ...((pressure ?? 0) > 0.2
      ? [`some process waited for a processor ${percent(pressure ?? 0)} of the time`]
      : []),
    ...(throttled > 0 ? [`the CPU limit was reached ${plural(throttled, 'time')}`] : []),
  ];
}

/** `Faster`, as a heading or a cell. */
export function verdictWord(verdict: Verdict): string {
  return capitalized(verdict);
}
