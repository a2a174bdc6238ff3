import { describe, expect, it } from 'vitest';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { keepScreenshot, panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

/** First 400 s of `f`, then 600 s of `gg`: a sample a second. */
const profile = () => panelProfile(fold('main;f 400', 'main;gg 600'));

async function show(theme: ThemeName = 'dark', state: object = {}): Promise<void> {
  panel = await openPanel(theme, { runId: 'run', view: 'time', ...state });
  await panel.send({ type: 'profile', profile: profile() });
  await panel.page.locator('[role=treeitem]').first().waitFor({ state: 'attached' });
  await panel.page.waitForTimeout(300);
}

const strip = () => panel.page.locator('.timeline-strip');
const edge = (name: 'Start' | 'End') => panel.page.getByRole('slider', { name: `${name} time` });
const filter = async () => (await panel.state()).filters.time;
const names = async () => {
  await panel.page.waitForTimeout(250);
  return panel.page
    .locator('[id^=flameGraph]')
    .evaluateAll((all) => all.map((item) => item.getAttribute('data-frame')));
};
const press = async (...keys: string[]) => {
  for (const key of keys) await panel.page.keyboard.press(key);
};

async function drag(from: number, to: number): Promise<void> {
  const box = await strip().boundingBox();
  if (box === null) throw new Error('no strip');
  const y = box.y + 15;
  await panel.page.mouse.move(box.x + from * box.width, y);
  await panel.page.mouse.down();
  await panel.page.mouse.move(box.x + ((from + to) / 2) * box.width, y);
  await panel.page.mouse.move(box.x + to * box.width, y);
  await panel.page.mouse.up();
  await panel.page.waitForTimeout(250);
}

function hex(color: string): { r: number; g: number; b: number } {
  const value = parseInt(color.slice(1), 16);
  return { r: value >> 16, g: (value >> 8) & 255, b: value & 255 };
}

/** Color in a canvas at a share of its width. */
const pixel = (css: string, x: number, y: number) =>
  panel.page.locator(css).evaluate(
    (canvas, [share, top]) => {
      const { width } = canvas as HTMLCanvasElement;
      const context = (canvas as HTMLCanvasElement).getContext('2d') as CanvasRenderingContext2D;
      return [...context.getImageData(Math.floor(width * (share ?? 0)), top ?? 0, 1, 1).data].join();
    },
    [x, y],
  );

describe.each(Object.keys(themes) as ThemeName[])('the time in the %s theme', (theme) => {
  it('is drawn as activity in the colors of the graph, with times below and above the graph', async () => {
    await show(theme);
    const [early, late] = [
      await pixel('.timeline-canvas', 0.2, 28),
      await pixel('.timeline-canvas', 0.8, 28),
    ];
    const swatches = await panel.page
      .locator('.legend .swatch')
      .evaluateAll((all) => all.map((swatch) => getComputedStyle(swatch).backgroundColor));
    const rgb = (color: string) => color.replace(/^(\d+),(\d+),(\d+),255$/, 'rgb($1, $2, $3)');
    expect(swatches).toContain(rgb(early));
    expect(swatches).toContain(rgb(late));
    expect(early).not.toBe(late);
    expect(await panel.page.getByRole('img', { name: /^Time, from 0 s to/ }).isVisible()).toBe(true);
    expect(
      await panel.page.getByRole('img', { name: /^Activity over the recording, 0 s to 999 s/ }).isVisible(),
    ).toBe(true);
    await keepScreenshot(panel, `time-${theme}`);
  });

  it('shows when the selected function ran, as a line', async () => {
    await show(theme);
    await panel.send({ type: 'selectFunction', func: 1 });
    await panel.page.getByText('Line: f', { exact: true }).waitFor();
    await panel.page.waitForTimeout(100);
    await keepScreenshot(panel, `time-selected-${theme}`);
    const foreground = (await pixel('.timeline-canvas', 0.8, 33)).split(',').slice(0, 3).join();
    const { r, g, b } = hex(themes[theme].foreground);
    expect(foreground).toBe(`${String(r)},${String(g)},${String(b)}`);
  });
});

describe('a time', () => {
  it('is chosen by dragging, moved, and given up by a click beside it', async () => {
    await show();
    await drag(0.1, 0.3);
    expect(await names()).toEqual(['all', 'main', 'f']);
    const chosen = await filter();
    expect(chosen?.from).toBeCloseTo(99.9, -1);
    expect(chosen?.to).toBeCloseTo(299.7, -1);
    expect(await panel.page.locator('.live').textContent()).toMatch(/^Time: .*: (19|20)\d samples shown$/);
    expect(await panel.page.locator('.chip').textContent()).toMatch(/^Time: /);
    await drag(0.2, 0.7);
    expect(await names()).toEqual(['all', 'main', 'gg']);
    const moved = await filter();
    expect((moved?.to ?? 0) - (moved?.from ?? 0)).toBeCloseTo((chosen?.to ?? 0) - (chosen?.from ?? 0), 6);
    await drag(0.05, 0.05);
    await expect.poll(filter).toBeNull();
    expect(await names()).toEqual(['all', 'main', 'f', 'gg']);
  });

  it('applies to every view and tab, and is removed by its chip', async () => {
    await show();
    await drag(0.5, 0.9);
    await panel.page.getByRole('tree', { name: 'Flame graph', exact: true }).focus();
    await press('3');
    expect(await names()).toEqual(['all', 'gg', 'main']);
    // Out of the time order the strip is not in the way unless it is wanted.
    expect(await strip().isVisible()).toBe(false);
    await panel.page.locator('#tab-functions').click();
    const self = await panel.page.locator('tr[data-function="gg"]').getAttribute('data-self-percent');
    expect(self).toBe('100.00');
    await panel.page.locator('#tab-flame').click();
    await panel.page.getByRole('button', { name: 'Options' }).click();
    await panel.page.getByRole('checkbox', { name: 'Timeline' }).click();
    expect(await strip().isVisible()).toBe(true);
    await panel.page.keyboard.press('Escape');
    await panel.page.getByRole('button', { name: /^Time: .* Remove this filter/ }).click();
    await expect.poll(filter).toBeNull();
    // The focus is not lost with the chip.
    expect(await panel.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('tree');
  });

  it('is chosen by keys: edges one by one, both with Shift, and all of it again', async () => {
    await show();
    await edge('End').focus();
    await press('PageDown', 'PageDown', 'ArrowLeft');
    expect(await edge('End').getAttribute('aria-valuetext')).toMatch(/^789\.2 s, range 0 s to 789\.2 s$/);
    await expect.poll(filter).toMatchObject({ from: 0 });
    await edge('Start').focus();
    await press('ArrowRight', 'Shift+ArrowRight');
    await expect.poll(async () => (await filter())?.from).toBeCloseTo(19.98, 6);
    await expect.poll(async () => (await filter())?.to).toBeCloseTo(799.2, 6);
    await press('Escape');
    await expect.poll(filter).toBeNull();
    expect(await edge('Start').getAttribute('aria-valuetext')).toBe('0 s, all of the time');
  });

  it('is typed, with or without a unit', async () => {
    await show();
    const [from, to] = ['From', 'To'].map((name) =>
      panel.page.getByRole('textbox', { name: new RegExp(`^${name},`) }),
    );
    await to?.fill('2 min');
    await press('Enter');
    await expect.poll(filter).toEqual({ from: 0, to: 120 });
    await from?.fill('60000ms');
    await press('Enter');
    await expect.poll(filter).toEqual({ from: 60, to: 120 });
    expect(await panel.page.locator('.live').textContent()).toBe('Time: 60 s to 120 s: 60 samples shown');
    await from?.fill('soon');
    await press('Enter');
    expect(await from?.inputValue()).toBe('60 s');
    expect(await panel.page.locator('.live').textContent()).toBe('"soon" isn\'t a valid time.');
    await press('Escape');
    await expect.poll(filter).toBeNull();
  });

  it('comes back after a reload', async () => {
    await show('dark', { filters: { time: { from: 10, to: 20 } } });
    expect(await names()).toEqual(['all', 'main', 'f']);
    expect(await edge('Start').getAttribute('aria-valuetext')).toBe('10 s, range 10 s to 20 s');
  });

  it('is not asked for where samples have no times', async () => {
    panel = await openPanel('dark', { runId: 'run', view: 'time' });
    const plain = profile();
    const { samples } = plain;
    await panel.send({
      type: 'profile',
      profile: { ...plain, samples: { ...samples, time: new Float64Array(samples.length) } },
    });
    await panel.page.locator('[role=treeitem]').first().waitFor({ state: 'attached' });
    expect(await strip().isVisible()).toBe(false);
    await panel.page.getByRole('button', { name: 'Options' }).click();
    expect(await panel.page.getByRole('checkbox', { name: 'Full names' }).isVisible()).toBe(true);
    expect(await panel.page.getByRole('checkbox', { name: 'Timeline' }).isVisible()).toBe(false);
  });
});
