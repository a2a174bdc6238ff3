import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapLabel } from '../../../webview/tabs/categories/chart.js';
import { categoryTable } from '../../../webview/store/categoryCosts.js';
import { functionRows, nextOrder, type Column } from '../../../webview/tabs/functions/rows.js';
import { foldedStacks } from './arbitrary.js';
import { categories, fold, modelOf } from './profile.js';

describe('category table', () => {
  it('adds up to the whole profile, and each category to its functions', () => {
    fc.assert(
      fc.property(foldedStacks, (folded) => {
        const { costs, profile } = modelOf(folded).shown;
        const totalWeight = folded.reduce((sum, { weight }) => sum + weight, 0);
        const table = categoryTable(costs, profile.category, categories.length);
        expect(table.sum).toBe(totalWeight);
        expect(table.unattributed).toBe(0);
        const hot = new Set(profile.category.filter((_, func) => (costs.self[func] ?? 0) > 0));
        expect(table.rows.map((row) => row.category).sort()).toEqual([...hot].sort());
        for (const row of table.rows) {
          const weights = row.functions.map((func) => costs.self[func] ?? 0);
          expect(weights.reduce((a, b) => a + b, 0)).toBe(row.self);
          expect(weights).toEqual([...weights].sort((a, b) => b - a));
        }
        expect(table.rows.reduce((sum, row) => sum + row.self, 0)).toBe(totalWeight);
      }),
    );
  });

  it('shows samples without a function instead of hiding them in the sum', () => {
    const { costs, profile } = modelOf(fold('main 90')).shown;
    const table = categoryTable({ ...costs, all: 100 }, profile.category, categories.length);
    expect(table.unattributed).toBe(10);
    expect(table.sum).toBe(100);
  });

  it('keeps functions whose category does not exist', () => {
    const { costs } = modelOf(fold('main 90')).shown;
    const table = categoryTable(costs, Int32Array.of(7), categories.length);
    expect(table.rows[0]).toEqual({ category: -1, self: 90, functions: [0] });
  });

  it('breaks long names for the axis and loses nothing of ordinary ones', () => {
    expect(wrapLabel('Address Lookup & Classification')).toEqual(['Address Lookup &', 'Classification']);
    expect(wrapLabel('Pool')).toEqual(['Pool']);
    expect(wrapLabel('x'.repeat(40))[0]).toHaveLength(22);
  });
});

describe('hotspot table', () => {
  const model = modelOf(fold('main;beta 30', 'main;Alpha 10', 'main;gamma 30', 'main 5'));
  const names = (column: Column, descending: boolean): string[] =>
    functionRows(model, { column, descending }, undefined).map((func) => model.functionName(func));

  it('sorts figures and texts both ways; equal rows keep the order of self share', () => {
    expect(names('self', true)).toEqual(['beta', 'gamma', 'Alpha', 'main']);
    expect(names('self', false)).toEqual(['main', 'Alpha', 'beta', 'gamma']);
    expect(names('total', true)[0]).toBe('main');
    expect(names('name', false)).toEqual(['Alpha', 'beta', 'gamma', 'main']);
    expect(names('module', false)).toEqual(['beta', 'gamma', 'Alpha', 'main']);
    expect(names('place', false)).toEqual(['main', 'beta', 'Alpha', 'gamma']);
  });

  it('filters by name', () => {
    const rows = functionRows(
      model,
      { column: 'self', descending: true },
      (name) => name.includes('a;') || name === 'beta',
    );
    expect(rows.map((func) => model.functionName(func))).toEqual(['beta']);
  });

  it('lists functions of the shown samples only', () => {
    const filtered = modelOf(fold('main;beta 30', 'main;Alpha 10'));
    filtered.filter({ time: { from: 0, to: 20 } });
    const rows = functionRows(filtered, { column: 'name', descending: false }, undefined);
    expect(rows.map((func) => filtered.functionName(func))).toEqual(['beta', 'main']);
  });

  it('turns the order round on the second click, and starts figures from the top', () => {
    const first = nextOrder({ column: 'self', descending: true }, 'name');
    expect(first).toEqual({ column: 'name', descending: false });
    expect(nextOrder(first, 'name')).toEqual({ column: 'name', descending: true });
    expect(nextOrder(first, 'total')).toEqual({ column: 'total', descending: true });
  });
});
