import { expect, it } from 'vitest';
import type { FunctionShare } from '../../../src/model/profileDocument.js';
import { groupFunctions, groupings, selectFunctions } from '../../../src/vscode/hotspots/grouping.js';

const share = (name: string, selfPercent: number, rest: Partial<FunctionShare> = {}): FunctionShare => ({
  name,
  module: '/usr/bin/app',
  file: null,
  line: null,
  selfPercent,
  totalPercent: selfPercent,
  category: 'Other',
  ...rest,
});
const functions = [
  share('app::parse(int)', 30, { file: '/src/parse.cpp', category: 'Parser' }),
  share('memcpy', 25, { module: '/lib/libc.so.6', category: 'C library' }),
  share('app::lex(int)', 20, { file: '/src/parse.cpp', category: 'Parser' }),
  share('main', 25, { file: '/src/main.cpp' }),
  share('idle', 0),
];
const groups = (by: (typeof groupings)[number]) =>
  groupFunctions(functions, by).map(({ name, selfPercent }) => [name, selfPercent]);

it('hotspots are grouped by what functions have in common, the hottest group first', () => {
  expect(groups('category')).toEqual([
    ['Parser', 50],
    ['C library', 25],
    ['Other', 25],
  ]);
  expect(groups('file')).toEqual([
    ['parse.cpp', 50],
    ['libc.so.6', 25],
    ['main.cpp', 25],
  ]);
  expect(groups('namespace')[0]).toEqual(['app', 75]);
  expect(groups('module')).toEqual([
    ['app', 75],
    ['libc.so.6', 25],
  ]);
});

it('no group loses a function: all of them add up to the same', () => {
  for (const by of groupings)
    expect(groups(by).reduce((sum, [, percent]) => sum + Number(percent), 0)).toBe(100);
});

it('hotspots are sorted by self or total cost or by name, and filtered by what names them', () => {
  const withTotals = functions.map((one) => (one.name === 'main' ? { ...one, totalPercent: 75 } : one));
  const names = (order: 'self' | 'total' | 'name', filter = '') =>
    selectFunctions(withTotals, { order, filter }).map(({ name }) => name);
  expect(names('self')).toEqual(['app::parse(int)', 'memcpy', 'main', 'app::lex(int)']);
  expect(names('total')[0]).toBe('main');
  expect(names('name')).toEqual(['app::lex(int)', 'app::parse(int)', 'main', 'memcpy']);
  expect(names('self', 'APP::')).toEqual(['app::parse(int)', 'app::lex(int)']);
  expect(names('self', 'libc')).toEqual(['memcpy']);
  expect(names('self', 'main.cpp')).toEqual(['main']);
  expect(names('self', 'nothing')).toEqual([]);
  const byName = groupFunctions(selectFunctions(functions, { order: 'name', filter: '' }), 'module', 'name');
  expect(byName.map(({ name }) => name)).toEqual(['app', 'libc.so.6']);
  expect(byName[0]?.functions.map(({ name }) => name)).toEqual(['app::lex(int)', 'app::parse(int)', 'main']);
});
