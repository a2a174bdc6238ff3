/** What a window of an ordinary size shows at first: frames. */
import { describe, expect, it } from 'vitest';
import type { BenchResult, PanelProfile } from '../../src/wire/protocol.js';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { panelsOfTests, type Panel } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

const throughput: BenchResult = {
  allocator: 'hakmem',
  opsPerSec: { median: 9e6, ci95: [8.9e6, 9.1e6], samples: [8.9e6, 9e6, 9.1e6] },
  peakRssBytes: 1 << 20,
};
const reason = 'this virtual machine (unknown hypervisor) has no hardware counters';

/** Everything that takes room above the frames: notes, counters, a second event, threads, many categories. */
function crowded(): PanelProfile {
  const deep = Array.from({ length: 60 }, (_, i) => `${'d'.repeat((i % 3) + 4)}${String(i)}`).join(';');
  const plain = panelProfile(fold(`main;${deep};f 650`, 'main;gg;f 300', 'main;Json::Reader::readValue 50'), {
    results: [throughput],
    notes: ['Half of the samples end early: the callers are unknown.', 'Another thing to know.'],
    stat: {
      counters: [{ event: 'page-faults:u', value: 122, unit: '' }],
      unavailable: [
        { event: 'cycles:u', reason },
        { event: 'instructions:u', reason },
      ],
      operations: null,
      derived: {},
    },
  });
  return {
    ...plain,
    events: [
      { name: 'cpu-clock:upp', fallback: { requested: 'cycles:u', reason } },
      { name: 'page-faults:u' },
    ],
  };
}

/** A window of 1280 × 720 leaves this to the panel: beside a sidebar, without one, and as the lower of two groups. */
const sizes = { 'beside a sidebar': [980, 633], alone: [1232, 633], 'below the source': [980, 300] } as const;

async function show(width: number, height: number, state?: object): Promise<void> {
  panel = await openPanel('dark', state);
  await panel.page.setViewportSize({ width, height });
  await panel.send({ type: 'profile', profile: crowded() });
  await panel.page.locator('[role=treeitem]').first().waitFor({ state: 'attached' });
}

const scroller = '.flame-scroller:not(.flame-callers)';
const box = async (selector: string) => {
  const found = await panel.page.locator(selector).first().boundingBox();
  if (found === null) throw new Error(`${selector} is not shown`);
  return found;
};

describe.each(Object.entries(sizes))('%s', (_, [width, height]) => {
  it('has frames on at least 60% of the panel’s height, and nothing to scroll to', async () => {
    await show(width, height);
    expect((await box(scroller)).height / height).toBeGreaterThanOrEqual(0.6);
    const page = await panel.page.evaluate(() => document.documentElement.scrollHeight - window.innerHeight);
    expect(page).toBeLessThanOrEqual(0);
    const [tabs, details] = [await box('#tab-flame'), await box('.run-row')];
    expect(Math.abs(tabs.y + tabs.height / 2 - (details.y + details.height / 2))).toBeLessThan(12);
  });

  it.each(['click', 'key'])('zooms by %s to a frame that is in sight, with what it calls', async (by) => {
    await show(width, height);
    // The last frame that is in sight at first: what it calls is below the edge.
    const view = await box(scroller);
    const frames = panel.page.locator(`${scroller} [data-frame^="ddd"]`);
    const inSight = await frames.evaluateAll(
      (all, bottom) => all.filter((frame) => frame.getBoundingClientRect().bottom <= bottom).length,
      view.y + view.height,
    );
    const frame = frames.nth(inSight - 1);
    const name = await frame.getAttribute('data-frame');
    const at = await frame.boundingBox();
    if (at === null) throw new Error('no frame in sight');
    if (by === 'click') await panel.page.mouse.click(at.x + at.width / 2, at.y + at.height / 2);
    else {
      await panel.page.getByRole('tree', { name: 'Flame graph', exact: true }).focus();
      // From the root and the only caller, down to it.
      for (let i = 0; i <= inSight + 1; i++) await panel.page.keyboard.press('ArrowDown');
      await panel.page.keyboard.press('Enter');
    }
    const zoomed = panel.page.locator(`${scroller} [data-frame="${name ?? ''}"]`);
    const below = async () => {
      const now = await zoomed.boundingBox();
      return now === null ? 0 : (view.y + view.height - now.y - now.height) / now.height;
    };
    // At least half of the view is for what it calls.
    await expect.poll(below).toBeGreaterThan(view.height / at.height / 2 - 1);
    await expect.poll(async () => (await zoomed.boundingBox())?.width).toBeGreaterThan(view.width * 0.9);
    expect((await zoomed.boundingBox())?.y).toBeGreaterThanOrEqual(view.y);
    await panel.page.keyboard.press('Home');
    await expect
      .poll(async () => (await panel.page.locator(scroller).evaluate((e) => e.scrollTop)) === 0)
      .toBe(true);
  });
});

it.each([sizes['beside a sidebar'], sizes.alone])(
  'has room for what a search found, and for the name of a selected frame, %i pixels wide',
  async (width, height) => {
    await show(width, height);
    const { page } = panel;
    const isWhole = (selector: string) =>
      page.locator(selector).evaluate((e) => e.scrollWidth <= e.clientWidth && e.clientWidth > 0);
    const status = page.locator('.flame .search-status');
    expect(await status.innerText()).toMatch(/^64 functions/);
    expect(await isWhole('.flame .search-status')).toBe(true);
    await page.locator('.flame vscode-text-field input').fill('dd');
    await expect.poll(() => status.innerText()).toMatch(/^60 functions.*, 65\.0%/);
    expect(await isWhole('.flame .search-status')).toBe(true);
    await page.locator('.flame vscode-text-field input').fill('');
    await page.locator(`${scroller} [data-frame="Json::Reader::readValue"]`).click({ force: true });
    await expect.poll(() => page.locator('.details-name').textContent()).toBe('Json::Reader::readValue');
    expect(await isWhole('.details-name > :last-child')).toBe(true);
    // Facts are there whole, or not at all.
    const facts = await box('.details .facts');
    const tops = await page
      .locator('.details .facts > div')
      .evaluateAll((all) => all.map((fact) => fact.getBoundingClientRect().top));
    expect(tops.filter((top) => top < facts.y + facts.height).length).toBeGreaterThanOrEqual(3);
    expect(new Set(tops.filter((top) => top < facts.y + facts.height)).size).toBe(1);
  },
);

it('opens the source of the frame that a double-click began on, though the first click zooms', async () => {
  await show(980, 300);
  const view = await box(scroller);
  await panel.page.mouse.dblclick(view.x + 60, view.y + view.height - 12);
  await expect.poll(async () => (await panel.sent()).some(({ type }) => type === 'openSource')).toBe(true);
  const sent = await panel.sent();
  const chosen = sent.find((message) => message.type === 'selected');
  expect(sent.find(({ type }) => type === 'openSource')).toMatchObject({ func: chosen?.func });
});

it('tells a reason once, and the rest of the run’s facts on demand', async () => {
  await show(1232, 633);
  const header = panel.page.locator('header.run');
  expect(await header.innerText()).toContain('9.00M ops/s');
  expect(await header.innerText()).not.toContain(reason);
  await panel.page.getByTitle('Details of this run').click();
  expect((await header.innerText()).split(reason)).toHaveLength(2);
  expect(await header.innerText()).toContain('not counted: cycles:u, instructions:u');
});

it.each(['dark', 'light', 'high contrast'] as const)(
  'shows every repeat of each allocator on one axis, %s',
  async (theme) => {
    const rival: BenchResult = {
      allocator: 'system',
      opsPerSec: {
        median: 6e6,
        ci95: [5.5e6, 6.4e6],
        samples: [6e6, 5e6, 6.5e6, 6.1e6, 5.9e6, 5.5e6, 6.4e6],
      },
      peakRssBytes: 1 << 21,
    };
    panel = await openPanel(theme);
    await panel.page.setViewportSize({ width: 980, height: 633 });
    await panel.send({ type: 'profile', profile: { ...crowded(), results: [throughput, rival] } });
    await panel.page.getByTitle('Details of this run').click();
    const strips = panel.page.locator('.repeats');
    expect(await strips.count()).toBe(2);
    expect(await strips.nth(1).getAttribute('aria-label')).toMatch(/^7 repeats from 5\.00M.*6\.50M/);
    const centers = async (at: number) =>
      strips
        .nth(at)
        .locator('.repeat')
        .evaluateAll((all) =>
          all.map((dot) => dot.getBoundingClientRect().x + dot.getBoundingClientRect().width / 2),
        );
    const [own, others] = [await centers(0), await centers(1)];
    // 5M is the left end of both, and 9.1M the right one.
    const { x, width } = await box('.repeats');
    expect(others[1]).toBeCloseTo(x, 0);
    expect(own[2]).toBeCloseTo(x + width, 0);
    expect(own[1]).toBeCloseTo(x + (width * 4) / 4.1, 0);
    expect(panel.errors).toEqual([]);
  },
);

it('folds the notes to one line with the gravest, and shows all of them', async () => {
  await show(1232, 633);
  const notes = panel.page.locator('.notes');
  expect(await notes.locator('summary').innerText()).toMatch(/^2 notes\s+Half of the samples/);
  expect(await notes.locator('li').first().isVisible()).toBe(false);
  await notes.locator('summary').click();
  expect(await notes.locator('li').allInnerTexts()).toEqual(crowded().notes);
});

it('offers what each note asks for as a button, the first one beside the line', async () => {
  const flags =
    'Callers are missing for 30% of the samples. Record with --call-graph dwarf, or compile with -fno-omit-frame-pointer.';
  const symbols =
    'The C library has no lines. Install it, then try again. $ sudo apt-get install -y libc6-dbg';
  const other =
    'Stacks are cut at 127 frames. Record again, after: $ sysctl kernel.perf_event_max_stack=1024';
  await show(1232, 633);
  await panel.send({
    type: 'profile',
    profile: { ...crowded(), notes: [flags, symbols, other, 'Nothing to do.'] },
  });
  const notes = panel.page.locator('.notes');
  await expect
    .poll(() => notes.locator('.note-remedy button').allInnerTexts())
    .toEqual(['Record Again with DWARF']);
  await notes.locator('summary').click();
  expect(await notes.locator('.note-remedy').isVisible()).toBe(false);
  const buttons = await notes
    .locator('li')
    .evaluateAll((items) =>
      items.map((item) => [...item.querySelectorAll('button')].map(({ textContent }) => textContent)),
    );
  expect(buttons).toEqual([
    ['Record Again with DWARF', 'Copy the Compiler Flags'],
    ['Install libc6-dbg'],
    ['Copy the Command'],
    [],
  ]);
  for (const button of await notes.locator('li button').all()) await button.click();
  // What is chosen in the panel is told to the host meanwhile.
  const asked = (await panel.sent()).filter(({ type }) =>
    ['recordWithDwarf', 'copy', 'install'].includes(type),
  );
  expect(asked).toEqual([
    { type: 'recordWithDwarf', runId: crowded().runId },
    { type: 'copy', text: '-g -fno-omit-frame-pointer' },
    { type: 'install', command: 'sudo apt-get install -y libc6-dbg' },
    { type: 'copy', text: 'sysctl kernel.perf_event_max_stack=1024' },
  ]);
  // A file can't be recorded again.
  await panel.send({
    type: 'profile',
    profile: { ...crowded(), notes: [flags], importedFrom: '/a/perf.data' },
  });
  await expect
    .poll(() => notes.locator('.note-remedy button').allInnerTexts())
    .toEqual(['Copy the Compiler Flags']);
});

it('lists only colors of frames in sight, on one line, and the others behind a button', async () => {
  await show(980, 633);
  const legend = panel.page.locator('.legend li');
  expect(await legend.allInnerTexts()).toEqual(expect.arrayContaining(['Pool', 'Other', 'Address Lookup']));
  const gg = await panel.page.locator(`${scroller} [data-frame="gg"]`).boundingBox();
  await panel.page.mouse.click((gg?.x ?? 0) + 5, (gg?.y ?? 0) + 5);
  // Zoomed to gg, which is Other: main, its caller, is Pool; nothing of Address Lookup is left.
  await expect.poll(() => legend.allInnerTexts()).toEqual(['Pool', 'Other']);
  await panel.page.setViewportSize({ width: 420, height: 633 });
  const [line, item] = [await box('.legend-line'), await box('.legend li')];
  expect(line.height).toBeLessThan(item.height * 2);
});
