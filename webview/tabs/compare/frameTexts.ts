/** What the comparison says of its frames and functions: pure. */
import { differenceOf } from '../../../src/statistics/shareDifferences.js';
import { plural } from '../../text/format.js';
import type { Comparison } from '../../comparison/runs.js';
import type { DiffFrameTexts } from './diffGraph.js';
import { verdictText } from './rows.js';
import { neutralSlot, slotOfDifference } from './scale.js';

export function frameTexts(comparison: Comparison): DiffFrameTexts {
  const { diff, format, formatDelta } = comparison;
  const { tree } = diff;
  const whole = diff.a.cost.value;
  return {
    name: (node) => (node === 0 ? 'all' : nameOf(comparison, tree.func[node] ?? -1)),
    slot: (node) =>
      node === 0
        ? neutralSlot
        : slotOfDifference((tree.total.delta[node] ?? 0) / whole, tree.total.verdict[node] ?? 0),
    facts: (node) => {
      const interval = differenceOf(tree.total, diff.a, diff.b, node);
      return [
        {
          label: 'A',
          value: `${format(tree.total.a[node] ?? 0)}, ${plural(tree.total.samplesA[node] ?? 0, 'sample')}`,
        },
        {
          label: 'B',
          value: `${format(tree.total.b[node] ?? 0)}, ${plural(tree.total.samplesB[node] ?? 0, 'sample')}`,
        },
        {
          label: 'B − A',
          value: `${formatDelta(interval.value)} (95 %: ${formatDelta(interval.low)} to ${formatDelta(interval.high)})`,
        },
        { label: 'Self, B − A', value: formatDelta(tree.self.delta[node] ?? 0) },
        { label: 'Verdict', value: verdictText(tree.total.verdict[node] ?? 0) },
      ];
    },
  };
}

/** Of an aligned function; as the shown run has it where it does. */
export function nameOf({ diff, a, b }: Comparison, aligned: number): string {
  if (aligned < 0 || aligned >= diff.functions.length) return 'Samples without a function';
  const inB = diff.functions.b[aligned] ?? -1;
  const name = inB >= 0 ? b.shortName(inB) : a.shortName(diff.functions.a[aligned] ?? -1);
  return name;
}
