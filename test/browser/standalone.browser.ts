/** The exported HTML file as a colleague opens it: from the disk, without an editor, a server or a network. */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runPage, type RunPage } from '../../src/core/page/runPage.js';
import { launchBrowser } from '../e2e/support/browser.mjs';
import { fold, panelProfile } from '../unit/webview/profile.js';

const attack = "</title></script><script>globalThis.attacked = alert('attacked')</script>";
const events = [{ name: 'cycles:u' }, { name: 'page-faults:u' }];
const shown = panelProfile(fold('main;f 300', 'main;gg 600', `main;${attack} 300`), {
  events,
  results: [
    { allocator: 'a', opsPerSec: { median: 1e7, ci95: [9e6, 1.1e7], samples: [1e7] }, peakRssBytes: 1 },
  ],
  scenarios: [{ name: 'Cheaper', description: '', targets: [{ category: 'Other', share: 0.2 }] }],
});
// Every third sample is one of the second event.
shown.samples.event.forEach((_, i, column) => (column[i] = i % 3 === 0 ? 1 : 0));
const other = panelProfile(fold('main;f 500', 'main;gg 400'), { runId: 'a', preset: 'OTHER', events });

let browser: Browser;
let folder: string;
let page: Page;
let happened: string[];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-page-'));
  copyFileSync('webview/THIRD-PARTY-NOTICES', path.join(folder, 'panel-notices.txt'));
  await build({
    entryPoints: {
      webview: 'webview/main.ts',
      standalone: 'webview/standalone.ts',
      'webview-style': 'webview/style.css',
    },
    bundle: true,
    format: 'iife',
    target: 'chrome128',
    outdir: folder,
    logLevel: 'error',
  });
  browser = (await launchBrowser()) as Browser;
}, 60_000);
afterEach(async () => {
  await page.close();
  expect(happened).toEqual([]);
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(content: Partial<RunPage>, colorScheme: 'light' | 'dark' = 'light'): Promise<void> {
  const file = path.join(folder, 'run.html');
  writeFileSync(file, await runPage({ title: attack, profile: shown, compared: [], ...content }, folder));
  const url = pathToFileURL(file).href;
  page = await browser.newPage({ viewport: { width: 1200, height: 800 }, colorScheme });
  happened = [];
  page.on('request', (request) => {
    if (request.url() !== url) happened.push(`request ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    happened.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('pageerror', (error) => happened.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') happened.push(message.text());
  });
  await page.goto(url);
}

const frame = (name: string) => page.locator(`[data-frame=${JSON.stringify(name)}]`).first();

describe('a run as one file', () => {
  it('draws its flame graph without asking for anything', async () => {
    await open({});
    await frame('gg').waitFor({ state: 'attached' });
    expect(await frame('gg').getAttribute('aria-label')).toMatch(/^gg, total 50\.0%, self 50\.0%/);
    expect(await page.getByRole('tree', { name: 'Flame graph' }).getByRole('treeitem').count()).toBe(5);
    const colors = await page
      .locator('.flame-canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { data } = (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(
          0,
          0,
          canvas.width,
          canvas.height,
        );
        return new Set(new Uint32Array(data.buffer)).size;
      });
    expect(colors).toBeGreaterThan(3);
    expect(await page.title()).toBe(attack);
    expect(await page.evaluate(() => 'attacked' in globalThis)).toBe(false);
  });

  it.each(['light', 'dark'] as const)('has controls that can be read, %s', async (colorScheme) => {
    await open({}, colorScheme);
    await frame('gg').waitFor({ state: 'attached' });
    const brightness = await page.locator('vscode-dropdown').evaluateAll((controls) =>
      controls.map((control) => {
        const inner = control.shadowRoot?.querySelector('.control') ?? control;
        const painted = [inner, control, document.body].find(
          (element) => !getComputedStyle(element).backgroundColor.endsWith(', 0)'),
        );
        const backgroundColor = painted ? getComputedStyle(painted).backgroundColor : 'rgb(255, 255, 255)';
        const { color } = getComputedStyle(inner);
        const channels = (text: string) => (text.match(/\d+/g) ?? []).slice(0, 3).map(Number);
        const of = (text: string) => channels(text).reduce((sum, channel) => sum + channel / 3, 0);
        return Math.abs(of(color) - of(backgroundColor));
      }),
    );
    expect(brightness.length).toBeGreaterThan(2);
    expect(Math.min(...brightness)).toBeGreaterThan(100);
  });

  it('opens with the event that was asked for', async () => {
    await open({ event: 'page-faults:u' });
    await frame('gg').waitFor({ state: 'attached' });
    expect(await page.locator('header.run').textContent()).toContain('page-faults:u');
  });

  it('compares and predicts as the panel does', async () => {
    await open({
      compared: [
        { slot: 'other', profile: other, differences: [{ what: 'HAKMEM_POOL', a: '0', b: attack }] },
      ],
    });
    await frame('gg').waitFor({ state: 'attached' });
    await page.getByRole('tab', { name: 'Compare' }).click();
    const rows = page.locator('.diff-table tbody tr');
    await rows.first().waitFor();
    expect(await rows.first().textContent()).toMatch(/less in B|more in B/);
    expect(await page.locator('.compare-runs').textContent()).toContain('HAKMEM_POOL: 0 → </title>');
    await page.getByRole('tab', { name: 'What if' }).click();
    await page.getByRole('button', { name: 'Cheaper' }).click();
    expect(await page.locator('.what-if-result').textContent()).toMatch(/1\.\d+× .* → 1\d\.\dM/);
  });
});
