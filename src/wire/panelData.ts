/** The data that the panel shows, in the editor and in a standalone page. Types only, for the webview's protocol. */
import type { BenchResult } from '../model/benchResult.js';
import type { StatDocument } from '../model/profileDocument.js';
import type {
  FrameTable,
  FunctionTable,
  ProfileEvent,
  ProfileThread,
  SampleTable,
  StackTable,
} from '../model/profile.js';
import type { PackedSamples } from './packedSamples.js';
import type { PackedTree } from './packedTree.js';
import type { DifferentArguments } from '../text/differentArguments.js';
import type { PackedStrings } from './packedStrings.js';
import type { RunDifference } from '../views/runDifferences.js';

export type { RunDifference };

/** A profile with its run. Indices of -1 stand for "none". */
export interface PanelProfile {
  readonly runId: string;
  readonly preset: string;
  /** What the run is called in lists. */
  readonly name: string;
  /** File name of the program that ran. */
  readonly program: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The file that it was imported from; absent for recordings. */
  readonly importedFrom?: string;
  readonly events: readonly ProfileEvent[];
  readonly strings: PackedStrings;
  readonly functions: FunctionTable;
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly samples: SampleTable;
  /** The columns by sample, stack, and frame are empty: a message of their own follows. */
  readonly samplesFollow?: true;
  /** Of all samples of the first event, which is what the panel shows at first. */
  readonly tree: PackedTree;
  readonly threads: readonly ProfileThread[];
  /** Of every function: index into `categories`. */
  readonly category: Int32Array;
  /** Names in the order of the rules; "Other" last. Colors follow the index. */
  readonly categories: readonly string[];
  /** By category, `#rrggbb`, if a lab file or a setting chose one; the panel chooses the others. */
  readonly categoryColors?: readonly (string | undefined)[];
  readonly results: readonly BenchResult[];
  /** Present if a throughput was measured with other arguments than the shares. */
  readonly differentArguments?: DifferentArguments;
  readonly stat: StatDocument | null;
  readonly notes: readonly string[];
  /** Ready examples for "what if", from the lab file. */
  readonly scenarios: readonly PanelScenario[];
}

/** As sent to the panel; a `PanelProfile` is accepted as well. */
export type SentProfile = Omit<PanelProfile, 'samples'> & { readonly samples: PackedSamples };

/** Categories with their target shares, 0..1. */
export interface PanelScenario {
  readonly name: string;
  readonly description: string;
  readonly targets: readonly { readonly category: string; readonly share: number }[];
}

/** A run that the shown one is compared with. */
export interface ComparedRun {
  /** The lab's baseline is kept from run to run; the other one was chosen for now. */
  readonly slot: 'baseline' | 'other';
  readonly profile: SentProfile;
  /** What else differs between this run and the shown one: variables, arguments, machine. Equal things are left out. */
  readonly differences: readonly RunDifference[];
}

/** Messages to a standalone page as well as to the panel in the editor. */
export type PageMessage =
  | { readonly type: 'profile'; readonly profile: SentProfile }
  /** All runs that the shown one is compared with. Follows each profile. */
  | { readonly type: 'comparison'; readonly runs: readonly ComparedRun[] };
