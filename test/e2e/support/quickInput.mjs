// The box at the top of the window: command palette, quick open, picks and inputs of extensions.
import { exactly } from './waiting.mjs';

const themes = new Map([
  ['Default Light Modern', { label: 'Light Modern', css: 'light_modern' }],
  ['Default Dark Modern', { label: 'Dark Modern', css: 'dark_modern' }],
  ['Default High Contrast', { label: 'Dark High Contrast', css: 'hc_black' }],
  ['Default High Contrast Light', { label: 'Light High Contrast', css: 'hc_light' }],
]);

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./waiting.mjs').Waiting} waiting
 */
export function createQuickInput(page, { until, step }) {
  const widget = page.locator('.quick-input-widget:visible');
  const input = widget.locator('.quick-input-box input');
  const rows = widget.locator('.quick-input-list .monaco-list-row');

  /** Runs a command by its title in the palette, such as `View: Focus Problems`. @param {string} title */
  async function runCommand(title) {
    await chooseAfterTyping('F1', `>${title}`, title, `the command "${title}" in the palette`);
  }

  /**
   * Opens a file of the folder and waits until its text is there.
   * @param {string} relativePath may end in `:line` or `:line:column`
   */
  async function openFile(relativePath) {
    const name =
      relativePath
        .replace(/(:\d+){0,2}$/, '')
        .split('/')
        .pop() ?? '';
    await chooseAfterTyping('Control+p', relativePath, name, `the file ${relativePath} in quick open`);
    const group = page.locator(
      `.editor-group-container.active:has(.tab.active[data-resource-name="${name}"])`,
    );
    await step(`an editor with ${name}`, (timeout) =>
      group.locator('.view-line').first().waitFor({ timeout }),
    );
  }

  /** Opens the box, types and confirms. @param {string} keys @param {string} text */
  async function enter(keys, text) {
    await step(`the box that ${keys} opens`, () => open(keys));
    await answer(text);
    await step('the box to close', (timeout) => widget.waitFor({ state: 'hidden', timeout }));
  }

  /**
   * Opens the box, types, and clicks the entry with the label. The box is opened again when the entry is
   * missing: commands of an extension appear only with the next opening, and a search may have been early.
   * @param {string} keys
   * @param {string} text
   * @param {string} label
   * @param {string} what
   */
  async function chooseAfterTyping(keys, text, label, what) {
    await until(what, async () => {
      await open(keys);
      const row = rowLabeled(label);
      // Twice: what is typed before the box has found who answers is lost.
      for (const patience of [3000, 8000]) {
        // A view that is still loading may take the focus, which closes the box: then it is opened again.
        await input.fill('', { timeout: 5000 });
        await input.fill(text, { timeout: 5000 });
        await row.waitFor({ timeout: patience }).catch(() => {});
        if ((await row.count()) === 0) continue;
        await row.click({ timeout: 15_000 });
        return true;
      }
      await page.keyboard.press('Escape');
      return false;
    });
  }

  /** @param {string} keys */
  async function open(keys) {
    if (await widget.isVisible()) await page.keyboard.press('Escape');
    // Keys pressed in a webview reach the workbench late or not at all.
    await page.evaluate(() => {
      const focused = /** @type {HTMLElement | null} */ (document.activeElement);
      if (focused?.tagName === 'IFRAME') focused.blur();
    });
    await page.keyboard.press(keys);
    await input.waitFor({ timeout: 5000 });
  }

  /** What the palette lists of a category, without it. @param {string} category @returns {Promise<string[]>} */
  async function offered(category) {
    await step('the palette', () => open('F1'));
    await step('the palette to take what is typed', (timeout) => input.fill(`>${category}`, { timeout }));
    await page.waitForTimeout(500);
    const labels = rows.locator('.quick-input-list-row:first-child .label-name');
    const found = new Set(await labels.allTextContents());
    // A long list draws only what is on screen; this goes from its first entry to the last.
    await page.keyboard.press('ArrowUp');
    await page.waitForTimeout(100);
    for (const label of await labels.allTextContents()) found.add(label);
    await page.keyboard.press('Escape');
    return [...found].flatMap((label) => (label.startsWith(category) ? [label.slice(category.length)] : []));
  }

  /** @param {string | RegExp} label */
  function rowLabeled(label) {
    return rows.filter({ has: page.locator('.label-name').filter({ hasText: exactly(label) }) }).first();
  }

  /** What an extension asks: waits for the box. */
  async function quickInput() {
    await step('a quick pick or input box', (timeout) => widget.waitFor({ timeout }));
    return {
      title: (await widget.locator('.quick-input-title').textContent()) ?? '',
      placeholder: (await input.getAttribute('placeholder')) ?? '',
      message: (await widget.locator('.quick-input-message').textContent()) ?? '',
      items: await rows.locator('.quick-input-list-row:first-child .label-name').allTextContents(),
    };
  }

  /** Chooses an entry of a quick pick that is open. @param {string | RegExp} label */
  async function pick(label) {
    const row = rowLabeled(label);
    await step(`the entry ${label} in the quick pick`, (timeout) => row.waitFor({ timeout }));
    await step(`a click on ${label}`, (timeout) => row.click({ timeout }));
  }

  /** Types into the box that is open and confirms. @param {string} text */
  async function answer(text) {
    await step('an input box', (timeout) => input.fill(text, { timeout }));
    await page.keyboard.press('Enter');
  }

  /** Changes the color theme as a user does. @param {string} name its setting value, or its label in the picker */
  async function setTheme(name) {
    const { label, css } = themes.get(name) ?? { label: name, css: undefined };
    await runCommand('Preferences: Color Theme');
    await step('the theme picker', (timeout) => rows.first().waitFor({ timeout }));
    await input.fill(label);
    await pick(label);
    await step('the theme picker to close', (timeout) => widget.waitFor({ state: 'hidden', timeout }));
    if (!css) return;
    await until(`the theme ${name}`, () =>
      page.locator(`.monaco-workbench[class*="${css}"]`).count().then(Boolean),
    );
  }

  /**
   * Answers the dialog that asks for a file. It writes its folder once it has read it, over whatever was typed before:
   * typed again until it is taken.
   * @param {string} file absolute
   */
  async function chooseFile(file) {
    const name = file.split('/').pop() ?? '';
    await until('the dialog for files', () => widget.isVisible());
    const input = widget.locator('input').first();
    let entered = false;
    await until(`the dialog to take ${name}`, async () => {
      if (entered && !(await widget.isVisible())) return true;
      await input.fill(file, { timeout: 1_000 });
      await widget.locator('.monaco-list-row', { hasText: name }).first().waitFor({ timeout: 2_000 });
      await page.waitForTimeout(300);
      if ((await input.inputValue({ timeout: 1_000 })) !== file) return false;
      // Before the key: the dialog may be gone by the time that the press is answered.
      entered = true;
      await input.press('Enter', { timeout: 1_000 });
      return widget.waitFor({ state: 'hidden', timeout: 2_000 }).then(() => true);
    });
  }

  return { runCommand, openFile, chooseFile, enter, offered, quickInput, pick, answer, setTheme };
}
