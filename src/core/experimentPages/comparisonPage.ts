import { ConfidenceSequence } from '../../statistics/confidenceSequence.js';
import type { Verdict } from '../../statistics/verdict.js';
import { bytes, digits3, duration, percent } from '../../text/numbers.js';
import { distinctNames } from '../../text/names.js';
import type { PartDifference } from '../../views/profileDifferences.js';
import type {
  Distribution,
  ExperimentPage,
  Narrowing,
  PageAction,
  PagePart,
  Table,
  Tone,
} from '../../wire/experimentPage.js';
import type { Comparison } from '../experiments/comparison.js';
import {
  endingText,
  rangeText,
  speedRange,
  speedText,
  verdictText,
  verdictWord,
} from '../experiments/comparisonText.js';
import { speedOf } from '../experiments/measure.js';
import { differenceOf } from '../experiments/pairs.js';
import { change } from '../experiments/progressText.js';
import { partColumns, partRow, partUnit } from '../experiments/resultRows.js';
import { advice, pageActions, stopAction } from './pageActions.js';
import type { Details, ProfileComparison } from '../experiments/whereDifferent.js';

const tones: Record<Verdict, Tone> = {
  faster: 'good',
  equivalent: 'neutral',
  slower: 'bad',
  unclear: 'neutral',
};

/** Seconds until the time is up, and what is being done, while measuring goes on. */
export interface Live {
  readonly secondsLeft: number;
  readonly message: string;
}

/** Both speeds and the verdict first; then how it came about, and where the difference is. */
export function comparisonPage(
  comparison: Comparison,
  details: Details | null,
  live: Live | null,
): ExperimentPage {
  const { a, b, verdict, pairs, notes, differences } = comparison;
  const measured = pairs.length > 0;
  return {
    title: `${b.label} against ${a.label}`,
    progress: live && progressText(live),
    headline: measured
      ? { word: verdictWord(verdict), text: verdictText(comparison), tone: tones[verdict] }
      : null,
    paragraphs: [
      ...(live || !measured ? [] : [endingText(comparison, advice)]),
      ...notes,
      ...(details?.notes ?? []),
    ],
    parts: [
      ...(measured ? [speeds(comparison), narrowing(comparison), distribution(comparison)] : []),
      circumstances(differences),
      ...(details ? detailParts(details, comparison.metric) : []),
    ],
    actions: live ? [stopAction] : doneActions(comparison, details),
  };
}

function doneActions({ verdict }: Comparison, details: Details | null): PageAction[] {
  const more = { id: pageActions.more, label: 'Measure More Pairs' };
  return [
    ...(details?.profile
      ? [{ id: pageActions.difference, label: 'Show Differential Flame Graph', primary: true }]
      : []),
    { ...more, primary: verdict === 'unclear' && !details?.profile },
  ];
}

function progressText({ secondsLeft, message }: Live): string {
  return secondsLeft > 0 ? `${message} At most ${duration(secondsLeft)} left.` : message;
}

function speeds(comparison: Comparison): Table {
  const { a, b, metric, ratio } = comparison;
  return {
    kind: 'table',
    title: metric === 'throughput' ? 'Throughput' : 'Time of a process',
    columns: ['', 'Median', '95% CI', 'Peak memory', 'Change', '95% CI of the change'],
    numbers: [1, 2, 3, 4, 5],
    rows: [a, b].map((side, i) => [
      `${i === 0 ? 'A' : 'B'}: ${side.label}`,
      speedText(side, metric),
      speedRange(side, metric),
      side.peakRssBytes === null ? '—' : bytes(side.peakRssBytes),
      i === 1 && ratio ? change(ratio.value) : '',
      i === 1 && ratio ? rangeText(ratio) : '',
    ]),
  };
}

function narrowing({ pairs, metric, margin }: Comparison): Narrowing {
  const sequence = new ConfidenceSequence();
  const bound = (value: number) => (Number.isFinite(value) ? Math.exp(value) : null);
  return {
    kind: 'narrowing',
    title: 'Change of speed, pair by pair',
    note: `Each dot is one pair of processes, B against A. The band is the 95% confidence interval so far; it may be read at any time. Between the dashed lines, ±${percent(margin)}, a change doesn't matter.`,
    margin,
    pairs: pairs.map((pair) => {
      const difference = differenceOf(pair, metric);
      const { low, high } = sequence.add(difference);
      return { ratio: Math.exp(difference), low: bound(low), high: bound(high) };
    }),
  };
}

function distribution({ a, b, pairs, metric }: Comparison): Distribution {
  const throughput = metric === 'throughput';
  const valuesOf = (which: 'a' | 'b') =>
    pairs.map((pair) => (throughput ? speedOf(pair[which], metric) : 1 / speedOf(pair[which], metric)));
  return {
    kind: 'distribution',
    title: 'Every process',
    note: 'Each dot is one process; the line is the median.',
    unit: throughput ? 'ops/s' : 's',
    rows: ([a, b] as const).map(({ label, speed }, i) => ({
      label: `${i === 0 ? 'A' : 'B'}: ${label}`,
      values: valuesOf(i === 0 ? 'a' : 'b'),
      median: speed ? (throughput ? speed.median : 1 / speed.median) : 0,
    })),
  };
}

function circumstances(differences: Comparison['differences']): Table {
  return {
    kind: 'table',
    title: 'What else differs',
    ...(differences.length === 0 ? { note: 'Both sides ran under the same conditions.' } : {}),
    columns: ['', 'A', 'B'],
    numbers: [],
    rows: differences.map(({ what, a, b }) => [what, a ?? '(not set)', b ?? '(not set)']),
  };
}

function detailParts({ instructions, profile }: Details, metric: Comparison['metric']): PagePart[] {
  const parts: PagePart[] = [];
  if (instructions) {
    const { a, b } = instructions;
    parts.push({
      kind: 'table',
      title: 'Instructions per operation',
      note: 'Counted with callgrind, without startup. The counts have no noise.',
      columns: ['A', 'B', 'Change'],
      numbers: [0, 1, 2],
      rows: [[digits3(a), digits3(b), change(b / a)]],
    });
  }
  return profile ? [...parts, ...profileParts(profile, metric)] : parts;
}

/** Rows of a table of differences: what matters is at the top. */
const shown = 12;

function profileParts(profile: ProfileComparison, metric: Comparison['metric']): Table[] {
  const { unit, categories, functions } = profile;
  const part = (title: string, first: string, all: readonly PartDifference[]): Table => {
    const parts = all.slice(0, shown);
    const written = distinctNames(parts.map(({ name }) => name));
    return {
      kind: 'table',
      title: `${title}: ${partUnit(profile, metric)}`,
      note: 'Significant at a false discovery rate of 5%.',
      columns: [first, ...partColumns],
      numbers: [1, 2, 3],
      rows: parts.map((one) => partRow(one, unit, written)),
    };
  };
  return [part('Categories', 'Category', categories), part('Functions', 'Function', functions)];
}
