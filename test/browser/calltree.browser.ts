import { describe, expect, it } from 'vitest';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { keepScreenshot, panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

async function show(theme: ThemeName): Promise<void> {
  panel = await openPanel(theme);
  const profile = panelProfile(fold('main;f;gg 300', 'main;f;xxxx 250', 'main;gg 350', 'main 100'));
  await panel.send({ type: 'profile', profile });
  await panel.send({ type: 'showTab', tab: 'calltree' });
  await panel.page.locator('tr[data-node]').first().waitFor();
}

/** `level function total self`. */
const rows = () =>
  panel.page
    .getByRole('treegrid', { name: 'Call tree' })
    .locator('tbody tr')
    .evaluateAll((all) =>
      all.map((row) =>
        [
          row.getAttribute('aria-level'),
          (row as HTMLElement).dataset['function'],
          ...[...row.children].slice(1).map((cell) => cell.textContent),
        ].join(' '),
      ),
    );
const focused = () => panel.page.evaluate(() => (document.activeElement as HTMLElement).dataset['function']);
const press = async (...keys: string[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};

describe.each(Object.keys(themes) as ThemeName[])('the call tree in the %s theme', (theme) => {
  it('opens and closes by keyboard, and what it selects is selected everywhere', async () => {
    await show(theme);
    expect(await rows()).toEqual(['1 main 100% 10.0%', '2 f 55.0% 0%', '2 gg 35.0% 35.0%']);
    await panel.page.locator('tr[data-function="f"]').focus();
    await press('ArrowRight');
    expect(await rows()).toEqual([
      '1 main 100% 10.0%',
      '2 f 55.0% 0%',
      '3 gg 30.0% 30.0%',
      '3 xxxx 25.0% 25.0%',
      '2 gg 35.0% 35.0%',
    ]);
    await press('ArrowRight');
    expect(await focused()).toBe('gg');
    await press('ArrowLeft', 'ArrowLeft');
    expect(await focused()).toBe('f');
    expect(await rows()).toHaveLength(3);
    await panel.page.locator('tr[data-function="gg"]').click();
    await panel.page.locator('#tab-functions').click();
    const selected = panel.page.locator('.functions tr[aria-selected="true"]');
    expect(await selected.getAttribute('data-function')).toBe('gg');
  });

  it('opens the heavy path, and goes from where the cost is to its callers', async () => {
    await show(theme);
    await panel.page.getByText('Expand Heavy Path').click();
    expect((await rows()).slice(0, 3)).toEqual(['1 main 100% 10.0%', '2 f 55.0% 0%', '3 gg 30.0% 30.0%']);
    expect(await focused()).toBe('gg');
    await keepScreenshot(panel, `calltree-${theme}`);
    await panel.page.getByLabel('Direction').selectOption('up');
    expect((await rows()).map((row) => row.replace(/%.*/, '%'))).toEqual([
      '1 gg 65.0%',
      '1 xxxx 25.0%',
      '1 main 10.0%',
    ]);
    await panel.page.locator('tr[data-function="gg"] .twisty').click();
    expect((await rows()).slice(0, 3).map((row) => row.replace(/%.*/, '%'))).toEqual([
      '1 gg 65.0%',
      '2 main 35.0%',
      '2 f 30.0%',
    ]);
    await keepScreenshot(panel, `calltree-up-${theme}`);
  });
});
