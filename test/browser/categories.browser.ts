import { describe, expect, it } from 'vitest';
import type { ComparedRun } from '../../src/wire/protocol.js';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { keepScreenshot, panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

const shown = () => panelProfile(fold('main;f 300', 'main;gg 650', 'main;xxxx 50'));
const other: ComparedRun = {
  slot: 'other',
  profile: panelProfile(fold('main;f 520', 'main;gg 480'), { runId: 'a', preset: 'OTHER' }),
  differences: [],
};

async function show(theme: ThemeName, runs: readonly ComparedRun[] = []): Promise<void> {
  panel = await openPanel(theme);
  await panel.send({ type: 'profile', profile: shown() });
  await panel.send({ type: 'comparison', runs });
  await panel.send({ type: 'showTab', tab: 'categories' });
  await panel.page.locator('tr[data-category]').first().waitFor();
}

const rows = () =>
  panel.page
    .getByRole('treegrid', { name: 'Categories' })
    .locator('tbody tr:not([hidden])')
    .evaluateAll((all) =>
      all.map((row) =>
        [row.getAttribute('aria-level'), ...[...row.children].map((cell) => cell.textContent)].join(' | '),
      ),
    );
const press = async (...keys: string[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};

describe.each(Object.keys(themes) as ThemeName[])('the categories’ tab in the %s theme', (theme) => {
  it('shows both runs side by side, each with its sum, and fits a small panel', async () => {
    await show(theme, [other]);
    expect((await rows()).map((row) => row.replace(/[^|]* to [^|]*/, ' … '))).toEqual([
      '1 | Other 1 function | 48.0% | 65.0% | +17.0% | … | more in B',
      '1 | Pool 2 functions | 52.0% | 35.0% | −17.0% | … | less in B',
    ]);
    const sum = panel.page.locator('[data-category-sum]');
    expect(await sum.locator('td').allTextContents()).toEqual(['100%', '100%', '0%', '', '']);
    const label = await panel.page.locator('.chart canvas').getAttribute('aria-label');
    expect(label).toMatch(/^A: OTHER.*Other 48\.0%, Pool 52\.0%\. B: PRESET.*Other 65\.0%/);
    // The hollow bars are there as well as the filled ones: two colors' worth of pixels, neither the ground.
    const colored = await panel.page.locator('.chart canvas').evaluate((canvas: HTMLCanvasElement) => {
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      let n = 0;
      for (let i = 0; i < data.length; i += 4) if ((data[i + 3] ?? 0) === 255) n++;
      return n;
    });
    expect(colored).toBeGreaterThan(2000);
    await keepScreenshot(panel, `categories-compared-${theme}`);
    await panel.page.setViewportSize({ width: 520, height: 540 });
    await keepScreenshot(panel, `categories-compared-small-${theme}`);
    const [box, table] = await Promise.all(
      ['.breakdown', '.categories'].map((css) => panel.page.locator(css).boundingBox()),
    );
    expect((table?.x ?? 0) + (table?.width ?? 0)).toBeLessThanOrEqual((box?.x ?? 0) + (box?.width ?? 0) + 1);
  });

  it('opens down to the line by keyboard, and the line in the editor', async () => {
    await show(theme);
    await panel.page.locator('tr[data-category="Other"]').focus();
    await press('ArrowDown');
    expect(await panel.page.evaluate(() => (document.activeElement as HTMLElement).dataset.category)).toBe(
      'Pool',
    );
    await press('Enter', 'ArrowRight', 'ArrowRight');
    expect(await rows()).toEqual([
      '1 | Other | 65.0% | 65.0% | 1 function',
      '1 | Pool | 35.0% | 100% | 2 functions',
      '2 | f | 30.0% | 30.0% | app.c:2',
      '3 | app.c:7 | 30.0% |  | 300 samples',
      '2 | xxxx | 5.00% | 5.00% | app.c:4',
    ]);
    await keepScreenshot(panel, `categories-lines-${theme}`);
    await press('ArrowRight', 'Enter');
    expect(await panel.sent()).toContainEqual({
      type: 'openSource',
      runId: 'run',
      func: 1,
      place: { file: '/src/app.c', line: 7 },
    });
    // Left goes up a level, then closes it.
    await press('ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'ArrowLeft');
    expect(await rows()).toHaveLength(2);
  });
});

describe('the choice of the other run', () => {
  it('is the reader’s, and is kept', async () => {
    await show('dark', [{ ...other, slot: 'baseline' }]);
    const select = panel.page.getByRole('combobox', { name: 'Compare with' });
    expect(await select.inputValue()).toBe('baseline');
    await panel.page.locator('tr[data-category="Pool"]').focus();
    await press('ArrowRight');
    await select.selectOption('none');
    // What was open stays open.
    expect((await rows())[2]).toBe('2 | f | 30.0% | 30.0% | app.c:2');
    await expect
      .poll(async () => (await panel.state()).tabs['categories'])
      .toMatchObject({ beside: 'none', open: ['Pool'] });
    await panel.send({ type: 'comparison', runs: [other] });
    expect(await select.inputValue()).toBe('none');
  });
});
