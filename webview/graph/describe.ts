/** A frame in words: for the tooltip, the details and screen readers. Pure. */
import { threadOfFrame, type FrameTree } from '../../src/views/frameTree.js';
import { TimeOrder } from '../../src/views/timeOrder.js';

import { spanText, timeText } from '../text/times.js';
import { percent, place, plural, scaled } from '../text/format.js';
import type { PanelModel, Place } from '../store/panelModel.js';

export interface FrameDescription {
  readonly name: string;
  /** -1 for none. */
  readonly category: number;
  /** In reading order; the category comes first where there is one. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly place: Place | undefined;
}

export interface StripDescription {
  readonly parent: number;
  readonly weight: number;
}

export function nodeName(model: PanelModel, tree: FrameTree, node: number): string {
  const func = tree.func(node);
  if (func >= 0) return model.functionName(func);
  const thread = threadOfFrame(func);
  return thread < 0 ? 'all' : model.data.threadName(thread);
}

/** @param where the line to name, where one is known for this very frame */
export function describeFrame(
  model: PanelModel,
  tree: FrameTree,
  node: number,
  where?: Place,
): FrameDescription {
  const func = tree.func(node);
  const facts = [
    { label: 'Total', value: weighed(model, tree.total(node), tree.totalSamples(node)) },
    { label: 'Self', value: weighed(model, tree.self(node), tree.selfSamples(node)) },
  ];
  if (node > 0 && tree instanceof TimeOrder) {
    const { from, to } = tree.timesOfFrame(node);
    facts.push({ label: 'When', value: from === to ? timeText(from) : spanText({ from, to }) });
  }
  if (func < 0) return { name: nodeName(model, tree, node), category: -1, facts, place: undefined };
  const category = model.data.categoryOf(func);
  facts.unshift({ label: 'Category', value: model.data.categoryName(category) });
  const { self, total } = model.costs;
  if (total[func] !== tree.total(node)) {
    const share = (weight: number | undefined): string => percent(model.share(weight ?? 0));
    facts.push({
      label: 'In all its frames',
      value: `total ${share(total[func])}, self ${share(self[func])}`,
    });
  }
  // A stack that begins here, as in a focus, has left behind what it was inlined into.
  if (tree.inlined(node) && tree.func(tree.parent(node)) >= 0) {
    facts.push({ label: 'Inlined into', value: nodeName(model, tree, tree.parent(node)) });
  }
  const definition = model.data.definition(func);
  if (where !== undefined) facts.push({ label: 'Hottest line', value: place(where.file, where.line) });
  else if (definition !== undefined)
    facts.push({ label: 'Defined at', value: place(definition.file, definition.line) });
  const module = model.data.moduleName(func);
  if (module !== '') facts.push({ label: 'Module', value: module });
  return { name: model.data.fullName(func), category, facts, place: where ?? definition };
}

export function describeStrip(model: PanelModel, tree: FrameTree, strip: StripDescription): FrameDescription {
  return {
    name: 'Frames too narrow to draw',
    category: -1,
    facts: [
      { label: 'Called by', value: nodeName(model, tree, strip.parent) },
      { label: 'Together', value: percent(model.share(strip.weight)) },
    ],
    place: undefined,
  };
}

/** Units that a clock's period is told in; other events count occurrences. */
const clocks = /^(cpu-clock|task-clock)\b/;

/** Share, weight in the event's own unit, and number of samples. */
export function weighed(model: PanelModel, weight: number, samples: number): string {
  const event = model.profile.events[model.event]?.name ?? '';
  const amount = clocks.test(event)
    ? `${duration(weight)}, `
    : weight === samples
      ? ''
      : `${scaled(weight).trim()}, `;
  return `${percent(model.share(weight))} (${amount}${plural(samples, 'sample')})`;
}

/** Nanoseconds in the unit that leaves three digits. */
export function duration(nanoseconds: number): string {
  const units = [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
  ] as const;
  for (const [size, name] of units) {
    if (nanoseconds >= size * 0.9995) return `${scaled(nanoseconds / size)} ${name}`;
  }
  return `${String(Math.round(nanoseconds))} ns`;
}

/** What a screen reader says for a frame, and what tests look for. */
export function frameLabel(model: PanelModel, tree: FrameTree, node: number): string {
  const share = (weight: number): string => `${(model.share(weight) * 100).toFixed(1)} %`;
  const label = `${nodeName(model, tree, node)}, total ${share(tree.total(node))}, self ${share(tree.self(node))}`;
  const func = tree.func(node);
  if (func < 0) return label;
  return `${label}, ${model.data.categoryName(model.data.categoryOf(func))}${tree.inlined(node) ? ', inlined' : ''}`;
}
