/** Texts of the Functions tab. */
import { count, percent, plural } from '../../../src/text/numbers.js';
import type { Column } from './rows.js';

export const texts = {
  title: 'Functions',
  noSource: 'no source',
  filter: 'Filter functions',
  filterHint: 'Filter: name, "exact name" or /regex/',
} as const;

export const columnTitles: Readonly<Record<Column, string>> = {
  name: 'Function',
  self: 'Self',
  total: 'Total',
  category: 'Category',
  module: 'Module',
  place: 'Source',
};

export const showMore = (next: number, left: number): string => `Show ${count(next)} more of ${count(left)}`;

/** @param self share of all samples, 0..1 */
export function summary(listed: number, all: number, self: number): string {
  const functions = plural(all, 'function');
  return `${listed === all ? functions : `${count(listed)} of ${functions}`}, self ${percent(self)}`;
}
