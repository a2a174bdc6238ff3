/** The table of one run. Pure. */
import { percent } from '../../../src/text/numbers.js';
import { categoryTable, categoryTotals } from '../../store/categoryCosts.js';
import type { PanelModel } from '../../store/panelModel.js';
import { shownLines } from '../../store/shownLines.js';
import { baseName, place } from '../../text/places.js';
import {
  empty,
  number,
  type CategoriesTable,
  type CategoryRow,
  type Cell,
  type FunctionRow,
  type LineRow,
} from './tableModel.js';
import { functionsOf, samplesText, texts } from './texts.js';

export function oneRun(model: PanelModel): CategoriesTable {
  const { data, profile, shown } = model;
  const count = profile.categories.length;
  const table = categoryTable(shown.costs, profile.category, count);
  const totals = categoryTotals(shown.tree, profile.category, count);
  const rows = table.rows.map((row): CategoryRow => {
    const self = shown.share(row.self);
    return {
      category: row.category,
      name: data.categoryName(row.category),
      self,
      cells: [
        number(shown.shareText(row.self)),
        number(shown.shareText(totals[row.category < 0 ? count : row.category] ?? 0)),
        { text: functionsOf(row.functions.length) },
      ],
      badge: '',
      functionCount: row.functions.length,
      functions: (from, to) => row.functions.slice(from, to).map((func) => functionOf(model, func)),
    };
  });
  const footer = (weight: number): Cell[] => [
    number(percent(shown.share(weight))),
    number(percent(shown.share(weight))),
    empty,
  ];
  const { self, total, source } = texts.columns;
  return {
    columns: [
      { title: self, number: true },
      { title: total, number: true },
      { title: source, number: false },
    ],
    rows,
    unattributed: table.unattributed > 0 ? footer(table.unattributed) : null,
    sum: footer(table.sum),
    sumShare: shown.share(table.sum),
    series: [{ label: texts.chart, shares: rows.map((row) => row.self) }],
    notes: [texts.selfAndTotal],
  };
}

function functionOf(model: PanelModel, func: number): FunctionRow {
  const { data, shown } = model;
  const [self, total] = [shown.costs.self, shown.costs.total].map((costs) =>
    shown.share(costs[func] ?? 0),
  ) as [number, number];
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
      number(shown.shareText(shown.costs.self[func] ?? 0)),
      number(shown.shareText(shown.costs.total[func] ?? 0)),
      where === undefined
        ? { text: baseName(data.moduleName(func)) || texts.unknown }
        : { text: place(where.file, where.line), place: where },
    ],
    lines: () =>
      shownLines(shown, func).map(({ file, line, weight, samples }): LineRow => {
        const name = data.strings.at(file);
        const known = name !== '' && line > 0;
        return {
          label: known ? place(name, line) : texts.lineUnknown,
          place: known ? { file: name, line } : undefined,
          cells: [number(shown.shareText(weight)), empty, { text: samplesText(samples) }],
        };
      }),
  };
}
