/** A benchmark's result in words, the same in editor, panel, command line and exports. */
import type { BenchStatistics } from '../model/benchResult.js';
import { reaches95 } from '../statistics/medianInterval.js';
import { count, opsPerSec, scaled } from './numbers.js';

/** `95% CI 97.1M–99.8M`; `range 97.1M–99.8M` if there are too few repeats for a confidence interval. */
export function intervalText(statistics: BenchStatistics): string {
  const [low, high] = statistics.ci95;
  return `${reaches95(statistics) ? '95% CI' : 'range'} ${scaled(low)}–${scaled(high)}`;
}

/** `98.4M ops/s (95% CI 97.1M–99.8M, 10 repeats)`. */
export function throughputText(statistics: BenchStatistics): string {
  const { median, samples } = statistics;
  if (samples.length < 2) return opsPerSec(median);
  return `${opsPerSec(median)} (${intervalText(statistics)}, ${count(samples.length)} repeats)`;
}
