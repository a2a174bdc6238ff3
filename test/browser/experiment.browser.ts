import { describe, expect, it } from 'vitest';
import { comparisonPage } from '../../src/core/experimentPages/comparisonPage.js';
import { historyPage } from '../../src/core/experimentPages/historyPage.js';
import { matrixPage } from '../../src/core/experimentPages/matrixPage.js';
import type { ExperimentPage } from '../../src/wire/experimentPage.js';
import { madeComparison, madeHistory, madeMatrix } from '../unit/support/experiments.js';
import { violations } from './support/accessibility.js';
import { keepScreenshot, panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();

const pages: Record<string, ExperimentPage> = {
  comparison: comparisonPage(madeComparison(0.93), null, null),
  'live comparison': comparisonPage(madeComparison(1.004, 11), null, {
    secondsLeft: 42,
    message: 'Measuring.',
  }),
  matrix: matrixPage(madeMatrix(), null),
  history: historyPage(madeHistory(45, 25)),
};

async function show(theme: ThemeName, page: ExperimentPage, width = 1280): Promise<Panel> {
  const panel = await openPanel(theme, undefined, 'en', undefined, 'experiment');
  await panel.page.setViewportSize({ width, height: 720 });
  await panel.send({ type: 'page', page });
  await panel.page.getByRole('heading', { level: 1 }).filter({ hasText: page.title }).waitFor();
  await panel.page.waitForTimeout(300);
  return panel;
}

describe.each(Object.keys(themes) as ThemeName[])('in the %s theme', (theme) => {
  it.each(Object.keys(pages))('the page of a %s is drawn, and can be read without sight', async (name) => {
    const page = pages[name] as ExperimentPage;
    const panel = await show(theme, page);
    await keepScreenshot(panel, `experiment ${name} ${theme}`);
    const drawn = await panel.page.locator('canvas').evaluateAll((canvases) =>
      canvases.map((element) => {
        const canvas = element as HTMLCanvasElement;
        const context = canvas.getContext('2d');
        const data = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        return { painted: data.some((value) => value !== 0), label: canvas.getAttribute('aria-label') };
      }),
    );
    const charts = page.parts.filter(({ kind }) => kind !== 'table' && kind !== 'heatMap');
    expect(drawn).toHaveLength(charts.length);
    for (const { painted, label } of drawn) {
      expect(painted).toBe(true);
      expect(label?.length).toBeGreaterThan(20);
    }
    expect(await violations(panel.page)).toEqual([]);
  });
});

it('keeps focus and scroll position while a live page changes, and reports buttons', async () => {
  const panel = await show('dark', pages['live comparison'] as ExperimentPage);
  const stop = panel.page.getByRole('button', { name: 'Stop and Keep' });
  await stop.focus();
  const scrolled = await panel.page.evaluate(() => {
    document.documentElement.scrollTop = 150;
    return document.documentElement.scrollTop;
  });
  expect(scrolled).toBeGreaterThan(50);
  const page = comparisonPage(madeComparison(1.004, 15), null, { secondsLeft: 30, message: 'Measuring.' });
  await panel.send({ type: 'page', page });
  await panel.page.getByText('30 s').waitFor();
  expect(await panel.page.evaluate(() => document.documentElement.scrollTop)).toBe(scrolled);
  await panel.page.keyboard.press('Enter');
  expect(await panel.sent()).toContainEqual({ type: 'action', id: 'stop' });
});

it('fits a narrow group', async () => {
  const panel = await show('dark', pages['matrix'] as ExperimentPage, 420);
  await keepScreenshot(panel, 'experiment narrow');
  const beyond = await panel.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(beyond).toBeLessThanOrEqual(0);
});
