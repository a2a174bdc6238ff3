/** Texts of the frames in the differential flame graph. Pure. */
import { partOf } from '../../comparison/pair.js';
import type { Comparison } from '../../comparison/runs.js';
import { intervalOfDifference, texts as comparisonTexts, verdictText } from '../../comparison/texts.js';
import type { DiffFrameTexts } from './diffGraph.js';
import { neutralSlot, slotOfDifference } from './scale.js';
import { confidence, samplesText, texts } from './texts.js';

export function frameTexts(comparison: Comparison): DiffFrameTexts {
  const { diff, format, formatDelta } = comparison;
  const { tree } = diff;
  const { total } = tree;
  const whole = diff.a.cost.value;
  const { a, b, difference, verdict } = comparisonTexts.columns;
  return {
    name: (node) => (node === 0 ? texts.all : nameOf(comparison, tree.func[node] ?? -1)),
    slot: (node) =>
      node === 0 ? neutralSlot : slotOfDifference((total.delta[node] ?? 0) / whole, total.verdict[node] ?? 0),
    facts: (node) => {
      const part = partOf(total, diff.a, diff.b, node);
      return [
        { label: a, value: `${format(part.a)}, ${samplesText(total.samplesA[node] ?? 0)}` },
        { label: b, value: `${format(part.b)}, ${samplesText(total.samplesB[node] ?? 0)}` },
        {
          label: difference,
          value: confidence(
            formatDelta(part.difference.value),
            intervalOfDifference(part.difference, format),
          ),
        },
        { label: texts.selfDifference, value: formatDelta(tree.self.delta[node] ?? 0) },
        { label: verdict, value: verdictText(part.verdict) },
      ];
    },
  };
}

/** Name of an aligned function, from the shown run if it has it. */
export function nameOf({ diff, a, b }: Comparison, aligned: number): string {
  if (aligned < 0 || aligned >= diff.functions.length) return comparisonTexts.unattributed;
  const inB = diff.functions.b[aligned] ?? -1;
  return inB >= 0 ? b.data.shortName(inB) : a.data.shortName(diff.functions.a[aligned] ?? -1);
}
