// This project's panel with the generated profile.
/* global requestAnimationFrame, CanvasRenderingContext2D, WheelEvent, PointerEvent, Event */
import { build } from 'esbuild';
import { interact, memoryOf } from './interact.mjs';
import { generate, panelMessage } from './profile.mjs';

/** The bundle as it is shipped. */
export async function bundle(minify = true) {
  const { outputFiles } = await build({
    entryPoints: { webview: 'webview/main.ts', style: 'webview/style.css' },
    bundle: true,
    minify,
    format: 'iife',
    write: false,
    outdir: 'out',
  });
  const text = (end) => outputFiles.find((file) => file.path.endsWith(end)).text;
  return { script: text('.js'), style: text('.css'), tree: await treeMaker() };
}

/** The extension sends the call tree along, which its annotations need too: made in the page, before anything is timed. */
async function treeMaker() {
  const contents =
    "export { buildCallTree } from './views/callTree.js'; export { packTree } from './wire/packedTree.js'; " +
    "export { packSamples } from './wire/packedSamples.js';";
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: 'src', loader: 'ts' },
    bundle: true,
    format: 'iife',
    globalName: 'core',
    write: false,
  });
  return outputFiles[0].text;
}

/**
 * One opening of the panel and the steps of a hand in it.
 * @param {{ samples: number, nodes: number, functions: number, view: string }} size
 * @param {{ script: string, style: string, tree: string }} assets from `bundle`
 * @param {(page: import('playwright-core').Page, step: string) => Promise<() => Promise<void>>} [watch] begins to
 *   watch a step, and ends it
 */
export async function ours(browser, { samples, nodes, functions, view }, assets, watch) {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.setContent('<!DOCTYPE html><body class="vscode-dark"><div id="app"></div></body>');
  await page.addScriptTag({ content: assets.tree });
  await page.addStyleTag({ content: assets.style });
  // The message waits as a sender's would: what is measured begins when the script does.
  await page.evaluate(
    ([message, make, args, view]) => {
      const generated = new Function(`return (${make})`)();
      window.message = new Function(`return (${message})`)()(...args, generated);
      window.acquireVsCodeApi = () => ({
        postMessage: ({ type }) => {
          if (type !== 'ready') return;
          // VS Code transfers the buffers of a message to the page, and so does this.
          const buffers = new Set();
          const gather = (value) => {
            if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
            else if (typeof value === 'object' && value !== null) Object.values(value).forEach(gather);
          };
          gather(window.message);
          window.postMessage(window.message, '*', [...buffers]);
          window.message = undefined;
        },
        getState: () => ({ view }),
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
    [panelMessage.toString(), generate.toString(), [samples, nodes, functions], view],
  );
  await page.waitForTimeout(500);
  const ended = await watch?.(page, 'first frame');
  const load = await page.evaluate(async (script) => {
    const started = performance.now();
    const element = document.createElement('script');
    element.textContent = script;
    document.head.append(element);
    return (await window.firstFrame) - started;
  }, assets.script);
  await ended?.();
  await page.waitForTimeout(500);

  const results = {};
  const step = async (name, count, act) => {
    const ended = await watch?.(page, name);
    results[name] = await interact(page, count, act);
    await ended?.();
  };
  await step('zoom', 120, (i) => {
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
  await step('pan', 120, (i) => {
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
  await step('hover', 120, (i) => {
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
  await step('search', 60, (i) => {
    const field = document.querySelector('.flame vscode-text-field');
    field.value = ['f', 'fu', 'function_1', '/Class[13]/', '/_(2|4)\\d\\(/', 'ns7'][i % 6];
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  const memory = await memoryOf(page);
  await page.close();
  return { load, results, memory };
}
