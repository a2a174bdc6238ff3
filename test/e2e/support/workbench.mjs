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
