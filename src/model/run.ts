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
  /** Events of the profile, by name. Absent in runs of older versions, and without a profile. */
  readonly events?: readonly string[];
  /** Of an exact count: the event, and how often it was counted. Absent for sampled events, and in runs of older versions. */
  readonly counted?: { readonly event: string; readonly amount: number };
  /**
   * What the source files of the profile contained, by their names in it: the ID that Git gives such a content; null if a
   * file was saved while the program was recorded. Absent in runs of older versions and of imported profiles.
   */
  readonly sources?: Readonly<Record<string, string | null>>;
  /** SHA-256 of the archive that the run came in; absent for all others. */
  readonly pack?: string;
  /** How the recorded program ended; absent if it was stopped or attached to, and for a preset. */
  readonly ended?: ProgramEnd;
}

/** One of the two is null. */
export interface ProgramEnd {
  readonly exitStatus: number | null;
  /** E.g. `SIGSEGV`. */
  readonly signal: string | null;
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
  /** The folder it ran in, if not the lab's; of a preset, relative to the lab's. */
  readonly cwd?: string | undefined;
  /** The file it read from, relative to the folder it ran in. */
  readonly stdin?: string | undefined;
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
  /** The linker's ID of the program, which stays with it when it is stripped. */
  readonly buildId?: string | null;
  /** Settings of the machine by name, such as `ASLR`: what can't be read is absent. */
  readonly machine?: Readonly<Record<string, string>>;
  readonly source?: SourceState | null;
}

/** The state of the sources that were built. */
export interface SourceState {
  readonly commit: string;
  /** Of the changes that aren't committed; absent if there are none. */
  readonly diffHash?: string;
}
