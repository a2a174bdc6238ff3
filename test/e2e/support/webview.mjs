// Webviews: an iframe (VS Code's own page) with an iframe in it (the extension's document).
import { matches } from './waiting.mjs';

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./waiting.mjs').Waiting} waiting
 */
export function createWebviews(page, { until }) {
  /**
   * The document of a webview that is shown.
   * @param {string | RegExp | ((frame: import('playwright-core').Frame) => unknown)} wanted the title of its tab
   *   or side-bar section, or a question about the document
   * @param {{ timeout?: number }} [options]
   * @returns {Promise<import('playwright-core').Frame>}
   */
  async function webview(wanted, { timeout } = {}) {
    const what =
      typeof wanted === 'function' ? 'a webview that meets the condition' : `the webview "${wanted}"`;
    return until(
      what,
      async () => {
        for (const { id, title } of await shownWebviews()) {
          if (typeof wanted !== 'function' && !matches(wanted, title)) continue;
          const frame = await documentOf(id);
          if (frame && (typeof wanted !== 'function' || (await wanted(frame)))) return frame;
        }
        return undefined;
      },
      timeout,
    );
  }

  /** A webview floats above the workbench: its title is that of the editor or section it covers. */
  async function shownWebviews() {
    return page.locator('iframe.webview.ready').evaluateAll((frames) =>
      frames.flatMap((frame) => {
        const holder = frame.parentElement;
        if (!holder || getComputedStyle(holder).visibility === 'hidden') return [];
        const box = holder.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        const place = [...document.querySelectorAll('.editor-group-container, .pane')].find((element) => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          return left < x && x < right && top < y && y < bottom;
        });
        const title = place?.querySelector('.tab.active .label-name, .pane-header h3.title');
        return [{ id: frame.getAttribute('name') ?? '', title: title?.textContent?.trim() ?? '' }];
      }),
    );
  }

  /** @param {string} id */
  async function documentOf(id) {
    const outer = page.frame({ name: id });
    // A document that is being loaded stands beside the one it will replace, under another id.
    const inner = await outer?.$('iframe#active-frame');
    const frame = await inner?.contentFrame();
    return frame && (await frame.evaluate(() => document.readyState === 'complete')) ? frame : undefined;
  }

  return { webview };
}
