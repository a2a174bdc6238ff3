/** What the panel shows, in the editor and in a page of its own. Types only: the webview's protocol is made of them. */
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
  /** File name of the program that ran. */
  readonly program: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** The file that it was read from; absent for what was recorded here. */
  readonly importedFrom?: string;
  readonly events: readonly ProfileEvent[];
  readonly strings: PackedStrings;
  readonly functions: FunctionTable;
  readonly frames: FrameTable;
  readonly stacks: StackTable;
  readonly samples: SampleTable;
  /** Of all samples of the first event: what is seen at first. */
  readonly tree: PackedTree;
  readonly threads: readonly ProfileThread[];
  /** Of every function: index into `categories`. */
  readonly category: Int32Array;
  /** Names in the order of the rules; "Other" last. Colors follow the index. */
  readonly categories: readonly string[];
  /** By category, `#rrggbb`, where a lab file or a setting chose one; the panel chooses the others. */
  readonly categoryColors?: readonly (string | undefined)[];
  readonly results: readonly BenchResult[];
  /** Present where a throughput was measured, and under other arguments than the shares. */
  readonly differentArguments?: DifferentArguments;
  readonly stat: StatDocument | null;
  readonly notes: readonly string[];
  /** Ready examples for "what if", from the lab file. */
  readonly scenarios: readonly PanelScenario[];
}

/** As it gets to the panel. A `PanelProfile` will do as well. */
export type SentProfile = Omit<PanelProfile, 'samples'> & { readonly samples: PackedSamples };

/** Categories and the shares, 0..1, that they are to come down to. */
export interface PanelScenario {
  readonly name: string;
  readonly description: string;
  readonly targets: readonly { readonly category: string; readonly share: number }[];
}

/** A run that the shown one is compared with. */
export interface ComparedRun {
  /** The lab's baseline stays from run to run; the other one was chosen for now. */
  readonly slot: 'baseline' | 'other';
  readonly profile: SentProfile;
  /** What else differs between this run and the shown one: variables, arguments, machine. Equal things are left out. */
  readonly differences: readonly RunDifference[];
}

/** What a page of its own is told, as the panel in the editor is. */
export type PageMessage =
  | { readonly type: 'profile'; readonly profile: SentProfile }
  /** All runs that the shown one is compared with; follows each profile. */
  | { readonly type: 'comparison'; readonly runs: readonly ComparedRun[] };
