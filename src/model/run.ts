import type { BenchResult } from './benchResult.js';
import type { StatDocument } from './profileDocument.js';

export const RUN_FORMAT_VERSION = 1;

/** A saved result: a benchmark or a profile of a preset. The profile itself is in a separate file. */
export interface RunDocument {
  readonly formatVersion: typeof RUN_FORMAT_VERSION;
  /** Sortable and unique: `20260131T120102.345-C6_HEAVY_LEGACY_POOLV1`. */
  readonly id: string;
  readonly kind: 'bench' | 'profile';
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly lab: string;
  /** Path of the imported file; absent if the run was recorded here. */
  readonly importedFrom?: string;
  readonly preset: RunPreset;
  readonly environment: RunEnvironment;
  readonly results: readonly BenchResult[];
  readonly stat: StatDocument | null;
  /** Samples in the profile; null for a `bench` run. */
  readonly samples: number | null;
}

/** The preset at the time of the run: later edits of the lab file don't change it. */
export interface RunPreset {
  readonly name: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly program: string;
  readonly args: readonly string[];
  /** Arguments for sampling, if they differ from `args`. */
  readonly profileArgs?: readonly string[] | undefined;
}

/** The circumstances of the run: enough to tell whether two runs are comparable. */
export interface RunEnvironment {
  /** Null if unknown, for an imported profile. */
  readonly host: {
    readonly cpu: string;
    readonly cores: number;
    readonly kernel: string;
    readonly memoryBytes: number;
  } | null;
  readonly perf: string | null;
  readonly compiler: string | null;
  /** The variables that affect the program: those set for it, and inherited ones that belong to the lab. */
  readonly variables: Readonly<Record<string, string>>;
  /** SHA-256 of the program that ran: two runs with the same hash ran the same code. */
  readonly programHash: string | null;
}
