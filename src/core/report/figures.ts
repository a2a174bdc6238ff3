/** What several sections of the report have in common. */

import { escapeMarkdown, inlineCode } from '../../text/markdown.js';
import { shortName } from '../../text/names.js';
import { ratio } from '../../text/numbers.js';
import { shellWord } from '../../text/shellWord.js';
import { boundsOf } from '../../statistics/confidenceSequence.js';
import { medianInterval } from '../../statistics/medianInterval.js';
import { type Estimate, effectiveSamples } from '../../statistics/estimate.js';
import { predict } from '../../statistics/amdahl.js';
import { runDifferences } from '../../views/runDifferences.js';
import type { BenchResult } from '../../model/benchResult.js';
import type { RunDocument } from '../../model/run.js';
import { reasonWithoutEffect } from '../experiments/describedOptions.js';
import type { ReportData } from './reportData.js';

export const md = escapeMarkdown;

/** A function as people read it; appendix A has the full names. */
export function functionCode(name: string): string {
  return inlineCode(shortName(name));
}

export function throughputOf({ results }: RunDocument): BenchResult | undefined {
  return results[0];
}

/** The run with competitors, or else the reported one. */
export function measuredRun({ rivals, subject }: ReportData): RunDocument {
  return rivals ?? subject.run;
}

/** Ratio of each competitor's throughput to that of the preset, by repeats that followed each other. */
export function gaps(data: ReportData): { readonly allocator: string; readonly ratio: Estimate }[] {
  const [own, ...others] = measuredRun(data).results;
  if (!own) return [];
  return others.map(({ allocator, opsPerSec: other }) => {
    const ratios = other.samples.map((value, i) => value / (own.opsPerSec.samples[i] ?? NaN));
    const { median } = medianInterval(ratios.filter(Number.isFinite));
    const { low, high } = boundsOf(ratios.filter(Number.isFinite).map(Math.log));
    return { allocator, ratio: { value: median, low: Math.exp(low), high: Math.exp(high) } };
  });
}

export function commandOf({ preset }: RunDocument, args = preset.args): string {
  const environment = Object.entries(preset.environment).map(
    ([name, value]) => `${name}=${shellWord(value)}`,
  );
  return [...environment, shellWord(preset.program), ...args.map(shellWord)].join(' ');
}

export function differenceCell(other: RunDocument, run: RunDocument): string {
  const found = runDifferences(other, run).map(({ what, a }) => `${inlineCode(what)} ${md(a ?? 'not set')}`);
  return found.join(', ') || 'nothing';
}

/** Options that the preset sets and that do nothing there, by what the program says itself. */
export function deadOptions({ options, subject: { run } }: ReportData): { name: string; reason: string }[] {
  const own = options?.effectiveOptions ?? [];
  return own.flatMap(({ name, value }) => {
    const reason = reasonWithoutEffect(options, name);
    const relevant = name in run.environment.variables || value === '1';
    return reason !== undefined && relevant ? [{ name: `${name}=${value}`, reason }] : [];
  });
}

/** Amdahl's bound of removing a share, as `1.25×`. */
export function boundText(data: ReportData, selfPercent: number, remaining = 0): string {
  const { speedup } = predicted(data, selfPercent, remaining);
  return Number.isFinite(speedup.value)
    ? `${ratio(speedup.value)} (95% CI ${ratio(speedup.low)}–${ratio(speedup.high)})`
    : 'any number of times';
}

export function predicted(
  { subject: { document, profile, run } }: ReportData,
  selfPercent: number,
  remaining: number,
) {
  const { samples } = profile;
  let [sum, squares] = [0, 0];
  for (let i = 0; i < samples.length; i++) {
    if (samples.event[i] !== 0) continue;
    sum += samples.weight[i] as number;
    squares += (samples.weight[i] as number) ** 2;
  }
  const speed = throughputOf(run)?.opsPerSec;
  return predict([{ weight: selfPercent, remaining }], {
    weight: 100,
    effective: document.exact ? Infinity : effectiveSamples(sum, squares),
    throughput: speed ? { value: speed.median, low: speed.ci95[0], high: speed.ci95[1] } : null,
  });
}
