/** Order and filter of the hotspot table. Pure. */
import type { Model } from '../model.js';

export type Column = 'name' | 'self' | 'total' | 'category' | 'module' | 'place';

export interface Order {
  readonly column: Column;
  readonly descending: boolean;
}

/** Figures are first wanted from the top, texts from A. */
export function startsDescending(column: Column): boolean {
  return column === 'self' || column === 'total';
}

/** A click on the sorted column turns it round, on another sorts by that one. */
export function nextOrder(order: Order, column: Column): Order {
  return { column, descending: order.column === column ? !order.descending : startsDescending(column) };
}

/** Indices of the functions that pass the filter, in order. Equal rows stay by self share, then by index. */
export function functionRows(
  model: Model,
  order: Order,
  matches: ((name: string) => boolean) | undefined,
): number[] {
  const { functions } = model.profile;
  const rows: number[] = [];
  for (let func = 0; func < functions.length; func++) {
    if (matches === undefined || matches(model.rawName(func))) rows.push(func);
  }
  const self = (func: number): number => functions.self[func] ?? 0;
  const compare = comparison(model, order.column);
  const sign = order.descending ? -1 : 1;
  return rows.sort((a, b) => sign * compare(a, b) || self(b) - self(a) || a - b);
}

function comparison(model: Model, column: Column): (a: number, b: number) => number {
  const { functions } = model.profile;
  if (column === 'self' || column === 'total') {
    const weights = functions[column];
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

function sortKey(model: Model, column: Exclude<Column, 'self' | 'total'>, func: number): string {
  switch (column) {
    case 'name':
      return model.functionName(func).toLowerCase();
    case 'category':
      return model.categoryName(model.categoryOf(func)).toLowerCase();
    case 'module':
      return model.moduleName(func).toLowerCase();
    case 'place': {
      const where = model.definition(func);
      // Padded, so that line 9 stands before line 10.
      return where === undefined ? '\uffff' : `${where.file}:${String(where.line).padStart(9, '0')}`;
    }
  }
}
