/** The tree that the flame graph draws in the selected view. Kept until the shown samples change. */
import { buildCallTree, hottestFrame, type CallTree } from '../../../src/views/callTree.js';
import { CallerTree } from '../../../src/views/callers.js';
import { MergedFrames, type FrameTree } from '../../../src/views/frameTree.js';
import { TimeOrder } from '../../../src/views/timeOrder.js';
import type { PanelModel, Place } from '../../store/panelModel.js';

export interface ShownFrames {
  readonly tree: FrameTree;
  /** Prepares `placeOf`, so that the first hover does not wait. */
  warm(): void;
  /** The frame's hottest line. */
  placeOf(node: number): Place | undefined;
}

/** The graph, and for the sandwich the callers above it. */
export function framesOf(model: PanelModel): { readonly main: ShownFrames; readonly callers?: ShownFrames } {
  const { state, profile } = model;
  const { tree, mask, shape } = model.shown;
  switch (state.view) {
    case 'aggregated':
      return { main: merged(model, tree) };
    case 'inverted':
      return { main: lineless(CallerTree.inverted(tree)) };
    case 'time': {
      const byThread = state.separateThreads && profile.threads.length > 1;
      const order = new TimeOrder(profile, tree, mask, byThread);
      const { warm, placeOf } = merged(model, tree);
      return { main: { tree: order, warm, placeOf: (node) => placeOf(order.treeNode(node)) } };
    }
    case 'sandwich': {
      const func = model.selectedFunction;
      if (func < 0) return { main: merged(model, tree) };
      // Callees are what a focus shows: stacks from the outermost call of the function.
      const callees = buildCallTree(profile, {
        shape: { ...shape, focus: func, subtree: undefined },
        selected: model.shown.treeMask(),
      });
      return { main: merged(model, callees), callers: lineless(CallerTree.of(tree, func)) };
    }
  }
}

/** Frames merged from several places of the call tree have no single hottest line. */
function lineless(tree: FrameTree): ShownFrames {
  return { tree, warm: () => undefined, placeOf: () => undefined };
}

function merged(model: PanelModel, tree: CallTree): ShownFrames {
  const { profile, mask } = model.shown;
  let stackTotal: Float64Array | undefined;
  return {
    tree: new MergedFrames(tree),
    warm: () => {
      stackTotal ??= stackTotals(profile, mask);
    },
    placeOf: (node) => {
      stackTotal ??= stackTotals(profile, mask);
      return node <= 0 ? undefined : model.data.frameLine(hottestFrame(profile, tree, stackTotal, node));
    },
  };
}

/** Weight that passes through each stack. O(samples + stacks), once per view and only if a line is needed. */
function stackTotals({ samples, stacks }: PanelModel['profile'], mask: Uint8Array | undefined): Float64Array {
  const total = new Float64Array(stacks.length);
  const { length, stack: stackOf, weight } = samples;
  for (let i = 0; i < length; i++) {
    const stack = stackOf[i] as number;
    if (stack >= 0 && mask?.[i] !== 0) total[stack] = (total[stack] as number) + (weight[i] as number);
  }
  for (let s = stacks.length - 1; s >= 0; s--) {
    const parent = stacks.parent[s] as number;
    if (parent >= 0) total[parent] = (total[parent] as number) + (total[s] as number);
  }
  return total;
}
