import { describe, expect, it } from 'vitest';
import { followingSamples, withoutSamples } from '../../src/wire/followingSamples.js';
import { packSamples } from '../../src/wire/packedSamples.js';
import type { PanelProfile } from '../../src/wire/protocol.js';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { initialState, noFilters } from '../../webview/store/panelState.js';
import { panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

const example = () => panelProfile(fold('main;f 10', 'main;gg;f 30', 'main;hhh;hhh;x 20', 'main 40'));

async function show(profile: PanelProfile, theme: ThemeName = 'dark', saved?: unknown): Promise<void> {
  panel = await openPanel(theme, saved);
  await panel.send({ type: 'profile', profile });
  await panel.page.locator('[role=treeitem]').first().waitFor({ state: 'attached' });
}

/** Labels of the frames as a screen reader finds them. */
async function frames(tree = 'Flame graph'): Promise<string[]> {
  // The mirror follows when the hand rests.
  await panel.page.waitForTimeout(200);
  return panel.page
    .getByRole('tree', { name: tree, exact: true })
    .getByRole('treeitem')
    .evaluateAll((all) => all.map((item) => item.getAttribute('aria-label') ?? ''));
}

const names = async (tree?: string) => (await frames(tree)).map((label) => label.split(',')[0]);

/** Color of a pixel inside a frame: near its lower left corner, where no letter is. */
async function colorOf(name: string): Promise<number[]> {
  return panel.page
    .locator(`[data-frame="${name}"]`)
    .first()
    .evaluate((element) => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>('.flame-canvas');
      const shown = [...canvas].find(
        (c) => c.getClientRects().length > 0 && c.width > 0,
      ) as HTMLCanvasElement;
      const [box, ground] = [element.getBoundingClientRect(), shown.getBoundingClientRect()];
      const context = shown.getContext('2d') as CanvasRenderingContext2D;
      return [...context.getImageData(box.left - ground.left + 3, box.bottom - ground.top - 4, 1, 1).data];
    });
}

async function press(...keys: string[]): Promise<void> {
  for (const key of keys) await panel.page.keyboard.press(key);
}

async function focusGraph(): Promise<void> {
  await panel.page.getByRole('tree', { name: 'Flame graph', exact: true }).focus();
}

const width = async (name: string) =>
  (await panel.page.locator(`[data-frame="${name}"]`).first().boundingBox())?.width ?? 0;

describe('a profile whose samples follow', () => {
  const large = () => {
    const profile = panelProfile(fold('main;f 10', 'main;gg;f 30', 'main;hhh;hhh;x 20', 'main 40'));
    return { ...profile, samples: packSamples(profile.samples) };
  };
  const complete = () => panel.send({ type: 'samples', runId: 'run', columns: followingSamples(large()) });

  it('is drawn from its call tree, then asks for them, and answers what needs them', async () => {
    panel = await openPanel();
    await panel.send({ type: 'profile', profile: withoutSamples(large()) });
    await panel.page.locator('[role=treeitem]').first().waitFor({ state: 'attached' });
    const before = await frames();
    expect(before[0]).toBe('all, total 100%, self 0%');
    expect(await panel.page.locator('header').innerText()).toContain('100 samples');
    await expect.poll(() => panel.sent()).toContainEqual({ type: 'samplesWanted', runId: 'run' });
    await complete();
    await panel.page.getByRole('tab', { name: 'Functions' }).click();
    await panel.page.getByRole('row', { name: /main/ }).first().waitFor();
    expect(await panel.page.locator('.functions').innerText()).toContain('app.c');
  });

  it('waits for them where only a part of them is shown', async () => {
    const filters = { ...noFilters, time: { from: 0, to: 10 } };
    panel = await openPanel('dark', { ...initialState, runId: 'run', filters });
    await panel.send({ type: 'profile', profile: withoutSamples(large()) });
    await expect.poll(() => panel.sent()).toContainEqual({ type: 'samplesWanted', runId: 'run' });
    expect(await panel.page.locator('[role=treeitem]').count()).toBe(0);
    await complete();
    await panel.page.locator('[role=treeitem]').first().waitFor({ state: 'attached' });
    expect(await names()).toEqual(['all', 'main', 'f']);
  });
});

describe.each(Object.keys(themes) as ThemeName[])('in the %s theme', (theme) => {
  it('draws each frame where the accessibility tree says, in its category’s color', async () => {
    await show(example(), theme);
    expect(await frames()).toEqual([
      'all, total 100%, self 0%',
      'main, total 100%, self 40.0%, Pool',
      'gg, total 30.0%, self 0%, Other',
      'hhh, total 20.0%, self 0%, Address Lookup',
      'f, total 10.0%, self 10.0%, Pool',
      'f, total 30.0%, self 30.0%, Pool',
      'hhh, total 20.0%, self 0%, Address Lookup',
      'x, total 20.0%, self 20.0%, Pool',
    ]);
    const [main, gg, hhh, f] = [
      await colorOf('main'),
      await colorOf('gg'),
      await colorOf('hhh'),
      await colorOf('f'),
    ];
    expect(main).toEqual(f);
    expect(new Set([main, gg, hhh].map(String)).size).toBe(3);
    const ground = await panel.page.evaluate(() => {
      const canvas = document.querySelectorAll<HTMLCanvasElement>('.flame-canvas')[0] as HTMLCanvasElement;
      const context = canvas.getContext('2d') as CanvasRenderingContext2D;
      return [...context.getImageData(canvas.width - 3, canvas.height - 3, 1, 1).data.slice(0, 3)];
    });
    const hex = `#${ground.map((v) => v.toString(16).padStart(2, '0')).join('')}`;
    expect(hex).toBe(themes[theme].background);
  });
});

describe('a color given to a category', () => {
  it('is that of its frames, its legend, its row and its label’s ground; the others keep theirs', async () => {
    await show(example());
    const before = { main: await colorOf('main'), gg: await colorOf('gg'), hhh: await colorOf('hhh') };
    await panel.page.close();
    await show({ ...example(), categoryColors: [undefined, '#123456', undefined] });
    expect((await colorOf('main')).slice(0, 3)).toEqual([0x12, 0x34, 0x56]);
    expect(await colorOf('gg')).toEqual(before.gg);
    expect(await colorOf('hhh')).toEqual(before.hhh);
    const ground = (css: string) =>
      panel.page
        .locator(css)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    expect(await ground('.legend li:has-text("Pool") .swatch')).toBe('rgb(18, 52, 86)');
    await panel.page.locator('#tab-categories').click();
    expect(await ground('tr[data-category="Pool"] .swatch')).toBe('rgb(18, 52, 86)');
  });
});

describe('views', () => {
  it('are chosen by keys, and all of them show every sample', async () => {
    await show(example());
    await focusGraph();
    await press('3');
    expect((await names()).slice(0, 4)).toEqual(['all', 'main', 'f', 'x']);
    await press('2');
    expect(await names()).toEqual(['all', 'main', 'f', 'gg', 'hhh', 'f', 'hhh', 'x']);
    await panel.send({ type: 'selectFunction', func: 1 });
    await focusGraph();
    await press('4');
    expect(await names()).toEqual(['all', 'f']);
    expect(await names('Callers')).toEqual(['f', 'gg', 'main', 'main']);
    await press('1', 'i');
    await frames();
    const [top, bottom] = await Promise.all(
      ['main', 'all'].map(
        async (name) =>
          (await panel.page.locator(`[id^="flameGraph"][data-frame="${name}"]`).first().boundingBox())?.y ??
          0,
      ),
    );
    expect(top).toBeLessThan(bottom as number);
  });

  it('collapse recursion, drop and focus, told by chips that take it back', async () => {
    await show(example());
    await panel.page
      .locator('[data-frame="hhh"]')
      .first()
      .hover({ force: true })
      .catch(() => undefined);
    await focusGraph();
    await press('r');
    expect((await names()).filter((name) => name === 'hhh')).toHaveLength(1);
    await panel.send({ type: 'selectFunction', func: 2 });
    await focusGraph();
    await press('x');
    expect(await names()).not.toContain('gg');
    expect((await frames())[0]).toBe('all, total 100%, self 0%');
    await panel.page.getByRole('button', { name: /^Dropped [\d.]+%: gg/ }).click();
    expect(await names()).toContain('gg');
    await panel.page.getByRole('button', { name: 'Clear all' }).click();
    expect((await names()).filter((name) => name === 'hhh')).toHaveLength(2);
  });
});

describe('zoom and selection', () => {
  it('zooms by click, goes back and forward, and comes back after a reload', async () => {
    await show(example());
    const before = await width('gg');
    const box = await panel.page.locator('[data-frame="gg"]').boundingBox();
    await panel.page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    await expect.poll(() => width('gg')).toBeGreaterThan(before * 3);
    expect(await panel.page.locator('.breadcrumb [aria-current]').textContent()).toBe('f');
    // The state is sent, too, as soon as it settles.
    const message = (await panel.sent()).findLast(({ type }) => type !== 'state');
    expect(message).toMatchObject({ type: 'selected', runId: 'run' });
    await press('Alt+ArrowLeft');
    await expect.poll(() => width('gg')).toBeCloseTo(before, 0);
    await press('Alt+ArrowRight');
    await expect.poll(() => width('gg')).toBeGreaterThan(before * 3);
    await panel.page.waitForTimeout(300);
    const state = await panel.state();
    await panel.page.close();
    await show(example(), 'light', state);
    await expect.poll(() => width('gg')).toBeGreaterThan(before * 3);
    expect(await panel.page.locator('[role=treeitem][aria-selected=true]').getAttribute('data-frame')).toBe(
      'gg',
    );
  });

  it('is not zoomed after a filter under which a frame filled the width', async () => {
    await show(panelProfile(fold('main;f 10', 'main;gg 30', 'other 60')));
    const before = await width('gg');
    await panel.send({ type: 'selectFunction', func: 3 });
    await focusGraph();
    await press('x');
    await expect.poll(() => width('gg')).toBeGreaterThan(before * 2);
    await panel.page.waitForTimeout(300);
    await panel.page.getByRole('button', { name: 'Clear all' }).click();
    await expect.poll(() => width('gg')).toBeCloseTo(before, 0);
  });

  it('says in a short panel, too, where it is zoomed to', async () => {
    await show(example());
    await panel.page.setViewportSize({ width: 900, height: 300 });
    const path = panel.page.locator('.breadcrumb');
    expect(await path.isVisible()).toBe(false);
    const box = await panel.page.locator('[data-frame="gg"]').boundingBox();
    await panel.page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    await expect.poll(() => path.isVisible()).toBe(true);
    await press('Home');
    await expect.poll(() => path.isVisible()).toBe(false);
  });

  it('shortens long names of the path to the zoom rather than cut the last one off', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `space::${name}_with_a_name_that_is_long`);
    await show(panelProfile(fold(`main;${names.join(';')} 10`, 'main 90')));
    await panel.page.setViewportSize({ width: 620, height: 300 });
    const box = await panel.page.locator(`[data-frame="${names[4]}"]`).boundingBox();
    await panel.page.mouse.click((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    const steps = panel.page.locator('.breadcrumb button');
    await expect.poll(() => steps.count()).toBe(4);
    const boxes = await Promise.all((await steps.all()).map((step) => step.boundingBox()));
    const right = boxes.map((place) => Math.round((place?.x ?? 0) + (place?.width ?? 0)));
    const path = await panel.page.locator('.breadcrumb').boundingBox();
    expect(right.at(-1)).toBeLessThanOrEqual(Math.round((path?.x ?? 0) + (path?.width ?? 0)));
    expect(boxes[3]?.width).toBeGreaterThan(boxes[1]?.width ?? 0);
  });

  it('zooms by Ctrl and wheel about the pointer, and by keys', async () => {
    await show(example());
    const before = await width('gg');
    const box = await panel.page.locator('[data-frame="gg"]').boundingBox();
    await panel.page.mouse.move((box?.x ?? 0) + 5, (box?.y ?? 0) + 5);
    await panel.page.keyboard.down('Control');
    await panel.page.mouse.wheel(0, -120);
    await panel.page.keyboard.up('Control');
    await expect.poll(() => width('gg')).toBeGreaterThan(before * 1.2);
    await focusGraph();
    await press('Home');
    await expect.poll(() => width('gg')).toBeCloseTo(before, 0);
    await press('+');
    await expect.poll(() => width('main')).toBeGreaterThan(1);
    expect((await panel.state()).zoom.to).toBeLessThanOrEqual(1);
  });

  it('offers the menu by keyboard and copies', async () => {
    await show(example());
    await panel.send({ type: 'selectFunction', func: 1 });
    await focusGraph();
    await press('m');
    expect(await panel.page.getByRole('menuitem').count()).toBe(15);
    await panel.page.getByRole('menuitem', { name: /Copy stack/ }).click();
    expect(await panel.sent()).toContainEqual({ type: 'copy', text: 'f\ngg\nmain' });
    await focusGraph();
    await press('?');
    expect(await panel.page.getByRole('dialog').isVisible()).toBe(true);
    await press('Escape');
    expect(await panel.page.getByRole('dialog').count()).toBe(0);
  });
});

describe('a function selected in a table', () => {
  it('is marked there at once, and in the flame graph', async () => {
    await show(example());
    await panel.page.locator('#tab-functions').click();
    const row = panel.page.locator('tr[data-function="gg"]');
    await row.locator('.number').first().click();
    expect(await row.getAttribute('aria-selected')).toBe('true');
    await panel.page.locator('#tab-flame').click();
    expect(await panel.page.locator('.details-name').textContent()).toBe('gg');
  });
});

describe('search', () => {
  it('tells matches and their share, and what is wrong with an expression', async () => {
    await show(example());
    const field = panel.page.locator('.flame vscode-text-field');
    const status = panel.page.locator('.flame .search-status');
    await field.locator('input').fill('/^(f|x)$/');
    expect(await status.textContent()).toBe('2 functions in 3 frames, 60.0% of all samples');
    await field.locator('input').fill('/(/');
    expect(await status.textContent()).toMatch(/regular expression/i);
    await field.locator('input').fill('/^f$/');
    await focusGraph();
    await press('n');
    await expect.poll(async () => (await panel.sent()).some(({ type }) => type === 'selected')).toBe(true);
  });
});

describe('the theme', () => {
  it('is followed at once', async () => {
    await show(example(), 'dark');
    const pixel = () =>
      panel.page.evaluate(() => {
        const canvas = document.querySelectorAll<HTMLCanvasElement>('.flame-canvas')[0] as HTMLCanvasElement;
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        return context.getImageData(canvas.width - 3, canvas.height - 3, 1, 1).data[0];
      });
    expect(await pixel()).toBe(0x1f);
    await panel.setTheme('light');
    await expect.poll(pixel).toBe(0xff);
  });
});

describe('the language of the page', () => {
  it('decides on the notation of figures, but not of what programs read', async () => {
    panel = await openPanel('dark', undefined, 'de');
    await panel.send({ type: 'profile', profile: example() });
    const f = panel.page.locator('[data-frame="gg"]').first();
    expect(await f.getAttribute('aria-label')).toBe('gg, total 30,0%, self 0%, Other');
    expect(await f.getAttribute('data-total-percent')).toBe('30.00');
  });
});

describe('hostile profiles', () => {
  it('shows markup as text', async () => {
    const evil = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>';
    await show(panelProfile([{ stack: ['main', evil], weight: 5 }]));
    await panel.send({ type: 'selectFunction', func: 1 });
    await panel.page.locator('#tab-functions').click();
    await panel.page.locator('tr[data-func="1"]').waitFor();
    expect(await panel.page.evaluate(() => 'hacked' in window)).toBe(false);
    expect(await panel.page.locator('img').count()).toBe(0);
  });

  it('draws nothing, one sample, and stacks of 10,000 frames', async () => {
    await show(panelProfile([]));
    expect(await frames()).toEqual(['all, total 0%, self 0%']);
    await panel.page.close();
    await show(panelProfile(fold('only 1')));
    expect(await names()).toEqual(['all', 'only']);
    await panel.page.close();
    const stack = Array.from({ length: 10_000 }, (_, i) => `f${String(i % 50)}`);
    await show(
      panelProfile([
        { stack, weight: 1 },
        { stack: stack.slice(0, 9000), weight: 2 },
      ]),
    );
    await focusGraph();
    for (const view of ['3', '2', '1']) {
      await press(view);
      expect((await names())[0]).toBe('all');
    }
  });

  it('draws and searches a million different names within seconds', async () => {
    const profile = panelProfile(fold('main 1'));
    panel = await openPanel();
    // Made in the page: the way from here to there is not what is tested.
    const seconds = await panel.page.evaluate(async (base) => {
      const n = 1_000_000;
      const names = Array.from({ length: n }, (_, i) => `function_${String(i)}`);
      let end = 0;
      const ends = Int32Array.from(names, (name) => (end += name.length));
      const up = Int32Array.from({ length: n }, (_, i) => i);
      const none = new Int32Array(n).fill(-1);
      const zeros = new Int32Array(n);
      const data = {
        ...(base as object),
        strings: { length: n, utf8: new TextEncoder().encode(names.join('')), ends },
        functions: { length: n, name: up, module: none, file: none, line: zeros },
        frames: { length: n, func: up, file: none, line: zeros, inlined: new Uint8Array(n) },
        stacks: { length: n, parent: none, frame: up },
        samples: {
          length: n,
          stack: up,
          thread: zeros,
          event: new Uint8Array(n),
          time: Float64Array.from(up),
          weight: new Float64Array(n).fill(1),
        },
        tree: {
          depth: new Uint8Array(n + 1).fill(1, 1),
          func: Int32Array.from({ length: n + 1 }, (_, i) => Math.max(0, i - 1)),
          inlined: new Uint8Array(n + 1),
          self: { each: 1 },
          selfSamples: new Uint8Array(n + 1).fill(1, 1),
          nodeOf: Int32Array.from({ length: n }, (_, i) => i + 1),
        },
        category: zeros,
      };
      const started = performance.now();
      window.postMessage({ type: 'profile', profile: data }, '*');
      while (document.querySelector('[role=treeitem]') === null) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return (performance.now() - started) / 1000;
    }, profile as never);
    expect(seconds).toBeLessThan(4);
    expect((await frames())[0]).toBe('all, total 100%, self 0%');
    const started = Date.now();
    await panel.page.locator('.flame vscode-text-field input').fill('function_99');
    expect(await panel.page.locator('.flame .search-status').textContent()).toMatch(/^11,111 functions/);
    expect(Date.now() - started).toBeLessThan(1500);
  }, 60_000);
});
