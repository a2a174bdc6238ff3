import { describe, expect, it } from 'vitest';
import type { BenchResult, ComparedRun, PanelProfile } from '../../src/wire/protocol.js';
import { fold, panelProfile } from '../unit/webview/profile.js';
import { violations, tabStops, unreachable } from './support/accessibility.js';
import { panelsOfTests, themes, type Panel, type ThemeName } from './support/panel.js';

const openPanel = panelsOfTests();
let panel: Panel;

const throughput: BenchResult = {
  allocator: 'hakmem',
  opsPerSec: { median: 9e6, ci95: [8.9e6, 9.1e6], samples: [8.9e6, 9e6, 9.1e6] },
  peakRssBytes: 1 << 20,
};

/** A profile in which every control of the panel has something to choose. */
function rich(): PanelProfile {
  const plain = panelProfile(fold('main;f 300', 'main;gg;f 650', 'main;xxxx 50', 'main;hhh;hhh;x! 90'), {
    results: [throughput],
    notes: ['Something to know.'],
    categoryColors: ['#123456', undefined, undefined],
    scenarios: [{ name: 'Cheaper pool', description: 'half', targets: [{ category: 'Pool', share: 0.2 }] }],
  });
  const { samples, functions } = plain;
  return {
    ...plain,
    events: [
      { name: 'cpu-clock:u', fallback: { requested: 'cycles:u', reason: 'no hardware counters' } },
      { name: 'page-faults:u' },
    ],
    threads: [
      { pid: 1, tid: 1, name: 'main' },
      { pid: 1, tid: 2, name: 'worker' },
    ],
    samples: { ...samples, thread: samples.thread.map((_, i) => i % 2) },
    functions: { ...functions, module: functions.module.map((index, f) => (f === 0 ? -1 : index)) },
  };
}
const other: ComparedRun = {
  slot: 'other',
  profile: panelProfile(fold('main;f 500', 'main;gg 400', 'main;xxxx 100'), {
    runId: 'a',
    preset: 'OTHER',
    results: [throughput],
  }),
  differences: [{ what: 'HAKMEM_POOL', a: '0', b: '1' }],
};

async function open(theme: ThemeName, tab: string, state: object = {}): Promise<void> {
  panel = await openPanel(theme, { tab, runId: 'run', timeline: 'shown', ...state });
  await panel.send({ type: 'profile', profile: rich() });
  await panel.send({ type: 'comparison', runs: [other] });
  await panel.page.locator(`#view-${tab} section`).waitFor();
  await panel.page.waitForTimeout(400);
}

async function check(): Promise<void> {
  await checkFromHere();
  expect(await unreachable(panel.page)).toEqual([]);
}

/** What Tab reaches from the focus on. */
async function checkFromHere(): Promise<void> {
  expect(await violations(panel.page)).toEqual([]);
  const stops = await tabStops(panel.page);
  expect(stops.length).toBeGreaterThan(3);
  // "Text field" is what the toolkit calls what has no name.
  expect(stops.filter(({ name }) => name === '' || name === 'Text field')).toEqual([]);
  expect(stops.filter(({ seen }) => !seen)).toEqual([]);
}

const tabs = ['flame', 'categories', 'functions', 'calltree', 'compare', 'whatif'];

describe.each(Object.keys(themes) as ThemeName[])('in the %s theme', (theme) => {
  it.each(tabs)(
    'everything in the tab %s has a name, a way by keyboard, a visible focus, and contrast',
    async (tab) => {
      await open(theme, tab);
      await check();
    },
  );

  it('so have the other views of the flame graph, with filters and a search', async () => {
    await open(theme, 'flame', {
      view: 'time',
      search: 'f',
      filters: {
        time: { from: 100, to: 900 },
        categories: ['Pool'],
        dropped: [{ name: 'xxxx', module: '' }],
      },
    });
    await check();
  });

  it.each(['Details of this run', 'Filters and options'])('so has the box "%s"', async (title) => {
    await open(theme, 'flame');
    await panel.page.getByTitle(title).focus();
    await panel.page.keyboard.press('Enter');
    const box = panel.page.getByRole('dialog', { name: title });
    expect(await box.isVisible()).toBe(true);
    await checkFromHere();
    // Left by Tab, it covers nothing.
    expect(await box.isVisible()).toBe(false);
    await panel.page.getByTitle(title).focus();
    await panel.page.keyboard.press('Enter');
    expect(await box.isVisible()).toBe(true);
    await panel.page.keyboard.press('Escape');
    expect(await box.isVisible()).toBe(false);
  });

  it('so have the menu and the help', async () => {
    await open(theme, 'flame');
    await panel.page.getByRole('tree', { name: 'Flame graph', exact: true }).focus();
    await panel.page.keyboard.press('ArrowDown');
    await panel.page.keyboard.press('m');
    expect(await violations(panel.page)).toEqual([]);
    await panel.page.keyboard.press('Escape');
    await panel.page.keyboard.press('?');
    expect(await violations(panel.page)).toEqual([]);
  });
});
