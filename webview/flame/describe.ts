/** A frame in words: for the tooltip, the details and screen readers. Pure. */
import { count, percent, place, plural } from '../format.js';
import type { Model, Place } from '../model.js';

export interface FrameDescription {
  readonly name: string;
  /** -1 for none. */
  readonly category: number;
  /** In reading order; the category comes first where there is one. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  readonly place: Place | undefined;
}

/** `entry` is a node, or `~parent` for the strip of a parent's narrow children. */
export function describeFrame(
  model: Model,
  entry: number,
  hidden: HiddenChildren | undefined,
): FrameDescription {
  if (entry < 0) return describeStrip(model, ~entry, hidden);
  const { tree } = model;
  const isRoot = entry === tree.root;
  const func = tree.func[entry] ?? -1;
  const category = isRoot ? -1 : model.categoryOf(func);
  const where = model.hottestPlace(entry);
  const facts = [
    { label: 'Total', value: weighed(model, tree.total[entry] ?? 0) },
    { label: 'Self', value: weighed(model, tree.self[entry] ?? 0) },
  ];
  if (!isRoot) {
    facts.unshift({ label: 'Category', value: model.categoryName(category) });
    const { self, total } = model.profile.functions;
    if (total[func] !== tree.total[entry] || self[func] !== tree.self[entry]) {
      const share = (weight: number | undefined): string => percent(model.share(weight ?? 0));
      facts.push({
        label: 'In all its frames',
        value: `total ${share(total[func])}, self ${share(self[func])}`,
      });
    }
    const module = model.moduleName(func);
    if (model.isInlined(entry)) {
      facts.push({ label: 'Inlined into', value: model.nodeName(tree.parent[entry] ?? tree.root) });
    }
    if (where !== undefined) facts.push({ label: 'Hottest line', value: place(where.file, where.line) });
    if (module !== '') facts.push({ label: 'Module', value: module });
  }
  return { name: model.nodeName(entry), category, facts, place: where };
}

export interface HiddenChildren {
  readonly frames: number;
  readonly weight: number;
}

function describeStrip(model: Model, parent: number, hidden: HiddenChildren | undefined): FrameDescription {
  return {
    name: `${plural(hidden?.frames ?? 0, 'frame')} too narrow to draw`,
    category: -1,
    facts: [
      { label: 'Called by', value: model.nodeName(parent) },
      { label: 'Together', value: weighed(model, hidden?.weight ?? 0) },
    ],
    place: undefined,
  };
}

function weighed(model: Model, weight: number): string {
  const share = percent(model.share(weight));
  const { sampleCount } = model.profile;
  if (sampleCount === 0) return share;
  const samples = model.countsSamples ? weight : Math.round(model.share(weight) * sampleCount);
  // Where samples weigh differently, their number can only be inferred from the share.
  return `${share} (${model.countsSamples ? '' : 'about '}${count(samples)} of ${plural(sampleCount, 'sample')})`;
}

/** What a screen reader says for a frame, and what tests look for. */
export function frameLabel(model: Model, node: number): string {
  const { tree } = model;
  const share = (weight: number | undefined): string => `${(model.share(weight ?? 0) * 100).toFixed(1)} %`;
  const label = `${model.nodeName(node)}, total ${share(tree.total[node])}, self ${share(tree.self[node])}`;
  if (node === tree.root) return label;
  const category = model.categoryName(model.categoryOf(tree.func[node] ?? -1));
  return `${label}, ${category}${model.isInlined(node) ? ', inlined' : ''}`;
}
