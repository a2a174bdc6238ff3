import { describe, expect, it } from 'vitest';
import type { BenchResult, ComparedRun } from '../../src/wire/protocol.js';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { keepScreenshot, panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

const throughput = (median: number): BenchResult => ({
  allocator: 'hakmem',
  opsPerSec: { median, ci95: [median * 0.99, median * 1.01], samples: [median] },
  peakRssBytes: 1 << 20,
});
const shown = () =>
  panelProfile(fold('main;f 300', 'main;gg 600', 'main;xxxx 101'), {
    results: [throughput(10e6)],
    scenarios: [
      { name: 'Cheaper pool', description: 'halve it', targets: [{ category: 'Pool', share: 0.2 }] },
    ],
  });
const other: ComparedRun = {
  slot: 'other',
  profile: panelProfile(fold('main;f 500', 'main;gg 400', 'main;xxxx 100'), {
    runId: 'a',
    preset: 'OTHER',
    results: [throughput(8e6)],
  }),
  differences: [{ what: 'HAKMEM_POOL', a: '0', b: '1' }],
};

async function show(theme: ThemeName, tab: string): Promise<void> {
  panel = await openPanel(theme);
  await panel.send({ type: 'profile', profile: shown() });
  await panel.send({ type: 'comparison', runs: [other] });
  await panel.send({ type: 'showTab', tab });
}
const press = async (...keys: string[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};

/** Nothing of the tab is beyond the right edge of a narrow panel. */
async function fits(css: string, name: string): Promise<void> {
  await panel.page.setViewportSize({ width: 520, height: 540 });
  await panel.page.waitForTimeout(200);
  await keepScreenshot(panel, name);
  const beyond = await panel.page.locator(css).evaluate((element) => {
    const edge = document.documentElement.clientWidth;
    return [...element.querySelectorAll('button, input, select, canvas, p, vscode-button')]
      .filter((child) => child.getBoundingClientRect().right > edge + 1 && !child.closest('.table-box'))
      .map((child) => child.outerHTML.slice(0, 80));
  });
  expect(beyond).toEqual([]);
}

describe.each(Object.keys(themes) as ThemeName[])('in the %s theme', (theme) => {
  it('paints what is significantly less, more, or within noise, as the tree and the table say', async () => {
    await show(theme, 'compare');
    const frame = (name: string) => panel.page.locator(`.compare [data-frame="${name}"]`).first();
    await frame('gg').waitFor({ state: 'attached' });
    const label = await frame('f').getAttribute('aria-label');
    expect(label).toContain('A 50.0%, 500 samples, B 30.0%, 300 samples, B − A −20.0% (95% CI −24.');
    const rows = await panel.page
      .locator('.diff-table tbody tr')
      .evaluateAll((all) =>
        all.map((row) => [row.getAttribute('data-function'), row.lastElementChild?.textContent]),
      );
    expect(rows).toEqual([
      ['f', 'less in B'],
      ['gg', 'more in B'],
      ['xxxx', 'within noise'],
      ['main', 'within noise'],
    ]);
    // A small difference keeps its sign, and so do the bounds of its interval.
    const noiseCells = await panel.page.locator('tr[data-function="xxxx"] td').allTextContents();
    expect(noiseCells[3]).toMatch(/^\+0\.09%$/);
    const sums = panel.page.locator('[data-sum-a]');
    expect([await sums.getAttribute('data-sum-a'), await sums.getAttribute('data-sum-b')]).toEqual([
      '100%',
      '100%',
    ]);
    const color = (name: string) =>
      frame(name).evaluate((element) => {
        const canvas = document.querySelector('.diff-graph canvas') as HTMLCanvasElement;
        const [box, ground] = [element.getBoundingClientRect(), canvas.getBoundingClientRect()];
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        return [...context.getImageData(box.left - ground.left + 3, box.bottom - ground.top - 4, 1, 1).data];
      });
    const [less, more, noise] = [await color('f'), await color('gg'), await color('xxxx')];
    expect(less[2]).toBeGreaterThan((less[0] ?? 0) + 30);
    expect(more[0]).toBeGreaterThan((more[2] ?? 0) + 30);
    // Noise has no hue.
    expect(Math.max(...noise.slice(0, 3)) - Math.min(...noise.slice(0, 3))).toBeLessThan(20);
    await keepScreenshot(panel, `compare-${theme}`);
    await fits('.compare', `compare-small-${theme}`);
  });

  it('predicts the throughput while a slider moves by keys, and says it', async () => {
    await show(theme, 'whatif');
    const result = panel.page.locator('.what-if-result');
    const slider = panel.page.getByRole('slider', { name: 'Target for Pool' });
    await slider.focus();
    const speedup = async () => Number(await result.getAttribute('data-speedup'));
    expect(await speedup()).toBe(1);
    await press('ArrowLeft');
    const [, pool] = [1001, 401];
    // One step is half a percent of the cost.
    expect(await speedup()).toBeCloseTo(1 / (1 - (0.005 * pool) / 1001), 4);
    await press('Home');
    expect(await speedup()).toBeCloseTo(1001 / 600, 4);
    expect(await slider.getAttribute('aria-valuetext')).toMatch(
      /^0% of the time, measured 40\.1%\. Saved 40\.1% .* → 16\.7M ops\/s \(.*–.*\)$/,
    );
    expect(await result.textContent()).toMatch(/^Saved 40\.1% of the time · 1\.668×.*10\.0M ops\/s → 16\.7M/);
    await keepScreenshot(panel, `whatif-${theme}`);
    await press('End');
    expect(await speedup()).toBe(1);
    await panel.page.getByRole('button', { name: 'Cheaper pool' }).focus();
    await press('Enter');
    expect(await speedup()).toBeCloseTo(1 / (1 - (pool / 1001 - 0.2)), 4);
    await fits('.what-if', `whatif-small-${theme}`);
  });
});

describe('the export button', () => {
  it('saves the drawn flame graph as PNG, and leads to the other formats, by keyboard', async () => {
    await show('dark', 'flame');
    const button = panel.page.locator('.export');
    await button.focus();
    await press('Enter');
    await panel.page.getByRole('menuitem', { name: /PNG/ }).waitFor();
    await press('Enter');
    const size = () =>
      panel.page.evaluate(async () => {
        const { sent } = (window as unknown as { store: { sent: { type: string; bytes: BlobPart }[] } })
          .store;
        const message = sent.find(({ type }) => type === 'savePng');
        if (message === undefined) return undefined;
        const image = await createImageBitmap(new Blob([message.bytes], { type: 'image/png' }));
        const canvas = document.querySelector('.flame-canvas') as HTMLCanvasElement;
        return [image.width - canvas.width, image.height - canvas.height, Math.sign(image.width)];
      });
    await expect.poll(size).toEqual([0, 0, 1]);
    await button.focus();
    await press('Enter', 'ArrowDown', 'Enter');
    expect(await panel.sent()).toContainEqual({ type: 'export' });
    await keepScreenshot(panel, 'export');
  });
});

describe('the comparison by keyboard', () => {
  it('moves between functions and goes to the source', async () => {
    await show('dark', 'compare');
    await panel.page.locator('.diff-table tbody tr').first().focus();
    await press('ArrowDown', 'Enter');
    expect(await panel.sent()).toContainEqual({ type: 'openSource', runId: 'run', func: 2 });
    await press(' ');
    await expect.poll(async () => ((await panel.state()) as { tab?: string } | undefined)?.tab).toBe('flame');
  });

  it('reaches the table in a low panel', async () => {
    await show('dark', 'compare');
    await panel.page.setViewportSize({ width: 700, height: 420 });
    const sums = panel.page.locator('[data-sum-a]');
    await sums.scrollIntoViewIfNeeded();
    const box = await sums.boundingBox();
    expect((box?.y ?? 999) + (box?.height ?? 0)).toBeLessThanOrEqual(421);
  });

  it('has one line per function beside a sidebar', async () => {
    await show('dark', 'compare');
    const long = `std::deque<${'Json::Value, '.repeat(3)}>::emplace_back`;
    const folded = fold('main;f 300', 'main;gg 600', 'main;xxxx 101', `main;${long} 600`);
    await panel.send({ type: 'profile', profile: panelProfile(folded) });
    await panel.page.setViewportSize({ width: 980, height: 540 });
    const box = panel.page.locator('.compare .table-box');
    expect(await box.evaluate((e) => e.scrollWidth <= e.clientWidth)).toBe(true);
    const heights = await panel.page
      .locator('.diff-table tbody tr[data-function]:not(:has(.badge))')
      .evaluateAll((rows) => rows.map((row) => row.getBoundingClientRect().height));
    expect(heights.length).toBeGreaterThan(2);
    expect(Math.max(...heights)).toBeLessThan(32);
  });

  it('compares the cost of an operation', async () => {
    await show('dark', 'compare');
    await panel.page.getByRole('combobox', { name: 'Compare by' }).selectOption('operation');
    const sums = panel.page.locator('[data-sum-a]');
    expect([await sums.getAttribute('data-sum-a'), await sums.getAttribute('data-sum-b')]).toEqual([
      '125 ns/op',
      '100 ns/op',
    ]);
  });
});
