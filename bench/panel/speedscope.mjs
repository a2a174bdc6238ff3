// speedscope with the same profile.
/* global requestAnimationFrame, WheelEvent, MouseEvent, Event */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { interact, memoryOf } from './interact.mjs';
import { generate, speedscopeFile } from './profile.mjs';

/** Without a graphics card, the pictures of its WebGL come seconds after one another. */
const slowSteps = 12;

/**
 * speedscope as it is shipped, with the profile as its own JSON in a file that its page loads by address. Its page
 * crashes here with a million samples one by one, so equal stacks are one sample with their sum: its left heavy view
 * is the same, and it has a fifth of the samples to read.
 */
export async function speedscope(browser, { samples, nodes, functions }) {
  const root = path.resolve('node_modules/speedscope/dist/release');
  if (!existsSync(root)) return undefined;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-speedscope-'));
  const file = path.join(folder, 'profile.json');
  writeFileSync(file, speedscopeFile(generate(samples, nodes, functions)));
  const types = {
    '.html': 'text/html',
    '.js': 'text/javascript',
    '.css': 'text/css',
    '.json': 'application/json',
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const target =
      pathname === '/profile.json' ? file : path.join(root, pathname === '/' ? 'index.html' : pathname);
    if (!existsSync(target)) return response.writeHead(404).end();
    const type = types[path.extname(target)] ?? 'application/octet-stream';
    return response.writeHead(200, { 'content-type': type }).end(readFileSync(target));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  try {
    const { port } = server.address();
    // From the start of the page's script: the toolbar names its views when there is something to view.
    await page.addInitScript(() => {
      const started = performance.now();
      const look = () => {
        if (document.body?.innerText.includes('Left Heavy'))
          requestAnimationFrame(() => setTimeout(() => (window.loaded = performance.now() - started), 0));
        else requestAnimationFrame(look);
      };
      look();
    });
    const address = `http://127.0.0.1:${port}/`;
    await page.goto(`${address}#view=left-heavy&profileURL=${encodeURIComponent(`${address}profile.json`)}`);
    await page.waitForFunction(() => window.loaded !== undefined, undefined, { timeout: 120_000 });
    const load = await page.evaluate(() => window.loaded);
    await page.waitForTimeout(1000);
    const results = {};
    results.zoom = await interact(page, slowSteps, (i) => {
      const canvas = [...document.querySelectorAll('canvas')].at(-1);
      const box = canvas.getBoundingClientRect();
      canvas.dispatchEvent(
        new WheelEvent('wheel', {
          bubbles: true,
          cancelable: true,
          ctrlKey: true,
          deltaY: i % 40 < 20 ? -60 : 60,
          clientX: box.left + ((i * 97) % box.width),
          clientY: box.top + 40,
        }),
      );
    });
    results.pan = await interact(page, slowSteps, (i) => {
      const canvas = [...document.querySelectorAll('canvas')].at(-1);
      const deltaX = i % 20 < 10 ? 60 : -60;
      canvas.dispatchEvent(new WheelEvent('wheel', { bubbles: true, cancelable: true, deltaX }));
    });
    results.hover = await interact(page, slowSteps, (i) => {
      const canvas = [...document.querySelectorAll('canvas')].at(-1);
      const box = canvas.getBoundingClientRect();
      const [clientX, clientY] = [box.left + ((i * 131) % 1300), box.top + 10 + ((i * 37) % 400)];
      canvas.dispatchEvent(new MouseEvent('mousemove', { bubbles: true, clientX, clientY }));
    });
    await page.keyboard.press('Control+f');
    await page.waitForSelector('input', { timeout: 10_000 });
    results.search = await interact(page, slowSteps, (i) => {
      const field = document.querySelector('input');
      field.value = ['f', 'fu', 'function_1', 'Class1', '_24', 'ns7'][i % 6];
      field.dispatchEvent(new Event('input', { bubbles: true }));
    });
    return { load, results, memory: await memoryOf(page) };
  } finally {
    await page.close();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
