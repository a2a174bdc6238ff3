/** A frame in words: for the tooltip, the details and screen readers. Pure. */
import { threadOfFrame, type FrameTree } from '../../src/views/frameTree.js';
import { TimeOrder } from '../../src/views/timeOrder.js';
import { nanoseconds, spanText, timeText } from '../text/times.js';
import { countedThing } from '../../src/text/eventTexts.js';
import { isClock } from '../../src/views/sampleCount.js';
import { printable } from '../../src/text/printable.js';
import { plural, scaled } from '../../src/text/numbers.js';
import { place } from '../text/places.js';
import type { PanelModel, Place } from '../store/panelModel.js';
import { texts, totalAndSelf } from './texts.js';

export interface FrameDescription {
  readonly name: string;
  /** -1 for none. */
  readonly category: number;
  /** In reading order; the category comes first if there is one. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly place: Place | undefined;
}

interface StripDescription {
  readonly parent: number;
  readonly weight: number;
}

export function nodeName(model: PanelModel, tree: FrameTree, node: number): string {
  const func = tree.func(node);
  if (func >= 0) return model.functionName(func);
  const thread = threadOfFrame(func);
  return thread < 0 ? texts.root : model.data.threadName(thread);
}

/** @param where the line to name, if one is known for exactly this frame */
export function describeFrame(
  model: PanelModel,
  tree: FrameTree,
  node: number,
  where?: Place,
): FrameDescription {
  const func = tree.func(node);
  const facts: { label: string; value: string }[] = [
    { label: texts.facts.total, value: weighed(model, tree.total(node), tree.totalSamples(node)) },
    { label: texts.facts.self, value: weighed(model, tree.self(node), tree.selfSamples(node)) },
  ];
  if (node > 0 && tree instanceof TimeOrder) {
    const { from, to } = tree.timesOfFrame(node);
    facts.push({ label: texts.facts.when, value: from === to ? timeText(from) : spanText({ from, to }) });
  }
  if (func < 0) return { name: nodeName(model, tree, node), category: -1, facts, place: undefined };
  const category = model.data.categoryOf(func);
  facts.unshift({ label: texts.facts.category, value: model.data.categoryName(category) });
  const { self, total } = model.shown.costs;
  if (total[func] !== tree.total(node)) {
    const share = (weight: number | undefined): string => model.shown.shareText(weight ?? 0);
    facts.push({
      label: texts.facts.allFrames,
      value: totalAndSelf(share(total[func]), share(self[func])),
    });
  }
  // A stack that begins here, as with a focus, has no frame that it was inlined into.
  if (tree.inlined(node) && tree.func(tree.parent(node)) >= 0) {
    facts.push({ label: texts.facts.inlinedInto, value: nodeName(model, tree, tree.parent(node)) });
  }
  const definition = model.data.definition(func);
  if (where !== undefined)
    facts.push({ label: texts.facts.hottestLine, value: place(where.file, where.line) });
  else if (definition !== undefined)
    facts.push({ label: texts.facts.definedAt, value: place(definition.file, definition.line) });
  const module = model.data.moduleName(func);
  if (module !== '') facts.push({ label: texts.facts.module, value: module });
  return { name: model.data.fullName(func), category, facts, place: where ?? definition };
}

export function describeStrip(model: PanelModel, tree: FrameTree, strip: StripDescription): FrameDescription {
  return {
    name: texts.narrow,
    category: -1,
    facts: [
      { label: texts.facts.calledBy, value: nodeName(model, tree, strip.parent) },
      { label: texts.facts.together, value: model.shown.shareText(strip.weight) },
    ],
    place: undefined,
  };
}

/** Share, weight in the event's own unit, and number of samples. */
function weighed(model: PanelModel, weight: number, samples: number): string {
  const { eventDescription } = model.shown;
  const share = model.shown.shareText(weight);
  const counted = eventDescription && countedThing(eventDescription);
  if (counted !== undefined) return `${share} (${scaled(weight)} ${printable(counted)})`;
  const amount = isClock(eventDescription?.name ?? '')
    ? `${nanoseconds(weight)}, `
    : weight === samples
      ? ''
      : `${scaled(weight)}, `;
  return `${share} (${amount}${plural(samples, 'sample')})`;
}

/** What a screen reader announces for a frame, and what tests look for. */
export function frameLabel(model: PanelModel, tree: FrameTree, node: number): string {
  const share = (weight: number): string => model.shown.shareText(weight);
  const label = `${nodeName(model, tree, node)}, ${totalAndSelf(share(tree.total(node)), share(tree.self(node)))}`;
  const func = tree.func(node);
  if (func < 0) return label;
  return `${label}, ${model.data.categoryName(model.data.categoryOf(func))}${tree.inlined(node) ? `, ${texts.inlined}` : ''}`;
}
