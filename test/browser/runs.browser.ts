/** Every tab follows the shown run, whatever kind of run was shown before it. */
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
const scenarios = [{ name: 'Cheaper', description: '', targets: [{ category: 'Other', share: 0.1 }] }];

/** Each with a function and a throughput, or none, of its own. */
const kinds: Readonly<Record<string, () => PanelProfile>> = {
  'a benchmark with a profile': () =>
    panelProfile(fold('main;bench 40', 'main;gg 60'), {
      runId: 'bench',
      preset: 'BENCH',
      results: [throughput],
      scenarios,
    }),
  'an imported profile': () =>
    panelProfile(fold('main;imported 10', 'main;oo 70'), {
      runId: 'imported',
      preset: 'perf.data',
      importedFrom: '/tmp/perf.data',
      notes: ['Callers end early in a third of the samples.'],
    }),
  'exact counts': () => ({
    ...panelProfile(fold('main;counted 25', 'main;rr 25'), { runId: 'counted', preset: 'callgrind.out' }),
    events: [{ name: 'Ir', exact: true }],
  }),
  'a handful of samples': () =>
    panelProfile(fold('main;few 1', 'main;ww 1'), { runId: 'few', preset: 'SHORT' }),
};
const tabs = ['flame', 'categories', 'functions', 'calltree', 'compare', 'whatif'];

/** What the panel says, after the mirror of the graph and the legend have followed. */
async function said(tab: string): Promise<string> {
  await panel.page.waitForTimeout(350);
  return panel.page.evaluate((id) => {
    const view = document.querySelector(`#view-${id}`);
    const values = [...(view?.querySelectorAll('input, select') ?? [])].map(
      (e) => (e as HTMLInputElement).value,
    );
    const names = [...(view?.querySelectorAll('[data-frame]') ?? [])].map((e) =>
      e.getAttribute('aria-label'),
    );
    const header = document.querySelector<HTMLElement>('header.run')?.innerText;
    const notes = document.querySelector<HTMLElement>('.notes:not([hidden])')?.innerText;
    return JSON.stringify({ text: (view as HTMLElement).innerText, values, names, header, notes });
  }, tab);
}

async function open(kind: string, tab: string, state: object = {}): Promise<void> {
  panel = await openPanel('dark', { tab, ...state });
  await panel.send({ type: 'profile', profile: (kinds[kind] as () => PanelProfile)() });
  await panel.send({ type: 'comparison', runs: [] });
  await panel.page.locator(`#view-${tab} section`).waitFor();
}

describe.each(tabs)('the tab %s', (tab) => {
  it('shows of each run what it shows of that run alone', async () => {
    const names = Object.keys(kinds);
    const alone = new Map<string, string>();
    for (const kind of names) {
      await open(kind, tab);
      alone.set(kind, await said(tab));
      await panel.page.close();
    }
    expect(new Set(alone.values()).size).toBe(names.length);
    await open(names[0] as string, tab);
    // Every kind after every other.
    for (const kind of [...names, ...names.toReversed(), names[2] as string, names[0] as string]) {
      await panel.send({ type: 'profile', profile: (kinds[kind] as () => PanelProfile)() });
      await panel.send({ type: 'comparison', runs: [] });
      expect(await said(tab)).toBe(alone.get(kind));
    }
  }, 60_000);
});

it('lets targets go with the run that they were set for, and keeps them over a reload', async () => {
  await open('a benchmark with a profile', 'whatif');
  const result = () => panel.page.locator('.what-if-result');
  const measured = await result().textContent();
  await panel.page.getByRole('button', { name: 'Cheaper' }).click();
  expect(await result().textContent()).not.toBe(measured);
  const changed = await result().textContent();
  await panel.page.waitForTimeout(300);
  const state = structuredClone(await panel.state());
  await panel.page.close();
  await open('a benchmark with a profile', 'whatif', state);
  await expect.poll(() => result().textContent()).toBe(changed);
  await panel.send({ type: 'profile', profile: (kinds['an imported profile'] as () => PanelProfile)() });
  await expect.poll(() => result().textContent()).toMatch(/^Saved 0% of the time/);
  expect(await panel.page.locator('.what-if-row.changed').count()).toBe(0);
});

it('says how uncertain shares of a few samples are', async () => {
  await open('a handful of samples', 'functions');
  const row = panel.page.locator('tr[data-function="few"]');
  expect(await row.locator('.number').first().textContent()).toMatch(/^50% ± \d+%$/);
  expect(await panel.page.locator('header.run').innerText()).toContain('only 2 samples');
});
