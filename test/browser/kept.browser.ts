import { expect, it } from 'vitest';
import type { ComparedRun } from '../../src/wire/protocol.js';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { panelsOfTests, type Panel } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

/** Deep stacks, many functions: more than any view shows at once. */
const deep = Array.from({ length: 80 }, (_, i) => `deep${String(i)}`).join(';');
const wide = Array.from({ length: 300 }, (_, i) => `main;wide_${'x'.repeat(i % 7)}${String(i)} 2`);
const profile = () => panelProfile(fold(`main;${deep} 40`, `main;${deep};last 20`, ...wide));
const other: ComparedRun = {
  slot: 'other',
  profile: panelProfile(fold(`main;${deep} 60`, ...wide), { runId: 'a', preset: 'OTHER' }),
  differences: [],
};

/** @param saved as the panel before this one left it */
async function open(saved?: unknown, kept?: unknown): Promise<void> {
  panel = await openPanel('dark', saved, 'en', kept);
  await panel.send({ type: 'profile', profile: profile() });
  await panel.send({ type: 'comparison', runs: [other] });
  await panel.page.locator('.filled').waitFor();
  await panel.page.waitForTimeout(300);
}

/** The panel is thrown away, as when it is hidden or the window is reloaded, and made from what it saved. */
async function reopen(): Promise<void> {
  await panel.page.waitForTimeout(400);
  const state = structuredClone(await panel.state());
  await panel.page.close();
  await open(state);
}

const tab = (id: string) => panel.page.locator(`#tab-${id}`).click();
const scrolled = (selector: string) =>
  panel.page
    .locator(selector)
    .first()
    .evaluate((element) => element.scrollTop);
const scroll = async (selector: string, top: number) => {
  await panel.page
    .locator(selector)
    .first()
    .evaluate((element, to) => (element.scrollTop = to), top);
  await panel.page.waitForTimeout(100);
  return scrolled(selector);
};
const main = '.flame-scroller:not(.flame-callers)';

it('brings the graph back where it was: zoomed, scrolled, searched, its frame selected', async () => {
  await open();
  const tree = () => panel.page.getByRole('tree', { name: 'Flame graph', exact: true });
  await tree().focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowDown', 'Enter', '+', 'd'])
    await panel.page.keyboard.press(key);
  await panel.page.locator('.flame vscode-text-field input').fill('deep7');
  const top = await scroll(main, 333);
  expect(top).toBe(333);
  await panel.page.waitForTimeout(300);
  const before = structuredClone(await panel.state());
  const drawn = () =>
    tree()
      .getByRole('treeitem')
      .evaluateAll((all) =>
        all.map((item) => [item.getAttribute('data-frame'), (item as HTMLElement).style.cssText]),
      );
  const frames = await drawn();
  await reopen();
  const after = await panel.state();
  expect(after.zoom).toEqual(before.zoom);
  expect(before.zoom.to - before.zoom.from).toBeLessThan(0.2);
  expect(await scrolled(main)).toBe(333);
  expect(await drawn()).toEqual(frames);
  expect(await panel.page.locator('.flame vscode-text-field input').inputValue()).toBe('deep7');
  expect(after.selectedPath).toEqual(['main', 'deep0']);
  expect(await panel.page.locator('.details-name').textContent()).toBe('deep0');
});

it('begins at the top with another run', async () => {
  await open();
  await scroll(main, 200);
  await panel.page.waitForTimeout(300);
  const state = { ...structuredClone(await panel.state()), runId: 'another' };
  await panel.page.close();
  await open(state);
  expect(await scrolled(main)).toBe(0);
});

it('shows the root at the bottom of a graph that stands on it', async () => {
  await open();
  await panel.page.getByRole('tree', { name: 'Flame graph', exact: true }).focus();
  await panel.page.keyboard.press('i');
  expect(await scrolled(main)).toBeGreaterThan(500);
  expect(await panel.page.locator('.live').textContent()).toMatch(/below/);
});

it('brings the functions back: filter, order, rows made, scrolling', async () => {
  await open();
  await tab('functions');
  await panel.page.locator('.hotspots vscode-text-field input').fill('wide_');
  await panel.page.getByRole('button', { name: 'Function', exact: true }).click();
  await panel.page.getByRole('button', { name: /^Show .* more/ }).click();
  const top = await scroll('.hotspots .table-box', 4200);
  const names = () =>
    panel.page
      .locator('.hotspots tr[data-func]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-function')));
  const before = await names();
  await reopen();
  expect(await panel.page.locator('#tab-functions').getAttribute('aria-selected')).toBe('true');
  expect(await names()).toEqual(before);
  expect(before).toHaveLength(300);
  expect(await scrolled('.hotspots .table-box')).toBe(top);
});

it('brings the categories back: what was open, and the scrolling', async () => {
  await open();
  await tab('categories');
  await panel.page.locator('tr[data-row="0"]').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight']) await panel.page.keyboard.press(key);
  const top = await scroll('.breakdown', 260);
  const rows = () => panel.page.locator('.breakdown tr:visible').allTextContents();
  const before = await rows();
  await reopen();
  expect(await rows()).toEqual(before);
  expect(await panel.page.locator('.breakdown tr.line').count()).toBeGreaterThan(0);
  expect(await scrolled('.breakdown')).toBe(top);
});

it('brings the comparison back: its list, its zoom, its scrolling', async () => {
  await open();
  await tab('compare');
  await panel.page.getByLabel('List').selectOption('all');
  await panel.page.locator('.diff-graph [data-frame="deep0"]').waitFor({ state: 'attached' });
  await panel.page.getByRole('tree', { name: 'Differential flame graph' }).focus();
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await panel.page.keyboard.press(key);
  const top = await scroll('.compare .table-box', 150);
  const frames = () =>
    panel.page
      .locator('.diff-graph [data-frame]')
      .evaluateAll((all) =>
        all.map((item) => [item.getAttribute('data-frame'), (item as HTMLElement).style.cssText]),
      );
  const before = await frames();
  await reopen();
  expect(await frames()).toEqual(before);
  expect(await scrolled('.compare .table-box')).toBe(top);
});

it('opens as it was closed: the host keeps what a panel that is gone looked like', async () => {
  await open();
  await panel.page.locator('#tab-functions').click();
  await panel.page.waitForTimeout(400);
  const kept = (await panel.sent()).findLast((message) => message.type === 'state')?.state;
  await panel.page.close();
  await open(undefined, { ...(kept as object), search: '"><script>' });
  expect(await panel.page.locator('#tab-functions').getAttribute('aria-selected')).toBe('true');
  expect((await panel.state()).search).toBe('"><script>');
  await panel.page.close();
  // Its own state is newer than the host's.
  await open({ tab: 'categories' }, kept);
  expect(await panel.page.locator('#tab-categories').getAttribute('aria-selected')).toBe('true');
});
