import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { percent } from '../../../src/text/numbers.js';
import { shownLines } from '../../../webview/store/shownLines.js';
import { compareCategories } from '../../../webview/comparison/categories.js';
import { filteredPair } from '../../../webview/comparison/pair.js';
import { oneRun } from '../../../webview/tabs/categories/oneRun.js';
import { twoRuns } from '../../../webview/tabs/categories/twoRuns.js';
import { noFilters } from '../../../webview/store/panelState.js';
import { foldedStacks } from './arbitrary.js';
import { categories, fold, modelOf, otherRun, panelProfile, type Folded } from './profile.js';
import type { PanelProfile } from '../../../src/wire/protocol.js';

const run = (folded: readonly Folded[], overrides: Partial<PanelProfile> = {}) =>
  otherRun(panelProfile(folded, { runId: 'a', preset: 'OTHER', ...overrides }));
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
          const sum = shownLines(model.shown, func).reduce((all, { weight }) => all + weight, 0);
          expect(sum).toBeCloseTo(model.shown.costs.self[func] ?? 0, 9);
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
    expect(shownLines(hidden.shown, 1)).toMatchObject([{ line: 7, weight: 8, samples: 8 }]);
    expect(shownLines(hidden.shown, g)).toEqual([]);
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
        cells: [{ text: '30.0%', number: true }, { text: '' }, { text: '30 samples' }],
      },
    ]);
  });
});

describe('categories of two runs', () => {
  it('sum to 100 on each side, and every level to the one above', () => {
    const nonempty = foldedStacks.filter((stacks) => stacks.some(({ weight }) => weight > 0));
    fc.assert(
      fc.property(nonempty, nonempty, (a, b) => {
        const [model, other] = [modelOf(b), run(a)];
        const table = twoRuns(model, other);
        expect(texts(table.sum).slice(0, 3)).toEqual(['100%', '100%', '0%']);
        const compared = compareCategories(filteredPair(model, other)).categories;
        for (const side of ['a', 'b'] as const) {
          const sum = (parts: readonly { readonly a: number; readonly b: number }[]) =>
            parts.reduce((all, part) => all + part[side], 0);
          expect(sum(compared)).toBeCloseTo(1, 9);
          for (const category of compared) {
            const functions = category.functions(0, category.functionCount);
            expect(sum(functions)).toBeCloseTo(category[side], 9);
            for (const func of functions) expect(sum(func.lines())).toBeCloseTo(func[side], 9);
          }
        }
        // What is shown is what was computed.
        const shown = table.rows.flatMap((row) => [
          texts(row.cells).slice(0, 2),
          ...row.functions(0, row.functionCount).map(({ cells }) => texts(cells).slice(0, 2)),
        ]);
        const computed = compared.flatMap((category) => [
          category,
          ...category.functions(0, category.functionCount),
        ]);
        expect(shown).toEqual(computed.map((part) => [percent(part.a), percent(part.b)]));
      }),
      { numRuns: 50 },
    );
  });

  it('tells significant differences from noise, and a function of one side from the others', () => {
    const table = twoRuns(modelOf(fold('main;f 300', 'main;gg 700')), run(fold('main;f 500', 'main;hh 500')));
    const [gg, f] = table.rows;
    expect(f).toMatchObject({ name: categories[1], self: 0.3 });
    expect(texts(f?.cells ?? [])).toEqual([
      '50.0%',
      '30.0%',
      '−20.0%',
      expect.stringMatching(/^−24\.\d% to −15\.\d%$/),
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

  it('applies filters to both runs, except those of one recording', () => {
    const filters = { ...noFilters, categories: [categories[1] ?? ''], time: { from: 0, to: 1000 } };
    const model = modelOf(fold('f 3', 'gg 7'), { filters });
    // A remembered time belongs to one recording: it is set after the profile is shown.
    model.filter({ time: filters.time });
    const table = twoRuns(model, run(fold('f 8', 'gg 2')));
    expect(table.rows.map(({ name, cells }) => [name, cells[0]?.text, cells[1]?.text])).toEqual([
      ['Pool', '100%', '100%'],
    ]);
    expect(table.notes.join()).toContain('thread and time apply to B only');
  });

  it('compares nothing silently: another event is named', () => {
    const table = twoRuns(modelOf(fold('f 3')), run(fold('f 8'), { events: [{ name: 'page-faults' }] }));
    expect(table.notes[0]).toBe(
      'A was recorded with page-faults and B with cycles:u: their shares mean different things.',
    );
  });
});
