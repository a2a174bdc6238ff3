/** Categories, functions and lines of the shown run (B) beside those of another one (A): pure. */
import { alignmentKey } from '../../../src/views/diffTree.js';
import {
  compareParts,
  differenceOf,
  type Differences,
  type Whole,
} from '../../../src/statistics/shareDifferences.js';
import { effectiveSamples, exactly } from '../../../src/statistics/estimate.js';
import type { ComparedRun, SourcePlace } from '../../../src/wire/protocol.js';
import { runTitle, signed } from '../../comparison/runs.js';
import { verdictText } from '../compare/rows.js';
import { percent, place, printable } from '../../text/format.js';
import { PanelModel } from '../../store/panelModel.js';
import { shownLines } from '../../store/shownLines.js';
import {
  noLine,
  number,
  type CategoriesTable,
  type Cell,
  type FunctionRow,
  type LineRow,
} from './tableModel.js';

interface Side {
  readonly model: PanelModel;
  readonly whole: Whole;
  /** The weights are numbers of samples themselves, as in folded stacks. */
  readonly counts: boolean;
}

/** Self cost of one thing on both sides, before it is judged. */
class Parts {
  readonly keys = new Map<string, number>();
  readonly weights: readonly [number[], number[]] = [[], []];
  readonly samples: readonly [number[], number[]] = [[], []];

  add(key: string, side: 0 | 1, weight: number, samples: number): number {
    let at = this.keys.get(key);
    if (at === undefined) {
      this.keys.set(key, (at = this.keys.size));
      for (const list of [...this.weights, ...this.samples]) list.push(0);
    }
    this.weights[side][at] = (this.weights[side][at] ?? 0) + weight;
    this.samples[side][at] = (this.samples[side][at] ?? 0) + samples;
    return at;
  }

  judge(a: Whole, b: Whole): Differences {
    return compareParts(
      {
        weightA: Float64Array.from(this.weights[0]),
        weightB: Float64Array.from(this.weights[1]),
        samplesA: Int32Array.from(this.samples[0]),
        samplesB: Int32Array.from(this.samples[1]),
      },
      a,
      b,
    );
  }
}

/** A function of both sides: clones that compilers made of it are one. Empty where a side has none. */
interface Pair {
  readonly category: number;
  readonly of: readonly [number[], number[]];
}

const unattributedKey = '';

/**
 * The filters apply to both runs, but for those by thread and time, which mean something in one recording only.
 * O(nodes of both); a category adds up to its functions on each side.
 */
export function twoRuns(model: PanelModel, other: ComparedRun): CategoriesTable {
  const a = sideOf(modelOf(model, other));
  const b = sideOf(model);
  const categories = new Parts();
  const functions = new Parts();
  const pairs: Pair[] = [];
  const names: string[] = [];
  const sides = [a, b] as const;
  sides.forEach((side, s) => {
    const { data, tree, profile } = side.model;
    const which = s === 0 ? 0 : 1;
    const selfs = new Map<number, { weight: number; samples: number }>();
    for (let node = 0; node < tree.length; node++) {
      const func = tree.func[node] ?? -1;
      const weight = tree.self[node] ?? 0;
      if (weight === 0) continue;
      const sum = selfs.get(func) ?? { weight: 0, samples: 0 };
      sum.weight += weight;
      sum.samples += side.counts ? weight : (tree.selfSamples[node] ?? 0);
      selfs.set(func, sum);
    }
    for (const [func, { weight, samples }] of selfs) {
      if (func < 0) {
        categories.add(unattributedKey, which, weight, samples);
        continue;
      }
      const name = data.categoryName(data.categoryOf(func));
      const category = categories.add(`=${name}`, which, weight, samples);
      names[category] = name;
      const { name: symbol, module } = data.nameOf(func);
      const key = `${String(category)}\0${alignmentKey(symbol, module, profile.program)}`;
      const at = functions.add(key, which, weight, samples);
      (pairs[at] ??= { category, of: [[], []] }).of[which].push(func);
    }
  });
  const judged = categories.judge(a.whole, b.whole);
  const judgedFunctions = functions.judge(a.whole, b.whole);
  const weight = (d: Differences) => (i: number) => (d.a[i] ?? 0) + (d.b[i] ?? 0);
  const order = (d: Differences, all: number[]) => all.sort((x, y) => weight(d)(y) - weight(d)(x) || x - y);
  const members: number[][] = Array.from({ length: judged.length }, () => []);
  pairs.forEach(({ category }, i) => members[category]?.push(i));
  const unattributed = categories.keys.get(unattributedKey) ?? -1;
  const cells = (d: Differences, i: number): Cell[] => cellsOf(d, a.whole, b.whole, i);
  const shown = order(
    judged,
    [...members.keys()].filter((i) => i !== unattributed),
  );
  const rows = shown.map((i) => {
    const list = order(judgedFunctions, members[i] ?? []);
    const name = names[i] ?? '';
    return {
      category: categoryIndex(model, name),
      name,
      self: judged.b[i] ?? 0,
      cells: cells(judged, i),
      functionCount: list.length,
      functions: (from: number, to: number) =>
        list.slice(from, to).map((f) => {
          const pair = pairs[f] as Pair;
          return functionOf(a, b, pair, judgedFunctions.b[f] ?? 0, cells(judgedFunctions, f));
        }),
    };
  });
  const [sumA, sumB] = [judged.a, judged.b].map((shares) => shares.reduce((x, y) => x + y, 0)) as [
    number,
    number,
  ];
  return {
    columns: ['A', 'B', 'B − A', '95 % interval', 'Verdict'].map((title, i) => ({ title, number: i < 4 })),
    rows,
    unattributed: unattributed < 0 ? null : cells(judged, unattributed),
    sum: [
      number(percent(sumA)),
      number(percent(sumB)),
      number(signed(sumB - sumA, percent)),
      { text: '' },
      { text: '' },
    ],
    sumShare: sumB,
    series: [
      { label: `A: ${runTitle(a.model.data)}`, shares: shown.map((i) => judged.a[i] ?? 0) },
      { label: `B: ${runTitle(b.model.data)}`, shares: shown.map((i) => judged.b[i] ?? 0) },
    ],
    notes: [
      ...warnings(a.model, b.model),
      'Self shares. Differences are believed at a false discovery rate of 5 %; sampling error only.',
    ],
  };
}

function modelOf({ state }: PanelModel, other: ComparedRun): PanelModel {
  const filters = { ...state.filters, threads: [], time: null };
  const model = new PanelModel({ ...state, filters }, () => undefined);
  model.show(other.profile);
  return model;
}

function sideOf(model: PanelModel): Side {
  const { profile, tree, mask } = model;
  const { weight, stack } = profile.samples;
  const event = profile.events[model.event];
  const counts = event?.name === 'samples';
  let [sum, squares] = [0, 0];
  for (let i = 0; i < weight.length; i++) {
    const at = stack[i] ?? -1;
    if (mask?.[i] === 0 || (at >= 0 && (tree.nodeOf[at] ?? -1) < 0)) continue;
    const w = weight[i] ?? 0;
    sum += w;
    squares += w * w;
  }
  const all = model.totalWeight;
  return {
    model,
    counts,
    whole: {
      weight: all,
      samples: counts ? all : model.sampleCount,
      effective: counts ? all : effectiveSamples(sum, squares),
      exact: event?.exact === true,
      cost: exactly(1),
    },
  };
}

/** Colours follow the shown run's own order. */
function categoryIndex({ data, profile }: PanelModel, name: string): number {
  return profile.categories.findIndex((_, i) => data.categoryName(i) === name);
}

function cellsOf(judged: Differences, a: Whole, b: Whole, i: number): Cell[] {
  const { value, low, high } = differenceOf(judged, a, b, i);
  const delta = (points: number): string => signed(points, percent);
  return [
    number(percent(judged.a[i] ?? 0)),
    number(percent(judged.b[i] ?? 0)),
    number(delta(value)),
    number(`${delta(low)} to ${delta(high)}`),
    { text: verdictText(judged.verdict[i] ?? 0) },
  ];
}

function functionOf(a: Side, b: Side, { of }: Pair, self: number, cells: readonly Cell[]): FunctionRow {
  const [funcA = -1, funcB = -1] = of.map((functions) => functions[0]);
  const { model } = funcB >= 0 ? b : a;
  const func = funcB >= 0 ? funcB : funcA;
  return {
    func: funcB,
    // The reader's choice of full names is the shown run's.
    name: b.model.state.fullNames ? model.data.fullName(func) : model.data.shortName(func),
    fullName: model.data.fullName(func),
    badge: funcA < 0 ? 'only in B' : funcB < 0 ? 'only in A' : '',
    place: model.data.definition(func),
    self,
    total: b.model.share(b.model.costs.total[funcB] ?? 0),
    cells,
    lines: () => linesOf(a, b, of),
  };
}

/** Lines are the same where file name and number are: sources of two versions may have moved between them. */
function linesOf(a: Side, b: Side, of: Pair['of']): LineRow[] {
  const parts = new Parts();
  const places: (SourcePlace | undefined)[] = [];
  [a, b].forEach(({ model, counts }, s) => {
    for (const { file, line, weight, samples } of (of[s] ?? []).flatMap((func) => shownLines(model, func))) {
      const name = model.data.strings.at(file);
      const known = name !== '' && line > 0;
      const at = parts.add(
        known ? place(name, line) : '',
        s === 0 ? 0 : 1,
        weight,
        counts ? weight : samples,
      );
      if (known) places[at] = { file: name, line };
    }
  });
  const judged = parts.judge(a.whole, b.whole);
  return [...parts.keys]
    .map(([key, i]) => ({ key, i, weight: (judged.a[i] ?? 0) + (judged.b[i] ?? 0) }))
    .sort((x, y) => y.weight - x.weight || x.i - y.i)
    .map(({ key, i }) => ({
      label: key === '' ? noLine : printable(key),
      place: places[i],
      cells: cellsOf(judged, a.whole, b.whole, i),
    }));
}

function warnings(a: PanelModel, b: PanelModel): string[] {
  const [eventA, eventB] = [a, b].map(({ profile, event }) => profile.events[event]?.name ?? '');
  const { threads, time } = b.state.filters;
  return [
    ...(eventA === eventB
      ? []
      : [
          `A was recorded with ${printable(eventA ?? '')} and B with ${printable(eventB ?? '')}: their shares mean different things.`,
        ]),
    ...(threads.length > 0 || time !== null
      ? ['The filters by thread and time apply to B only: they belong to one recording.']
      : []),
  ];
}
