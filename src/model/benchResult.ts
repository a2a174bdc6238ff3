/** Robust summary of repeated measurements: the median and its 95% confidence interval. */
export interface BenchStatistics {
  readonly median: number;
  /** Lower and upper bound of the median's confidence interval. */
  readonly ci95: readonly [number, number];
  /** Raw values in the order they were measured. */
  readonly samples: readonly number[];
}

/** Named figures that a benchmark printed, such as the time of each of its cases. */
export interface BenchCase {
  readonly name: string;
  /** `s` for a time; anything else is shown as it is. */
  readonly unit: string;
  readonly value: BenchStatistics;
}

/** What executing a program once took, as the kernel counted it. */
export interface ProcessFigures {
  readonly wallSeconds: BenchStatistics;
  readonly userSeconds: BenchStatistics;
  readonly systemSeconds: BenchStatistics;
  readonly pageFaults: BenchStatistics;
}

export interface BenchResult {
  readonly allocator: string;
  readonly opsPerSec: BenchStatistics;
  /**
   * What an operation is, if it isn't the program's own: the whole execution of a program that printed no result, or the
   * geometric mean of the cases of one that printed several.
   */
  readonly operation?: 'execution' | 'cases';
  /** Largest resident set size of any repeat; null if it wasn't measured. */
  readonly peakRssBytes: number | null;
  /** Absent in runs of earlier versions, and where it can't be measured. */
  readonly process?: ProcessFigures;
  readonly cases?: readonly BenchCase[];
}
