/** The table of the shown run (B) beside another one (A). Pure. */
import { percent, signed } from '../../../src/text/numbers.js';
import { printable } from '../../../src/text/printable.js';
import { compareCategories, type ComparedFunction } from '../../comparison/categories.js';
import { filteredPair, type ComparedPart, type Pair } from '../../comparison/pair.js';
import {
  eventWarning,
  intervalOfDifference,
  onlyText,
  runTitle,
  texts as comparisonTexts,
  verdictText,
} from '../../comparison/texts.js';
import type { OtherRun, PanelModel } from '../../store/panelModel.js';
import { place } from '../../text/places.js';
import { empty, number, type CategoriesTable, type Cell, type FunctionRow } from './tableModel.js';
import { functionsOf, texts } from './texts.js';

export function twoRuns(model: PanelModel, other: OtherRun): CategoriesTable {
  const pair = filteredPair(model, other);
  const { categories, unattributed } = compareCategories(pair);
  const all = unattributed === undefined ? categories : [...categories, unattributed];
  const sum = (side: 'a' | 'b'): number => all.reduce((shares, part) => shares + part[side], 0);
  const { threads, time } = model.state.filters;
  const { a, b, difference, interval, verdict } = comparisonTexts.columns;
  return {
    columns: [a, b, difference, interval, verdict].map((title, i) => ({ title, number: i < 4 })),
    rows: categories.map((part) => ({
      category: categoryIndex(model, part.name),
      name: part.name,
      self: part.b,
      cells: cellsOf(part),
      badge: functionsOf(part.functionCount),
      functionCount: part.functionCount,
      functions: (from, to) => part.functions(from, to).map((func) => functionOf(model, pair, func)),
    })),
    unattributed: unattributed === undefined ? null : cellsOf(unattributed),
    sum: [
      number(percent(sum('a'))),
      number(percent(sum('b'))),
      number(signed(sum('b') - sum('a'), percent)),
      empty,
      empty,
    ],
    sumShare: sum('b'),
    series: [
      { label: `A: ${runTitle(pair.a.profile)}`, shares: categories.map((part) => part.a) },
      { label: `B: ${runTitle(pair.b.profile)}`, shares: categories.map((part) => part.b) },
    ],
    notes: [
      ...eventWarning(pair),
      ...(threads.length > 0 || time !== null ? [comparisonTexts.oneRecordingOnly] : []),
      texts.selfShares,
      comparisonTexts.significance,
    ],
  };
}

/** Colors follow the shown run's own order. */
function categoryIndex({ data, profile }: PanelModel, name: string): number {
  return profile.categories.findIndex((_, i) => data.categoryName(i) === name);
}

function cellsOf({ a, b, difference, verdict }: ComparedPart): Cell[] {
  return [
    number(percent(a)),
    number(percent(b)),
    number(signed(difference.value, percent)),
    number(intervalOfDifference(difference, percent)),
    { text: verdictText(verdict) },
  ];
}

function functionOf({ state }: PanelModel, { a, b }: Pair, part: ComparedFunction): FunctionRow {
  const { funcA, funcB } = part;
  const { data } = funcB >= 0 ? b : a;
  const func = funcB >= 0 ? funcB : funcA;
  return {
    func: funcB,
    name: state.fullNames ? data.fullName(func) : data.shortName(func),
    fullName: data.fullName(func),
    badge: onlyText(funcA < 0 ? 'B' : funcB < 0 ? 'A' : ''),
    place: data.definition(func),
    self: part.b,
    total: b.share(b.costs.total[funcB] ?? 0),
    cells: cellsOf(part),
    lines: () =>
      part.lines().map((line) => ({
        label:
          line.place === undefined ? texts.lineUnknown : printable(place(line.place.file, line.place.line)),
        place: line.place,
        cells: cellsOf(line),
      })),
  };
}
