/** A benchmark's result in words, the same in editor, panel, command line and exports. */
import type { BenchCase, BenchResult, BenchStatistics } from '../model/benchResult.js';
import { reaches95 } from '../statistics/medianInterval.js';
import { bytes, count, opsPerSec, scaled, seconds } from './numbers.js';

/** `95% CI 97.1M–99.8M`; `range 97.1M–99.8M` if there are too few repeats for a confidence interval. */
export function intervalText(
  statistics: BenchStatistics,
  format: (value: number) => string = scaled,
): string {
  const [low, high] = statistics.ci95;
  return `${reaches95(statistics) ? '95% CI' : 'range'} ${format(low)}–${format(high)}`;
}

/** What a benchmark found, as short as possible: `98.4M ops/s`; `1.23 s` for a program that only took time. */
export function resultText(result: BenchResult): string {
  const { statistics, format } = figureOf(result);
  return format(statistics.median);
}

/** With interval and repeats: `98.4M ops/s (95% CI 97.1M–99.8M, 10 repeats)`. */
export function resultDetails(result: BenchResult): string {
  const { statistics, format, short } = figureOf(result);
  return withInterval(statistics, format, short);
}

/** `4.60 MiB`; `—` if it wasn't measured. */
export function memoryText(peakRssBytes: number | null): string {
  return peakRssBytes === null ? '—' : bytes(peakRssBytes);
}

/** The figure of a case in its unit: `1.23 ms`, `98.4M ops/s`. */
export function caseText({ unit }: Pick<BenchCase, 'unit'>, value: number): string {
  return unit === 's' ? seconds(value) : `${scaled(value)} ${unit}`;
}

/** What a result is read by: its throughput, or the time of an execution. */
export function figureOf({ opsPerSec: rate, operation, process }: BenchResult): {
  readonly statistics: BenchStatistics;
  readonly format: (value: number) => string;
  readonly short: (value: number) => string;
} {
  if (operation !== 'execution') return { statistics: rate, format: opsPerSec, short: scaled };
  const [low, high] = rate.ci95;
  const wall = process?.wallSeconds ?? {
    median: 1 / rate.median,
    ci95: [1 / high, 1 / low] as const,
    samples: rate.samples.map((value) => 1 / value),
  };
  return { statistics: wall, format: seconds, short: seconds };
}

function withInterval(
  statistics: BenchStatistics,
  format: (value: number) => string,
  short: (value: number) => string,
): string {
  const { median, samples } = statistics;
  if (samples.length < 2) return format(median);
  return `${format(median)} (${intervalText(statistics, short)}, ${count(samples.length)} repeats)`;
}
