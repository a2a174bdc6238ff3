/**
 * A large profile in two messages. The call tree of all samples, which is what the panel shows at first, is a small part of
 * a profile: the columns by sample, stack, and frame follow once it is drawn.
 */
import type { FrameTable, Profile, StackTable } from '../model/profile.js';
import type { PackedSamples } from './packedSamples.js';
import type { SentProfile } from './panelData.js';

/** What follows. */
export interface FollowingSamples {
  readonly samples: PackedSamples;
  readonly stacks: StackTable;
  readonly frames: FrameTable;
  /** Of the call tree: the node of each stack. */
  readonly nodeOf: Int32Array;
}

/** Samples and stacks that take less time in the one message than a second one would take. */
const atOnce = 100_000;

export function worthSplitting({
  samples,
  stacks,
}: {
  readonly samples: { readonly length: number };
  readonly stacks: { readonly length: number };
}): boolean {
  return samples.length + stacks.length > atOnce;
}

const none = new Int32Array(0);
/** The columns that follow, as long as they are awaited. */
const awaited = {
  stacks: { length: 0, parent: none, frame: none },
  frames: { length: 0, func: none, file: none, line: none, inlined: new Uint8Array(0) },
} as const;

/** The profile without them. */
export function withoutSamples(profile: SentProfile): SentProfile {
  return {
    ...profile,
    ...awaited,
    samplesFollow: true,
    samples: { length: 0, stack: none, thread: 0, event: 0, weight: 0, time: { steps: none } },
    tree: { ...profile.tree, nodeOf: none },
  };
}

/** What the first of two messages is made of: packing the samples takes longer than all else. */
export function profileWithoutSamples(profile: Profile): Profile {
  const times = new Float64Array(0);
  const samples = {
    length: 0,
    stack: none,
    thread: none,
    event: new Uint8Array(0),
    weight: times,
    time: times,
  };
  return { ...profile, ...awaited, samples };
}

export function followingSamples({ samples, stacks, frames, tree }: SentProfile): FollowingSamples {
  return { samples, stacks, frames, nodeOf: tree.nodeOf };
}
