/** What one repeat of a benchmark printed as its last line. Extra fields are left out on purpose. */
export interface BenchSample {
  readonly opsPerSec: number;
  readonly seconds: number;
  readonly threads: number;
  readonly iterations: number;
  readonly peakRssBytes: number;
}

/** Robust summary of repeated measurements: the median and its 95% confidence interval. */
export interface BenchStatistics {
  readonly median: number;
  /** Lower and upper bound of the median's confidence interval. */
  readonly ci95: readonly [number, number];
  /** Raw values in the order they were measured. */
  readonly samples: readonly number[];
}

export interface BenchResult {
  readonly allocator: string;
  readonly opsPerSec: BenchStatistics;
  /** Largest resident set size of any repeat. */
  readonly peakRssBytes: number;
}
