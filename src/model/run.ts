import type { BenchResult } from './benchResult.js';
import type { StatDocument } from './profileDocument.js';

export const RUN_FORMAT_VERSION = 1;

/** One execution of a preset with its results, as saved. The profile lies beside it in a file of its own. */
export interface RunDocument {
  readonly formatVersion: typeof RUN_FORMAT_VERSION;
  /** Sortable and unique: `20260131T120102.345-C6_HEAVY_LEGACY_POOLV1`. */
  readonly id: string;
  readonly kind: 'bench' | 'profile';
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly lab: string;
  /** Path of the file that the profile was read from; absent for what was recorded here. */
  readonly importedFrom?: string;
  readonly preset: RunPreset;
  readonly environment: RunEnvironment;
  readonly results: readonly BenchResult[];
  readonly stat: StatDocument | null;
  /** Samples in the profile; null for a `bench` run. */
  readonly samples: number | null;
}

/** The preset as it was when it ran: later edits of the lab file do not change what a run says. */
export interface RunPreset {
  readonly name: string;
  readonly description: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly program: string;
  readonly args: readonly string[];
  /** Of the run that was sampled, where it had others than `args`. */
  readonly profileArgs?: readonly string[] | undefined;
}

/** Where and under what the run was made: enough to tell whether two runs may be compared. */
export interface RunEnvironment {
  /** Null where it is not known: the profile came from a file. */
  readonly host: {
    readonly cpu: string;
    readonly cores: number;
    readonly kernel: string;
    readonly memoryBytes: number;
  } | null;
  readonly perf: string | null;
  readonly compiler: string | null;
  /** The variables that were set for the program beyond the inherited ones, and inherited ones that a lab owns. */
  readonly variables: Readonly<Record<string, string>>;
  /** SHA-256 of the program that ran: two runs with the same hash ran the same code. */
  readonly programHash: string | null;
}
