/** Order and filter of the hotspot table. Pure. */
import type { PanelModel } from '../../store/panelModel.js';

export type Column = 'name' | 'self' | 'total' | 'category' | 'module' | 'place';

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

/** Figures sort from the highest at first, texts from A. */
function startsDescending(column: Column): boolean {
  return column === 'self' || column === 'total';
}

/** A click on the sorted column reverses the order; a click on another one sorts by it. */
export function nextOrder(order: Order, column: Column): Order {
  return { column, descending: order.column === column ? !order.descending : startsDescending(column) };
}

/** Indices of the functions of the shown samples that pass the filter, in order. Ties are sorted by self share, then by index. */
export function functionRows(
  model: PanelModel,
  order: Order,
  matches: ((name: string) => boolean) | undefined,
): number[] {
  const { data, shown } = model;
  const { costs } = shown;
  const rows: number[] = [];
  for (let func = 0; func < data.functionCount; func++) {
    if ((costs.total[func] ?? 0) === 0) continue;
    if (matches === undefined || matches(data.rawName(func))) rows.push(func);
  }
  const self = (func: number): number => costs.self[func] ?? 0;
  const compare = comparison(model, order.column);
  const sign = order.descending ? -1 : 1;
  return rows.sort((a, b) => sign * compare(a, b) || self(b) - self(a) || a - b);
}

function comparison(model: PanelModel, column: Column): (a: number, b: number) => number {
  if (column === 'self' || column === 'total') {
    const weights = model.shown.costs[column];
    return (a, b) => (weights[a] ?? 0) - (weights[b] ?? 0);
  }
  const keys = new Map<number, string>();
  const key = (func: number): string => {
    let text = keys.get(func);
    if (text === undefined) keys.set(func, (text = sortKey(model, column, func)));
    return text;
  };
  return (a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0);
}

function sortKey(model: PanelModel, column: Exclude<Column, 'self' | 'total'>, func: number): string {
  switch (column) {
    case 'name':
      return model.functionName(func).toLowerCase();
    case 'category':
      return model.data.categoryName(model.data.categoryOf(func)).toLowerCase();
    case 'module':
      return model.data.moduleName(func).toLowerCase();
    case 'place': {
      const where = model.data.definition(func);
      // Padded, so that line 9 sorts before line 10.
      return where === undefined ? '\uffff' : `${where.file}:${String(where.line).padStart(9, '0')}`;
    }
  }
}
