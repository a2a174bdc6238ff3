import { describe, expect, it } from 'vitest';
import { profileTables, table } from '../../../src/cli/tables.js';
import { clipped, noTerminal, terminalOf, widthOf } from '../../../src/cli/terminal.js';
import type { ProfileDocument } from '../../../src/model/profileDocument.js';

const tree =
  'std::_Rb_tree<std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >, std::pair<std::__cxx11::basic_string<char> const, long>, std::_Select1st<std::pair<int const, long> >, std::less<int>, std::allocator<std::pair<int const, long> > >';
const names = [
  `${tree}::_M_get_insert_hint_unique_pos(std::_Rb_tree_const_iterator<std::pair<int const, long> >, int const&)`,
  `${tree}::find(int const&)`,
  'a_namespace::of_a_project::with_a_long_name::Interpreter::executeTheNextInstructionOfTheCurrentFunction(int)',
  '計算する関数の名前がとても長くて端末の幅に収まらない場合にはどうなるのでしょうか',
  'main',
];
const functions = names.map((name, i) => ({
  name,
  module: null,
  file: null,
  line: null,
  selfPercent: [40, 30, 20, 9.7, 0.3][i] as number,
  totalPercent: 100,
  category: 'C++ library',
}));
const document: ProfileDocument = {
  event: 'cpu-clock',
  events: ['cpu-clock'],
  samples: 1000,
  functions,
  lines: [],
  categories: [{ name: 'C++ library', selfPercent: 100, functions }],
  stat: null,
  notes: ['Something is missing.'],
};

describe('the terminal', () => {
  it.each([80, 100])('of %i columns is wide enough for tables of C++ functions', (columns) => {
    const text = profileTables(document, { top: 20, terminal: { columns, color: false } });
    const lines = text.split('\n');
    const widths = lines.filter((line) => !line.startsWith('Note')).map(widthOf);
    expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
    // The room that there is gets used, and both ends of a name stay.
    expect(Math.max(...widths)).toBeGreaterThan(columns - 3);
    expect(text).toMatch(/^a_namespace::\S+…\S+CurrentFunction +20\.0%/m);
    expect(text).toMatch(/^std::_Rb_tree<…>::find +30\.0%/m);
    // Wide characters don't move the columns after them.
    const ends = lines.flatMap((line) => {
      const end = line.indexOf('%');
      return /100%/.test(line) && end > 0 ? [widthOf(line.slice(0, end))] : [];
    });
    expect(new Set(ends.slice(0, names.length)).size).toBe(1);
  });

  it('gets as many whole names of a list as there is room for, and how many more there are', () => {
    const list = ['internshrstr', 'luaV_execute', 'luaS_remove', 'index2value', 'l_strcmp'];
    const cell = (columns: number) =>
      table(['Functions'], ['left'], [[list]], { columns, color: false })
        .split('\n')
        .at(-1);
    expect(cell(Infinity)).toBe('internshrstr, luaV_execute, luaS_remove, index2value, … 1 more');
    expect(cell(40)).toBe('internshrstr, luaV_execute, … 3 more');
    expect(cell(25)).toBe('internshrstr, … 4 more');
    expect(cell(17)).toBe('internshrstr, lu…');
  });

  it('gets complete names on demand, and where lines have no end', () => {
    const all = profileTables(document, { top: 20, fullNames: true, terminal: noTerminal });
    for (const name of names) expect(all).toContain(name);
    const short = profileTables(document, { top: 20, terminal: noTerminal });
    expect(short).not.toContain('allocator');
    expect(short).toContain('executeTheNextInstructionOfTheCurrentFunction');
  });

  it('counts columns as it draws them', () => {
    expect(['a', '計', 'e\u0301', '👩‍👧', '…'].map(widthOf)).toEqual([1, 2, 1, 2, 1]);
    expect(clipped('計算する', 5, 'end')).toBe('計算…');
    expect(clipped('計算する', 6, 'middle')).toBe('計…る');
    expect(clipped('abcdefgh', 5, 'middle')).toBe('ab…gh');
    expect(clipped('abc', 3, 'end')).toBe('abc');
  });

  it('gets colors if it shows them, and nothing else does', () => {
    const colored = profileTables(document, { top: 20, terminal: { columns: 80, color: true } });
    // eslint-disable-next-line no-control-regex
    const plain = colored.replace(/\u001b\[\d+m/g, '');
    expect(colored).not.toBe(plain);
    expect(plain).toBe(profileTables(document, { top: 20, terminal: { columns: 80, color: false } }));
    expect(colored).toContain('\u001b[31m40.0%');
    expect(colored).toContain('\u001b[33mNote:');
  });

  it('is asked for its width and colors', () => {
    const stream = (isTTY: boolean, colors: boolean) =>
      ({ isTTY, columns: 72, hasColors: () => colors }) as unknown as NodeJS.WriteStream;
    expect(terminalOf(stream(true, true), {})).toEqual({ columns: 72, color: true });
    expect(terminalOf(stream(true, false), { COLUMNS: '40' })).toEqual({ columns: 72, color: false });
    expect(terminalOf(stream(false, true), {})).toEqual(noTerminal);
    expect(terminalOf(stream(false, true), { COLUMNS: '40' }).columns).toBe(40);
  });

  it.each(['x', 'é', '計', '👍🏽'])('measures and shortens a name of a million %s', (character) => {
    const name = character.repeat(2 ** 20);
    const text = table(['Function'], ['left'], [[name]], { columns: 40, color: false });
    expect(widthOf(text.split('\n').at(-1) ?? '')).toBeLessThanOrEqual(40);
  });

  it('wraps lines that have no room', () => {
    const text = table(['A', 'B'], ['left', 'right'], [['a'.repeat(40), '1']], { columns: 10, color: false });
    expect(text.split('\n')[2]).toBe(`${'a'.repeat(8)}…${'a'.repeat(7)}  1`);
  });
});
