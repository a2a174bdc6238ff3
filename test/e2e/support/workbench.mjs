// Drives a VS Code in a browser the way a user does: by what can be seen, clicked and typed.
import { launchBrowser } from './browser.mjs';
import { createEditor } from './editor.mjs';
import { createParts } from './parts.mjs';
import { createQuickInput } from './quickInput.mjs';
import { createSidebar } from './sidebar.mjs';
import { TIMEOUT, createWaiting } from './waiting.mjs';
import { createWebviews } from './webview.mjs';

/** What this VS Code prints in any window, with or without an extension. */
const known = [
  // VS Code asks its own extensions for tasks before a debug or build command; on a busy machine they answer late.
  /^Timed out getting tasks from +(typescript|npm|grunt|gulp|jake)$/,
  // A page key in a list whose rows were being drawn again.
  /ListError \[[\w.]+\] Invalid index[^]*focusNextPage/,
  // It asks all extensions before it saves, and doesn't wait long on a busy machine. This one has nothing to say.
  /Aborted onWillSaveTextDocument-event after/,
  // VS Code's own page around a webview, whose document was being replaced.
  /reading 'classList'\)[^]*webview\/browser\/pre\/index\.html/,
  /^Failed to load resource: .* 404/,
  /Long running operations during shutdown are unsupported in the web/,
  // What was under way when the window was reloaded.
  /\(Canceled: Canceled\)/,
  /Unable to write file 'vscode-log:.*IndexedDB database 'vscode-web-db' is closed/,
];

/** @typedef {Awaited<ReturnType<typeof openWorkbench>>} Workbench */

/**
 * @param {{ url: string, width?: number, height?: number, theme?: string, headless?: boolean }} options
 */
export async function openWorkbench({ url, width = 1600, height = 1000, theme, headless }) {
  const browser = await launchBrowser({ headless });
  try {
    const context = await browser.newContext({
      viewport: { width, height },
      permissions: ['clipboard-read', 'clipboard-write'],
      reducedMotion: 'reduce', // a screenshot never catches something half faded in
    });
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT);
    const consoleErrors = gatherErrors(page);
    const waiting = createWaiting(page, consoleErrors);
    const quickInput = createQuickInput(page, waiting);

    /** Waits until the window is drawn and takes keys. */
    const ready = () =>
      waiting.step(
        'the VS Code window',
        async (timeout) => {
          await page.locator('.part.activitybar .action-item[role="tab"]').first().waitFor({ timeout });
          await page.locator('.part.statusbar [id="status.host"]').waitFor({ timeout });
        },
        60_000,
      );

    await waiting.step('an answer from the server', (timeout) => page.goto(url, { timeout }), 30_000);
    await ready();
    if (theme) await quickInput.setTheme(theme);

    return {
      page,
      /** Errors that the window, the extension host and webviews wrote to the console. */
      consoleErrors,
      ready,
      ...waiting,
      ...quickInput,
      ...createSidebar(page, waiting),
      ...createEditor(page, waiting, quickInput.enter),
      ...createParts(page, waiting, quickInput.runCommand),
      ...createWebviews(page, waiting),
      keeps: (/** @type {string} */ pattern) => keeps(page, pattern),
      /** Reloads the window, as a user does after installing something. */
      reload: async () => {
        await page.reload();
        await ready();
      },
      close: () => browser.close(),
    };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/**
 * Whether VS Code keeps a state over a reload by now. In a browser it writes every five seconds, and not when the window
 * closes.
 * @param {import('playwright-core').Page} page @param {string} pattern
 */
function keeps(page, pattern) {
  return page.evaluate(async (source) => {
    const request = (/** @type {IDBRequest} */ asked) =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    for (const { name } of await globalThis.indexedDB.databases()) {
      if (!name?.startsWith('vscode-web-state-db')) continue;
      const database = /** @type {IDBDatabase} */ (await request(globalThis.indexedDB.open(name)));
      try {
        const items = await request(database.transaction('ItemTable').objectStore('ItemTable').getAll());
        if (items.some((/** @type {unknown} */ item) => new RegExp(source).test(String(item)))) return true;
      } finally {
        database.close();
      }
    }
    return false;
  }, pattern);
}

/** @param {import('playwright-core').Page} page */
function gatherErrors(page) {
  /** @type {string[]} */
  const errors = [];
  page.on('console', (message) => {
    if (message.type() === 'error' && !known.some((pattern) => pattern.test(message.text())))
      errors.push(message.text());
  });
  page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
  return errors;
}
