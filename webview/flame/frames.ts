/** The tree that the flame graph draws, for the view that is chosen. Kept until what is shown changes. */
import { hottestFrame } from '../../src/core/profile/callTree.js';
import { MergedFrames, type FrameTree } from '../../src/core/profile/frameTree.js';
import type { PanelModel, Place } from '../model.js';

export interface ShownFrames {
  readonly tree: FrameTree;
  /** The frame's hottest line. */
  placeOf(node: number): Place | undefined;
}

export function aggregatedFrames(model: PanelModel): ShownFrames {
  const { tree, profile, mask } = model;
  let stackTotal: Float64Array | undefined;
  return {
    tree: new MergedFrames(tree),
    placeOf: (node) => {
      stackTotal ??= stackTotals(profile, mask);
      return node <= 0 ? undefined : model.data.frameLine(hottestFrame(profile, tree, stackTotal, node));
    },
  };
}

/** Weight that passes through each stack. O(samples + stacks), once per view and only when a line is asked for. */
function stackTotals({ samples, stacks }: PanelModel['profile'], mask: Uint8Array | undefined): Float64Array {
  const total = new Float64Array(stacks.length);
  for (let i = 0; i < samples.length; i++) {
    const stack = samples.stack[i] as number;
    if (stack >= 0 && mask?.[i] !== 0)
      total[stack] = (total[stack] as number) + (samples.weight[i] as number);
  }
  for (let s = stacks.length - 1; s >= 0; s--) {
    const parent = stacks.parent[s] as number;
    if (parent >= 0) total[parent] = (total[parent] as number) + (total[s] as number);
  }
  return total;
}
