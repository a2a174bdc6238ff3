import { describe, expect, it } from 'vitest';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { keepScreenshot, panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

async function show(
  theme: ThemeName,
  stacks = ['main;f;gg 300', 'main;f;xxxx 250', 'main;gg 350', 'main 100'],
): Promise<void> {
  panel = await openPanel(theme);
  await panel.send({ type: 'profile', profile: panelProfile(fold(...stacks)) });
  await panel.send({ type: 'showTab', tab: 'calltree' });
  await panel.page.locator('tr[data-node]').first().waitFor();
}

const tree = () => panel.page.getByRole('treegrid', { name: 'Call tree' });
/** `level function total self`. */
const rows = () =>
  tree()
    .locator('tbody tr[data-node]')
    .evaluateAll((all) =>
      all.map((row) =>
        [
          row.getAttribute('aria-level'),
          (row as HTMLElement).dataset['function'],
          ...[...row.children].slice(1).map((cell) => cell.textContent),
        ].join(' '),
      ),
    );
/** Of the row that keys apply to, as announced to screen readers. */
const active = () =>
  tree().evaluate(
    (table) =>
      document.getElementById(table.getAttribute('aria-activedescendant') ?? '')?.dataset['function'],
  );
const press = async (...keys: string[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};
const chips = () => panel.page.locator('.tab:has(.call-tree) .chip').allTextContents();

describe.each(Object.keys(themes) as ThemeName[])('the call tree in the %s theme', (theme) => {
  it('opens and closes by keyboard, and what it selects is selected everywhere', async () => {
    await show(theme);
    expect(await rows()).toEqual(['1 main 100% 10.0%', '2 f 55.0% 0%', '2 gg 35.0% 35.0%']);
    await panel.page.locator('.call-tree tr[data-function="f"]').click();
    await press('ArrowRight');
    expect(await rows()).toEqual([
      '1 main 100% 10.0%',
      '2 f 55.0% 0%',
      '3 gg 30.0% 30.0%',
      '3 xxxx 25.0% 25.0%',
      '2 gg 35.0% 35.0%',
    ]);
    await press('ArrowRight');
    expect(await active()).toBe('gg');
    await press('ArrowLeft', 'ArrowLeft');
    expect(await active()).toBe('f');
    expect(await rows()).toHaveLength(3);
    await press('End');
    expect(await active()).toBe('gg');
    await press('Home', 'Enter');
    expect((await panel.sent()).map(({ type }) => type)).toContain('openSource');
    await press('*');
    expect(await rows()).toHaveLength(5);
    await panel.page.locator('.call-tree tr[data-function="gg"][aria-level="2"]').click();
    await panel.page.locator('#tab-functions').click();
    const selected = panel.page.locator('.functions tr[aria-selected="true"]');
    expect(await selected.getAttribute('data-function')).toBe('gg');
  });

  it('opens the heavy path, and goes from where the cost is to its callers', async () => {
    await show(theme);
    await panel.page.getByText('Expand Heavy Path').click();
    expect((await rows()).slice(0, 3)).toEqual(['1 main 100% 10.0%', '2 f 55.0% 0%', '3 gg 30.0% 30.0%']);
    expect(await active()).toBe('gg');
    await keepScreenshot(panel, `calltree-${theme}`);
    await panel.page.getByLabel('Direction').selectOption('up');
    expect(await rows()).toEqual(['1 gg 65.0% 65.0%', '1 xxxx 25.0% 25.0%', '1 main 10.0% 10.0%']);
    await panel.page.locator('.call-tree tr[data-function="gg"] .twisty').click();
    expect((await rows()).slice(0, 3)).toEqual(['1 gg 65.0% 65.0%', '2 main 35.0% 0%', '2 f 30.0% 0%']);
    await keepScreenshot(panel, `calltree-up-${theme}`);
  });

  it('drops, merges, and focuses, says how much is gone, and takes each back by its chip', async () => {
    await show(theme);
    await panel.page.locator('.call-tree tr[data-function="f"]').click();
    await press('ArrowRight', 'ArrowDown', 'x');
    // gg ends 65% of the samples.
    expect(await rows()).toEqual(['1 main 100% 28.6%', '2 f 71.4% 0%', '3 xxxx 71.4% 71.4%']);
    expect(await chips()).toEqual(['Dropped 65.0%: gg']);
    const gone = panel.page.getByText('65.0% dropped: shares are of the other 35.0%.');
    expect(await gone.first().isVisible()).toBe(true);
    await panel.page.locator('.call-tree tr[data-function="f"]').click();
    await press('Shift+M');
    expect(await rows()).toEqual(['1 main 100% 28.6%', '2 xxxx 71.4% 71.4%']);
    await keepScreenshot(panel, `calltree-filters-${theme}`);
    await panel.page.locator('#tab-functions').click();
    expect(await panel.page.locator('.functions tr[data-function="xxxx"]').textContent()).toContain('71.4%');
    await panel.page.locator('#tab-calltree').click();
    await panel.page.getByRole('button', { name: /Dropped [\d.]+%: gg/ }).click();
    await panel.page.getByRole('button', { name: /Merged: f/ }).click();
    expect(await chips()).toEqual([]);
    // What was selected before its function was merged.
    expect(await active()).toBe('f');
    await panel.page.locator('.call-tree tr[data-function="f"]').click({ button: 'right' });
    await panel.page.getByRole('menuitem', { name: 'Focus on this subtree' }).click();
    expect((await rows())[0]).toBe('1 f 100% 0%');
    await panel.page.locator('.call-tree tr[data-function="gg"]').click();
    await press('Shift+F');
    expect(await rows()).toEqual(['1 gg 100% 100%']);
    expect(await chips()).toEqual(['Subtree: f ▸ gg']);
    await press('u');
    expect((await rows())[0]).toBe('1 main 100% 10.0%');
    expect(await active()).toBe('gg');
    expect(await rows()).toContain('3 gg 30.0% 30.0%');
    await press('b');
    expect((await panel.sent()).at(-1)?.type).toBe('showCode');
  });

  it('leaves the rows that lead to what is searched, and marks it', async () => {
    await show(theme);
    await panel.page.locator('.call-tree tr[data-function="main"]').click();
    await press('?', 'Escape', '/');
    await panel.page.keyboard.type('xx');
    await expect.poll(rows).toEqual(['1 main 100% 10.0%', '2 f 55.0% 0%', '3 xxxx 25.0% 25.0%']);
    expect(await tree().locator('mark').allTextContents()).toEqual(['xxxx']);
    await press('Enter', 'n');
    expect(await active()).toBe('xxxx');
    await keepScreenshot(panel, `calltree-search-${theme}`);
    await panel.page.getByLabel('Direction').selectOption('up');
    expect((await rows()).map((row) => row.replace(/%.*/, '%'))).toEqual(['1 xxxx 25.0%', '2 f 25.0%']);
  });
});

describe('the selection', () => {
  it('of another view opens its row, which stays open when the samples change', async () => {
    await show('dark');
    await panel.send({ type: 'selectFunction', func: 3 });
    await expect.poll(active).toBe('xxxx');
    expect(await tree().locator('[aria-selected="true"]').count()).toBe(1);
    await tree().focus();
    await press('ArrowLeft');
    expect(await active()).toBe('f');
    await press('r');
    expect(await rows()).toHaveLength(5);
    await panel.page.locator('#tab-flame').click();
    await expect.poll(async () => (await panel.state()).selectedPath).toEqual(['main', 'f']);
  });
});

describe('a large call tree', () => {
  it('has only the rows in view, and the focus stays where keys go', async () => {
    const many = Array.from({ length: 2000 }, (_, i) => `main;f${String(i)} 1`);
    await show('dark', many);
    expect(await tree().getAttribute('aria-rowcount')).toBe('2001');
    expect((await rows()).length).toBeLessThan(100);
    await tree().focus();
    await press('End');
    expect(await active()).toMatch(/^f\d+$/);
    const last = panel.page.locator('tr.active');
    expect(await last.getAttribute('aria-rowindex')).toBe('2001');
    const box = await last.boundingBox();
    const frame = await panel.page.locator('.table-box:has(.call-tree)').boundingBox();
    expect((box?.y ?? 0) + (box?.height ?? 0)).toBeLessThanOrEqual(
      (frame?.y ?? 0) + (frame?.height ?? 0) + 1,
    );
    await press('PageUp', 'PageUp');
    expect(Number(await last.getAttribute('aria-rowindex'))).toBeLessThan(1990);
    await press('Home');
    expect(await active()).toBe('main');
  });
});

describe('in a low panel', () => {
  it('brings a match into view that is deep down, and a menu that is taller than the panel', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `step${String(i)}`);
    await show('dark', [`${names.join(';')};deep 9`, 'other 1']);
    const { page } = panel;
    await page.setViewportSize({ width: 900, height: 260 });
    const status = page.locator('.tab:has(.call-tree) .search-status');
    expect(await status.textContent()).toBe('42 functions in 42 frames');
    await page.locator('.tab:has(.call-tree) vscode-text-field input').fill('deep');
    const match = page.locator('.call-tree mark', { hasText: 'deep' });
    await match.waitFor();
    expect(await match.evaluate((row) => row.getBoundingClientRect().bottom <= innerHeight)).toBe(true);
    await match.click({ button: 'right' });
    const menu = page.getByRole('menu');
    await menu.getByRole('menuitem').last().scrollIntoViewIfNeeded();
    const { y, height } = (await menu.boundingBox()) ?? { y: NaN, height: NaN };
    expect(y).toBeGreaterThanOrEqual(0);
    expect(y + height).toBeLessThanOrEqual(260);
    const last = await menu.getByRole('menuitem').last().boundingBox();
    expect((last?.y ?? NaN) + (last?.height ?? NaN)).toBeLessThanOrEqual(260);
    await press('Escape');
    await page.locator('.tab:has(.call-tree) vscode-text-field input').fill('');
    await tree().focus();
    await press('Home', 'x');
    expect(await status.textContent()).toBe('1 function in 1 frame');
  });
});
