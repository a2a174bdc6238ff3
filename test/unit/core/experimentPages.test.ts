import { describe, expect, it } from 'vitest';
import { comparisonPage } from '../../../src/core/experimentPages/comparisonPage.js';
import { historyPage } from '../../../src/core/experimentPages/historyPage.js';
import { matrixPage } from '../../../src/core/experimentPages/matrixPage.js';
import type { ExperimentPage, PagePart } from '../../../src/wire/experimentPage.js';
import { madeComparison, madeHistory, madeMatrix } from '../support/experiments.js';

function part<K extends PagePart['kind']>(page: ExperimentPage, kind: K): Extract<PagePart, { kind: K }> {
  const found = page.parts.find((one) => one.kind === kind);
  expect(found, kind).toBeDefined();
  return found as Extract<PagePart, { kind: K }>;
}

describe('the page of a comparison', () => {
  it.each([
    [1.1, 'Faster', 'good'],
    [0.9, 'Slower', 'bad'],
  ] as const)('says by word and tone what a ratio of %f means', (ratio, word, tone) => {
    const page = comparisonPage(madeComparison(ratio), null, null);
    expect(page.headline).toMatchObject({ word, tone });
    expect(page.title).toBe('BINS against LEGACY');
    const narrowing = part(page, 'narrowing');
    // The interval never widens, and its last state is the verdict's.
    const widths = narrowing.pairs.flatMap(({ low, high }) => (low && high ? [high - low] : []));
    expect(widths.length).toBeGreaterThan(10);
    widths.slice(1).forEach((width, i) => expect(width).toBeLessThanOrEqual(widths[i] as number));
    const { low, high } = narrowing.pairs.at(-1) ?? {};
    const interval = madeComparison(ratio).ratio;
    expect([low, high]).toEqual([interval?.low, interval?.high]);
    expect(part(page, 'distribution').rows.map(({ values }) => values.length)).toEqual([24, 24]);
  });

  it('offers to stop while it measures, and to go on afterwards', () => {
    const live = comparisonPage(madeComparison(1, 3), null, { secondsLeft: 40, message: 'Measuring.' });
    expect(live.progress).toContain('40 s');
    expect(live.headline?.word).toBe('Unclear');
    expect(live.actions.map(({ id }) => id)).toEqual(['stop']);
    const done = comparisonPage(madeComparison(1, 3), null, null);
    expect(done.actions).toEqual([expect.objectContaining({ id: 'more', primary: true })]);
    expect(done.paragraphs.join(' ')).toContain('Seven pairs are the fewest');
  });

  it('has the differences of the circumstances beside the speeds', () => {
    const tables = comparisonPage(madeComparison(1.1), null, null).parts.filter(
      (one) => one.kind === 'table',
    );
    expect(tables.find(({ title }) => title === 'What else differs')?.rows).toContainEqual([
      'HAKMEM_PROFILE',
      'LEGACY',
      'BINS',
    ]);
  });
});

describe('the page of a matrix', () => {
  it('ranks combinations, and names what does nothing with its reason', () => {
    const page = matrixPage(madeMatrix(), null);
    const map = part(page, 'heatMap');
    expect(map.rowNames).toContain('FAST=1 ALSO=0');
    expect(map.columnNames).toEqual(['DEAD=0', 'DEAD=1']);
    const best = map.cells.flat().map((cell) => cell?.ofBest ?? 0);
    expect(Math.max(...best)).toBe(1);
    const fast = part(page, 'effects').rows.find(({ label }) => label === 'FAST=1');
    expect(fast).toMatchObject({ shown: true });
    const dead = page.parts.find(({ title }) => title.startsWith('Options without effect'));
    expect(dead).toMatchObject({ rows: [expect.arrayContaining(['DEAD', 'nobody reads it'])] });
    // The two best combinations differ only in the dead option.
    expect(page.headline?.word).toBe('No clear best');
  });
});

describe('the page of a history', () => {
  it('marks where the runs change, with what is different there', () => {
    const page = historyPage(madeHistory(40, 22));
    const { points } = part(page, 'timeline');
    const changed = points.flatMap(({ change }, i) => (change ? [i] : []));
    expect(changed).toEqual([22]);
    expect(points[22]?.differences).toContainEqual('OPTION: 0 → 1');
    expect(page.headline).toMatchObject({ tone: 'bad' });
  });

  it('says when there are too few runs to tell', () => {
    expect(historyPage(madeHistory(12, 6)).paragraphs.join(' ')).toContain('from 30 runs on');
    expect(historyPage(madeHistory(0, 0)).paragraphs.join(' ')).toContain('no saved run');
  });
});
