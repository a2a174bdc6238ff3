// What the panel costs with a million samples and 200,000 distinct stack nodes, beside speedscope with the same profile.
/* global requestAnimationFrame, TextEncoder, CanvasRenderingContext2D, WheelEvent, PointerEvent, MouseEvent, Event */
// usage: node bench/panel.mjs [--samples N] [--nodes N]   (builds the webview itself; speedscope only where it is installed)
import { existsSync, readFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { launchBrowser } from '../test/e2e/support/browser.mjs';

const option = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(process.argv[at + 1]);
};
const sampleCount = option('samples', 1_000_000);
const nodeCount = option('nodes', 200_000);
const functionCount = 5_000;
/** Of speedscope: without a graphics card, the pictures of its WebGL come seconds after one another. */
const slowSteps = 12;

/** Runs in the page, and here for speedscope's file: the same profile from the same seed. */
function generate(samples, nodes, functions) {
  let seed = 12345;
  const random = () => ((seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0), seed / 4294967296);
  const names = Array.from(
    { length: functions },
    (_, i) => `ns${i % 40}::Class${i % 400}<int>::function_${i}(char const*)`,
  );
  const parent = new Int32Array(nodes).fill(-1);
  const frame = new Int32Array(nodes);
  const depth = new Int32Array(nodes);
  const seen = new Set();
  for (let n = 0; n < nodes;) {
    const up = n === 0 ? -1 : Math.max(0, n - 1 - Math.floor(random() ** 3 * Math.min(n, 4000)));
    const f = Math.floor(random() ** 2 * functions);
    if (up >= 0 && depth[up] > 40) {
      frame[n] = f;
      parent[n] = Math.floor(random() * Math.min(n, 1000));
    } else {
      frame[n] = f;
      parent[n] = up;
    }
    const key = parent[n] * functions + f;
    if (seen.has(key)) continue;
    seen.add(key);
    depth[n] = parent[n] < 0 ? 1 : depth[parent[n]] + 1;
    n++;
  }
  // Neighbours in time are neighbours in the tree, as in a program.
  const stack = new Int32Array(samples);
  for (let i = 0, at = 0; i < samples; i++) {
    at = random() < 0.02 ? Math.floor(random() * nodes) : (at + Math.floor(random() * 9)) % nodes;
    stack[i] = at;
  }
  return { names, parent, frame, stack };
}

function panelMessage(samples, nodes, functions, make) {
  const { names, parent, frame, stack } = make(samples, nodes, functions);
  let end = 0;
  const ends = Int32Array.from(names, (name) => (end += name.length));
  const up = Int32Array.from({ length: functions }, (_, i) => i);
  const none = new Int32Array(functions).fill(-1);
  const profile = {
    runId: 'bench',
    preset: 'BENCH',
    createdAt: '2026-01-01T00:00:00Z',
    events: [{ name: 'cpu-clock:u' }],
    strings: { length: functions, utf8: new TextEncoder().encode(names.join('')), ends },
    functions: { length: functions, name: up, module: none, file: none, line: new Int32Array(functions) },
    frames: {
      length: functions,
      func: up,
      file: none,
      line: new Int32Array(functions),
      inlined: new Uint8Array(functions),
    },
    stacks: { length: nodes, parent, frame },
    samples: {
      length: samples,
      stack,
      thread: new Int32Array(samples),
      event: new Uint8Array(samples),
      time: Float64Array.from({ length: samples }, (_, i) => i / 10000),
      weight: new Float64Array(samples).fill(100000),
    },
    threads: [{ pid: 1, tid: 1, name: 'main' }],
    category: Int32Array.from({ length: functions }, (_, i) => i % 6),
    categories: ['A', 'B', 'C', 'D', 'E', 'Other'],
    results: [],
    stat: null,
    notes: [],
  };
  return { type: 'profile', profile };
}

function statistics(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { median: at(0.5), p95: at(0.95), max: sorted.at(-1) };
}

const show = ({ median, p95, max }) =>
  `median ${median.toFixed(1)}  p95 ${p95.toFixed(1)}  max ${max.toFixed(1)} ms`;

/**
 * From the event to the end of the frame it leads to: handlers, layout, drawing, in milliseconds of the page's thread.
 * @param act is given the number of the step; runs in the page
 */
const interact = (page, count, act) =>
  page.evaluate(
    async ([n, source]) => {
      const step = new Function(`return (${source})`)();
      const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
      const times = [];
      for (let i = 0; i < n; i++) {
        await frame();
        await new Promise((resolve) => setTimeout(resolve, 0));
        const started = performance.now();
        step(i);
        // Frameworks put off their rendering to a microtask.
        await undefined;
        const handled = performance.now() - started;
        // Drawing happens in the next animation frame: its cost counts, the wait for the screen does not.
        const drawing = await new Promise((resolve) =>
          requestAnimationFrame(() => {
            const from = performance.now();
            document.body.getBoundingClientRect();
            setTimeout(() => resolve(performance.now() - from), 0);
          }),
        );
        times.push(handled + drawing);
      }
      return times;
    },
    [count, act.toString()],
  );

async function ours(browser) {
  const { outputFiles } = await build({
    entryPoints: { webview: 'webview/main.ts', style: 'webview/style.css' },
    bundle: true,
    minify: true,
    format: 'iife',
    write: false,
    outdir: 'out',
  });
  const text = (end) => outputFiles.find((file) => file.path.endsWith(end)).text;
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.setContent('<!DOCTYPE html><body class="vscode-dark"><div id="app"></div></body>');
  await page.addStyleTag({ content: text('.css') });
  // The message waits as a sender's would: what is measured begins when the script does.
  await page.evaluate(
    ([message, make, args]) => {
      const generated = new Function(`return (${make})`)();
      window.message = new Function(`return (${message})`)()(...args, generated);
      window.acquireVsCodeApi = () => ({
        postMessage: ({ type }) => {
          if (type !== 'ready') return;
          window.postMessage(window.message, '*');
          window.message = undefined;
        },
        getState: () => undefined,
        setState: () => undefined,
      });
      const { fillRect } = CanvasRenderingContext2D.prototype;
      window.firstFrame = new Promise((resolve) => {
        CanvasRenderingContext2D.prototype.fillRect = function (...rect) {
          fillRect.apply(this, rect);
          CanvasRenderingContext2D.prototype.fillRect = fillRect;
          requestAnimationFrame(() => resolve(performance.now()));
        };
      });
    },
    [panelMessage.toString(), generate.toString(), [sampleCount, nodeCount, functionCount]],
  );
  const load = await page.evaluate(async (script) => {
    const started = performance.now();
    const element = document.createElement('script');
    element.textContent = script;
    document.head.append(element);
    return (await window.firstFrame) - started;
  }, text('webview.js'));
  await page.waitForTimeout(500);

  const results = {};
  results.zoom = await interact(page, 120, (i) => {
    const content = document.querySelector('.flame-content');
    const box = content.getBoundingClientRect();
    content.dispatchEvent(
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
  results.pan = await interact(page, 120, (i) => {
    const content = document.querySelector('.flame-content');
    content.dispatchEvent(
      new WheelEvent('wheel', {
        bubbles: true,
        cancelable: true,
        shiftKey: true,
        deltaY: i % 20 < 10 ? 60 : -60,
      }),
    );
  });
  results.hover = await interact(page, 120, (i) => {
    const content = document.querySelector('.flame-content');
    const box = content.getBoundingClientRect();
    content.dispatchEvent(
      new PointerEvent('pointermove', {
        bubbles: true,
        clientX: box.left + ((i * 131) % 1300),
        clientY: box.top + 10 + ((i * 37) % 400),
      }),
    );
  });
  results.search = await interact(page, 60, (i) => {
    const field = document.querySelector('.flame vscode-text-field');
    field.value = ['f', 'fu', 'function_1', '/Class[13]/', '/_(2|4)\\d\\(/', 'ns7'][i % 6];
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const memory = await memoryOf(page);
  await page.close();
  return { load, results, memory };
}

async function memoryOf(page) {
  const client = await page.context().newCDPSession(page);
  await client.send('HeapProfiler.collectGarbage');
  const { usedSize, backingStorageSize = 0 } = await client.send('Runtime.getHeapUsage');
  return (usedSize + backingStorageSize) / 1048576;
}

/**
 * speedscope as it is shipped, with the profile as its own JSON in a file that its page loads by address. Its page
 * crashes here with a million samples one by one, so equal stacks are one sample with their sum: its left heavy view
 * is the same, and it has a fifth of the samples to read.
 */
async function speedscope(browser) {
  const root = path.resolve('node_modules/speedscope/dist/release');
  if (!existsSync(root)) return undefined;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-speedscope-'));
  const file = path.join(folder, 'profile.json');
  writeFileSync(file, speedscopeFile(generate(sampleCount, nodeCount, functionCount)));
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

function speedscopeFile({ names, parent, frame, stack }) {
  const weight = new Int32Array(parent.length);
  for (const node of stack) weight[node]++;
  const samples = [];
  const weights = [];
  weight.forEach((count, node) => {
    if (count === 0) return;
    const frames = [];
    for (let n = node; n >= 0; n = parent[n]) frames.push(frame[n]);
    samples.push(frames.reverse());
    weights.push(count);
  });
  return JSON.stringify({
    $schema: 'https://www.speedscope.app/file-format-schema.json',
    shared: { frames: names.map((name) => ({ name })) },
    profiles: [
      {
        type: 'sampled',
        name: 'bench',
        unit: 'none',
        startValue: 0,
        endValue: stack.length,
        weights,
        samples,
      },
    ],
  });
}

const browser = await launchBrowser();
try {
  console.log(`${sampleCount} samples, ${nodeCount} stack nodes, ${functionCount} functions`);
  const measured = { panel: await ours(browser), speedscope: await speedscope(browser) };
  for (const [name, found] of Object.entries(measured)) {
    if (found === undefined) {
      console.log(`${name}  not installed: npm install`);
      continue;
    }
    const { load, memory, results } = found;
    console.log(`${name.padEnd(11)} first frame ${load.toFixed(0)} ms, memory ${memory.toFixed(0)} MiB`);
    for (const [step, times] of Object.entries(results))
      console.log(`  ${step.padEnd(8)} ${show(statistics(times))}`);
  }
  console.log(`load average ${os.loadavg()[0].toFixed(1)} on ${os.cpus().length} cores`);
} finally {
  await browser.close();
}
