// Notifications, dialogs, the status bar and the Problems panel.
import { contains } from './waiting.mjs';

/**
 * @typedef {object} Problem
 * @property {string} file
 * @property {'error' | 'warning' | 'info'} severity
 * @property {string} message
 * @property {string} source
 * @property {number} line
 * @property {number} column
 */

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./waiting.mjs').Waiting} waiting
 * @param {(title: string) => Promise<void>} runCommand
 */
export function createParts(page, { until, step }, runCommand) {
  const shown = page.locator(
    '.notifications-toasts .notification-list-item:visible, .notifications-center .notification-list-item:visible',
  );

  /** Notifications on screen. Toasts hide after a while unless they have buttons: wait with `notification`. */
  async function notifications() {
    return shown.evaluateAll((all) =>
      all.map((item) => ({
        text: item.querySelector('.notification-list-item-message')?.textContent ?? '',
        severity:
          /codicon-(error|warning|info)/.exec(
            item.querySelector('.notification-list-item-icon')?.className ?? '',
          )?.[1] ?? '',
        buttons: [...item.querySelectorAll('.notification-list-item-buttons-container .monaco-button')].map(
          (button) => button.textContent ?? '',
        ),
      })),
    );
  }

  /**
   * Waits for a notification that contains the text.
   * @param {string | RegExp} text
   * @param {{ timeout?: number }} [options]
   */
  async function notification(text, { timeout } = {}) {
    const found = await until(
      `a notification with ${text}`,
      async () => (await notifications()).find((one) => contains(text, one.text)),
      timeout,
    );
    const item = shown
      .filter({ has: page.locator('.notification-list-item-message').filter({ hasText: found.text }) })
      .first();
    return {
      ...found,
      /** @param {string} button */
      click: (button) =>
        step(`the button "${button}" of the notification`, (limit) =>
          item
            .locator('.notification-list-item-buttons-container')
            .getByRole('button', { name: button, exact: true })
            .click({ timeout: limit }),
        ),
      close: () =>
        step('the notification to close', async (limit) => {
          await item.hover({ timeout: limit });
          await item.locator('.codicon-notifications-clear').click({ timeout: limit });
        }),
    };
  }

  /** Brings back the notifications whose toasts have hidden. */
  const showNotifications = () => runCommand('Notifications: Show Notifications');

  /** Waits for a modal dialog. */
  async function dialog() {
    const box = page.locator('.monaco-dialog-box');
    await step('a dialog', (timeout) => box.waitFor({ timeout }));
    return {
      text: (await box.locator('.dialog-message-text').allInnerTexts()).join('\n'),
      detail: (await box.locator('.dialog-message-detail').allInnerTexts()).join('\n'),
      buttons: await box.locator('.dialog-buttons .monaco-button').allInnerTexts(),
      /** @param {string} button */
      click: (button) =>
        step(`the button "${button}" of the dialog`, (timeout) =>
          box.getByRole('button', { name: button, exact: true }).click({ timeout }),
        ),
    };
  }

  /** Entries of the status bar from left to right. */
  async function statusBar() {
    return page.locator('.part.statusbar .statusbar-item:visible').evaluateAll((all) =>
      all.map((item) => ({
        id: item.id,
        text: item.textContent?.trim() ?? '',
        label: item.getAttribute('aria-label') ?? '',
      })),
    );
  }

  /** @param {string | RegExp} text */
  async function clickStatusBar(text) {
    const entries = page.locator('.part.statusbar .statusbar-item:visible');
    const index = await until(`${text} in the status bar`, async () => {
      const found = (await entries.allTextContents()).findIndex((entry) => contains(text, entry));
      return found >= 0 ? found : undefined;
    });
    await step(`a click on ${text} in the status bar`, (timeout) =>
      entries.nth(index).locator('a').first().click({ timeout }),
    );
  }

  /** Opens the Problems panel and reads it. @returns {Promise<Problem[]>} */
  async function problems() {
    await runCommand('View: Focus Problems (Errors, Warnings, Infos)');
    const panel = page.locator('.markers-panel-container');
    await step('the Problems panel', (timeout) => panel.waitFor({ timeout }));
    return panel.locator('.monaco-list-row').evaluateAll((rows) => {
      let file = '';
      return rows.flatMap((row) => {
        const name = row.querySelector('.resource-label-container .label-name, .file-icon .label-name');
        if (row.getAttribute('aria-level') === '1') {
          file = name?.textContent ?? '';
          return [];
        }
        const [, line, column] =
          /Ln (\d+), Col (\d+)/.exec(row.querySelector('.marker-line')?.textContent ?? '') ?? [];
        const icon = row.querySelector('.marker-icon .codicon, .marker-icon')?.className ?? '';
        const severity = /error/.test(icon) ? 'error' : /warning/.test(icon) ? 'warning' : 'info';
        return [
          {
            file,
            severity: /** @type {Problem['severity']} */ (severity),
            message: row.querySelector('.marker-message')?.textContent ?? '',
            source: row.querySelector('.marker-source')?.textContent ?? '',
            line: Number(line),
            column: Number(column),
          },
        ];
      });
    });
  }

  /** Agrees to what a preset starts, which is asked once. @returns what was shown */
  async function allowPreset() {
    const { text, detail, click } = await dialog();
    await click('Run');
    return `${text}\n${detail}`;
  }

  return {
    notifications,
    notification,
    showNotifications,
    dialog,
    allowPreset,
    statusBar,
    clickStatusBar,
    problems,
  };
}
