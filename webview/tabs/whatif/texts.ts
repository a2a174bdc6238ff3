/** Texts of the What if tab. Pure. */
import type { Measured, WhatIf } from '../../../src/statistics/amdahl.js';
import type { Estimate } from '../../../src/statistics/estimate.js';
import { sameWork } from '../../../src/text/differentArguments.js';
import { opsPerSec, percent, scaled } from '../../../src/text/numbers.js';
import { ratio } from '../../text/ratio.js';

export const texts = {
  title: 'What if',
  rows: 'Costs and their targets',
  examples: 'Examples',
  reset: 'Reset',
  resetDone: 'Reset: every cost is as measured',
  hint: 'Drag a cost down, or type its target share. A function gets a row of its own if it is selected in any tab, or dragged here from Hotspots with Shift held.',
  method: `Amdahl's law: throughput / (1 − saved share). It assumes that the sampled thread time is the only bottleneck, that nothing else changes, and that ${sameWork}. The interval combines the sampling error of the shares with the interval of the measured throughput.`,
  noThroughput: 'throughput not measured',
  unlimited: 'no limit',
} as const;

export const targetOf = (name: string): string => `Target for ${name}`;
export const targetInPercent = (name: string): string => `Target for ${name} in percent`;
export const leaveAsIs = (name: string): string => `Leave ${name} as measured`;
export const asMeasured = (name: string, result: string): string => `${name} as measured. ${result}`;
export const sliderValue = (share: number, measured: number, result: string): string =>
  `${percent(share)} of the time, measured ${percent(measured)}. ${result}`;
export const exampleDone = (name: string, result: string): string => `${name}. ${result}`;

/** What an example does to a category, if its target is below the present share. */
export const exampleStep = (category: string, now: number, target: number): string =>
  now > target
    ? `${category} ${percent(now)} → ${percent(target)}`
    : `${category} is at ${percent(now)}, already below ${percent(target)}`;

/** @param confident the measured interval is a 95% CI, not the range of too few repeats */
export function resultText(
  { removed, speedup, throughput }: WhatIf,
  { throughput: now }: Measured,
  confident: boolean,
): string {
  const parts = [
    `Saved ${percent(removed.value)} of the time`,
    `${times(speedup.value)} (95% CI ${range(speedup, times)})`,
  ];
  if (throughput !== null && now !== null) {
    const kind = confident ? '95% CI' : 'from the range of the measured repeats:';
    parts.push(
      `${opsPerSec(now.value)} → ${opsPerSec(throughput.value)} (${kind} ${range(throughput, scaled)})`,
    );
  } else parts.push(texts.noThroughput);
  return parts.join(' · ');
}

function range({ low, high }: Estimate, format: (value: number) => string): string {
  return `${format(low)}–${format(high)}`;
}

/** Infinite if everything was saved. */
function times(value: number): string {
  return Number.isFinite(value) ? ratio(value) : texts.unlimited;
}
