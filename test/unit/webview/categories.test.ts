import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shownLines } from '../../../webview/store/shownLines.js';
import { twoRuns } from '../../../webview/tabs/categories/compared.js';
import { oneRun } from '../../../webview/tabs/categories/tableModel.js';
import { noFilters } from '../../../webview/store/panelState.js';
import type { ComparedRun } from '../../../src/wire/protocol.js';
import { foldedStacks } from './arbitrary.js';
import { categories, fold, modelOf, panelProfile, type Folded } from './profile.js';

const run = (folded: readonly Folded[]): ComparedRun => ({
  slot: 'other',
  profile: panelProfile(folded, { runId: 'a', preset: 'OTHER' }),
  differences: [],
});
const texts = (cells: readonly { readonly text: string }[]) => cells.map(({ text }) => text);

describe('the lines of a function', () => {
  const folded = fold('main;f;g 3', 'main;f 5', 'main 2');

  it('add up to its self cost, whatever is hidden, focused, dropped or collapsed', () => {
    const pick = fc.nat({ max: 30 });
    fc.assert(
      fc.property(foldedStacks, pick, pick, fc.boolean(), fc.boolean(), (stacks, one, two, focus, fold1) => {
        const plain = modelOf(stacks);
        const name = (i: number) => plain.data.nameOf(i % Math.max(1, plain.data.functionCount));
        const model = modelOf(stacks, {
          filters: {
            ...noFilters,
            collapseRecursion: fold1,
            focus: focus ? name(one) : null,
            dropped: focus ? [] : [name(two)],
          },
        });
        for (let func = 0; func < model.data.functionCount; func++) {
          const sum = shownLines(model, func).reduce((all, { weight }) => all + weight, 0);
          expect(sum).toBeCloseTo(model.costs.self[func] ?? 0, 9);
        }
      }),
    );
  });

  it('have the cost of hidden callees on the line of the call', () => {
    const profile = panelProfile(folded);
    const g = 2;
    const text = new Int32Array(profile.functions.module);
    text[g] = profile.functions.file[g] ?? -1;
    const hidden = modelOf(
      folded,
      { filters: { ...noFilters, hiddenModules: ['/src/app.c'] } },
      { functions: { ...profile.functions, module: text } },
    );
    expect(shownLines(hidden, 1)).toMatchObject([{ line: 7, weight: 8, samples: 8 }]);
    expect(shownLines(hidden, g)).toEqual([]);
  });
});

describe('categories of one run', () => {
  it('open down to lines that lead into the source', () => {
    const model = modelOf(fold('main;f 30', 'main 70'));
    const [row] = oneRun(model).rows;
    const funcs = row?.functions(0, 10) ?? [];
    expect(funcs.map(({ name }) => name)).toEqual(['main', 'f']);
    expect(funcs[1]?.lines()).toEqual([
      {
        label: 'app.c:7',
        place: { file: '/src/app.c', line: 7 },
        cells: [{ text: '30.00 %', number: true }, { text: '' }, { text: '30 samples' }],
      },
    ]);
  });
});

describe('categories of two runs', () => {
  it('sum to 100 on each side, and every level to the one above', () => {
    const share = (cell: { readonly text: string } | undefined) => parseFloat(cell?.text ?? '');
    const nonempty = foldedStacks.filter((stacks) => stacks.some(({ weight }) => weight > 0));
    fc.assert(
      fc.property(nonempty, nonempty, (a, b) => {
        const table = twoRuns(modelOf(b), run(a));
        expect(texts(table.sum).slice(0, 3)).toEqual(['100.00 %', '100.00 %', '0.00 %']);
        for (const row of table.rows) {
          const functions = row.functions(0, row.functionCount);
          for (const side of [0, 1]) {
            const sum = functions.reduce((all, { cells }) => all + share(cells[side]), 0);
            // Two decimals each.
            expect(Math.abs(sum - share(row.cells[side]))).toBeLessThan(0.006 * (functions.length + 1));
            for (const func of functions) {
              const lines = func.lines();
              const below = lines.reduce((all, { cells }) => all + share(cells[side]), 0);
              expect(Math.abs(below - share(func.cells[side]))).toBeLessThan(0.006 * (lines.length + 1));
            }
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it('tells what is believed from noise, and a function of one side from the others', () => {
    const table = twoRuns(modelOf(fold('main;f 300', 'main;gg 700')), run(fold('main;f 500', 'main;hh 500')));
    const [gg, f] = table.rows;
    expect(f).toMatchObject({ name: categories[1], self: 0.3 });
    expect(texts(f?.cells ?? [])).toEqual([
      '50.00 %',
      '30.00 %',
      '−20.00 %',
      expect.stringMatching(/^−24\.\d\d % to −15\.\d\d %$/),
      'less in B',
    ]);
    expect(gg?.functions(0, 9).map(({ name, badge, func }) => [name, badge, func])).toEqual([
      ['gg', 'only in B', 2],
      ['hh', 'only in A', -1],
    ]);
    expect(table.series.map(({ shares }) => shares)).toEqual([
      [0.5, 0.5],
      [0.7, 0.3],
    ]);
    const noise = twoRuns(modelOf(fold('main;f 10', 'gg 10')), run(fold('main;f 11', 'gg 9')));
    expect(noise.rows.map(({ cells }) => cells[4]?.text)).toEqual(['within noise', 'within noise']);
  });

  it('applies filters to both runs, but those of one recording', () => {
    const filters = { ...noFilters, categories: [categories[1] ?? ''], time: { from: 0, to: 1000 } };
    const model = modelOf(fold('f 3', 'gg 7'), { filters });
    // A remembered time belongs to one recording: it is set after the profile is shown.
    model.filter({ time: filters.time });
    const table = twoRuns(model, run(fold('f 8', 'gg 2')));
    expect(table.rows.map(({ name, cells }) => [name, cells[0]?.text, cells[1]?.text])).toEqual([
      ['Pool', '100.00 %', '100.00 %'],
    ]);
    expect(table.notes.join()).toContain('thread and time apply to B only');
  });

  it('compares nothing silently: another event is said', () => {
    const other = run(fold('f 8'));
    const table = twoRuns(modelOf(fold('f 3')), {
      ...other,
      profile: { ...other.profile, events: [{ name: 'page-faults' }] },
    });
    expect(table.notes[0]).toBe(
      'A was recorded with page-faults and B with cycles:u: their shares mean different things.',
    );
  });
});
