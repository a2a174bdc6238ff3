/** What the categories' table shows, without a document: rows of three levels, figures as texts. */
import type { SourcePlace } from '../../../src/wire/protocol.js';
import { percent, place, plural } from '../../text/format.js';
import type { PanelModel } from '../../store/panelModel.js';
import { shownLines } from '../../store/shownLines.js';
import { categoryTable } from '../../store/categoryCosts.js';

export interface Cell {
  readonly text: string;
  readonly number?: boolean;
  /** The cell leads there. */
  readonly place?: SourcePlace;
}

export interface LineRow {
  readonly label: string;
  /** Undefined where the samples have no line. */
  readonly place: SourcePlace | undefined;
  readonly cells: readonly Cell[];
}

export interface FunctionRow {
  /** Of the shown run; -1 for a function of the compared run alone. */
  readonly func: number;
  readonly name: string;
  readonly fullName: string;
  readonly badge: string;
  readonly place: SourcePlace | undefined;
  /** Shares of the shown run. */
  readonly self: number;
  readonly total: number;
  readonly cells: readonly Cell[];
  /** Made on demand: it passes over all samples. */
  lines(): LineRow[];
}

export interface CategoryRow {
  /** -1 for none, or for one that the shown run does not have. */
  readonly category: number;
  readonly name: string;
  readonly self: number;
  readonly cells: readonly Cell[];
  readonly functionCount: number;
  functions(from: number, to: number): FunctionRow[];
}

/** One bar of the chart for each category and run. */
export interface Series {
  readonly label: string;
  readonly shares: readonly number[];
}

export interface CategoriesTable {
  /** Of the columns after the first. */
  readonly columns: readonly { readonly title: string; readonly number: boolean }[];
  readonly rows: readonly CategoryRow[];
  /** Samples without a function, where there are any. */
  readonly unattributed: readonly Cell[] | null;
  /** What the rows add up to, never an assumed 100 %. */
  readonly sum: readonly Cell[];
  /** Share of the shown run. */
  readonly sumShare: number;
  readonly series: readonly Series[];
  readonly notes: readonly string[];
}

export const number = (text: string): Cell => ({ text, number: true });
export const noLine = 'line not known';

export function oneRun(model: PanelModel): CategoriesTable {
  const { data, profile, costs } = model;
  const table = categoryTable(costs, profile.category, profile.categories.length);
  const rows = table.rows.map((row): CategoryRow => {
    const self = model.share(row.self);
    return {
      category: row.category,
      name: data.categoryName(row.category),
      self,
      cells: [number(percent(self)), { text: '' }, { text: '' }],
      functionCount: row.functions.length,
      functions: (from, to) => row.functions.slice(from, to).map((func) => functionOf(model, func)),
    };
  });
  const footer = (weight: number): Cell[] => [
    number(percent(model.share(weight))),
    { text: '' },
    { text: '' },
  ];
  return {
    columns: [
      { title: 'Self', number: true },
      { title: 'Total', number: true },
      { title: 'Source', number: false },
    ],
    rows,
    unattributed: table.unattributed > 0 ? footer(table.unattributed) : null,
    sum: footer(table.sum),
    sumShare: model.share(table.sum),
    series: [{ label: 'Self share by category', shares: rows.map(({ self }) => self) }],
    notes: ['Self: samples in the function itself; these add up. Total: with everything it calls.'],
  };
}

function functionOf(model: PanelModel, func: number): FunctionRow {
  const { costs, data } = model;
  const [self, total] = [model.share(costs.self[func] ?? 0), model.share(costs.total[func] ?? 0)];
  const where = data.definition(func);
  return {
    func,
    name: model.functionName(func),
    fullName: data.fullName(func),
    badge: '',
    place: where,
    self,
    total,
    cells: [
      number(percent(self)),
      number(percent(total)),
      where === undefined ? { text: '' } : { text: place(where.file, where.line), place: where },
    ],
    lines: () =>
      shownLines(model, func).map(({ file, line, weight, samples }): LineRow => {
        const name = data.strings.at(file);
        const known = name !== '' && line > 0;
        return {
          label: known ? place(name, line) : noLine,
          place: known ? { file: name, line } : undefined,
          cells: [number(percent(model.share(weight))), { text: '' }, { text: plural(samples, 'sample') }],
        };
      }),
  };
}
