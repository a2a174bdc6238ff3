import type { RunDocument } from '../../model/run.js';
import { changePoints, fewestForChangePoints, type ChangePoint } from '../../statistics/changePoints.js';

/** The throughput of a preset over its saved runs. */
export interface PresetHistory {
  readonly preset: string;
  /** Those with a throughput, oldest first. */
  readonly runs: readonly RunDocument[];
  /** Indexes into `runs`; empty below `fewest` runs, which are too few to tell a change from noise. */
  readonly changes: readonly ChangePoint[];
  readonly fewest: number;
}

/** @param all runs of the lab, newest first */
export function presetHistory(all: readonly RunDocument[], preset: string): PresetHistory {
  const runs = all.filter((run) => run.preset.name === preset && run.results.length > 0).reverse();
  // Ratios matter, not differences.
  const speeds = runs.map(({ results }) => Math.log(results[0]?.opsPerSec.median ?? NaN));
  return { preset, runs, changes: changePoints(speeds), fewest: fewestForChangePoints };
}
