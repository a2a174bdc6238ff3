// Text editors: what is drawn in them, and changing it.
//
// An editor draws only the lines in view, so everything here speaks of those; go to the line first.
// With several editors side by side, `file` (a base name) says which; otherwise it is the active one.
import { pointOn, readLines, readRuler } from './editorDom.mjs';

/**
 * @typedef {object} LineAnnotation
 * @property {number} lineNumber
 * @property {string} text
 * @property {string[]} after texts that extensions put behind the line, in order
 * @property {string | undefined} background color that an extension gave the line
 */

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./waiting.mjs').Waiting} waiting
 * @param {(keys: string, text: string) => Promise<void>} enter types into the box that the keys open
 */
export function createEditor(page, { until, step }, enter) {
  /** The editor group in question: of those with the file (or any text) in front, the active one if it is among them. @param {string} [file] */
  async function group(file) {
    const tab = file ? `:has(.tab.active[data-resource-name="${file}"])` : '';
    const shown = `.editor-group-container:has(.editor-instance .view-lines)${tab}`;
    const active = page.locator(`${shown}.active`);
    return (await active.count()) > 0 ? active.first() : page.locator(shown).first();
  }

  /** Puts the cursor on a line and scrolls there. @param {number} line @param {string} [file] */
  async function gotoLine(line, file) {
    await focusEditor(file);
    await enter('Control+g', `:${line}`);
    const root = await group(file);
    const number = root.locator('.line-numbers').getByText(String(line), { exact: true });
    await step(`line ${line} in view`, (timeout) => number.first().waitFor({ timeout }));
  }

  /** @param {string} [file] @returns {Promise<LineAnnotation[]>} */
  async function lineAnnotations(file) {
    const root = await group(file);
    return step(`the lines of ${file ?? 'the active editor'}`, (timeout) =>
      root.evaluate(readLines, undefined, { timeout }),
    );
  }

  /** The text in view. @param {string} [file] */
  async function editorText(file) {
    return (await lineAnnotations(file)).map((line) => line.text).join('\n');
  }

  /**
   * The marks on the overview ruler, as shares of its height from the top. Colors may be blended.
   * @param {string} [file]
   * @returns {Promise<{ color: string, from: number, to: number }[]>}
   */
  async function overviewRuler(file) {
    const root = await group(file);
    return step('the overview ruler', (timeout) =>
      root.locator('canvas.decorationsOverviewRuler').first().evaluate(readRuler, undefined, { timeout }),
    );
  }

  /**
   * The hover that appears with the pointer on a text of a line, or on the line's after-texts.
   * @param {number} line
   * @param {{ text?: string, file?: string }} [options] without a text: on the first after-text
   * @returns {Promise<string>}
   */
  async function hover(line, { text, file } = {}) {
    const root = await group(file);
    const what = `a hover on line ${line}${text ? ` at "${text}"` : ''}`;
    const shown = page
      .locator('.monaco-resizable-hover:visible, .monaco-hover:visible')
      .filter({ has: page.locator('.hover-row') });
    await page.keyboard.press('Escape');
    return until(what, async () => {
      const point = await root.evaluate(pointOn, { line, text });
      // From elsewhere, and twice: a pointer that stands still starts no hover.
      await page.mouse.move(point.x, point.y + 60);
      await page.mouse.move(point.x - 1, point.y, { steps: 3 });
      await page.mouse.move(point.x, point.y);
      await shown.first().waitFor({ timeout: 3000 });
      const rows = await shown.first().locator('.hover-row').allInnerTexts();
      const texts = rows.map((row) => row.trim()).filter((row) => row && row !== 'Loading...');
      return texts.length > 0 && texts.join('\n');
    });
  }

  /** Puts the focus into the editor. @param {string} [file] */
  async function focusEditor(file) {
    const root = await group(file);
    await step('the editor to take the focus', (timeout) =>
      root.locator('.native-edit-context, textarea.inputarea').first().focus({ timeout }),
    );
  }

  /**
   * Replaces every occurrence of a text by means of the find widget (typing would close brackets).
   * @param {string} from
   * @param {string} to
   * @param {string} [file]
   */
  async function replaceText(from, to, file) {
    await focusEditor(file);
    const root = await group(file);
    const widget = root.locator('.find-widget.visible');
    await step(`"${from}" in the find widget`, async (timeout) => {
      await page.keyboard.press('Control+h');
      await widget.locator('.find-part textarea').fill(from, { timeout });
      await widget.locator('.replace-part textarea').fill(to, { timeout });
    });
    await until(`"${from}" to be found`, async () =>
      / of /.test((await widget.locator('.matchesCount').textContent()) ?? ''),
    );
    await widget.locator('.replace-part textarea').focus();
    await page.keyboard.press('Control+Alt+Enter');
    await until(`"${from}" to be replaced`, async () => {
      const dirty = await root.locator('.tab.active.dirty').count();
      return dirty > 0 || (await widget.locator('.matchesCount').textContent()) === 'No results';
    });
    await page.keyboard.press('Escape');
  }

  /** Saves the active file and waits until it is on disk. @param {string} [file] */
  async function save(file) {
    await focusEditor(file);
    const root = await group(file);
    await page.keyboard.press('Control+s');
    await until('the file to be saved', async () => (await root.locator('.tab.active.dirty').count()) === 0);
  }

  /** Titles of the open tabs, group by group. */
  async function tabs() {
    return page.locator('.editor-group-container .tab').evaluateAll((all) => {
      const groups = [...document.querySelectorAll('.editor-group-container')];
      return all.map((tab) => ({
        group: groups.indexOf(/** @type {Element} */ (tab.closest('.editor-group-container'))),
        title: tab.querySelector('.label-name')?.textContent ?? '',
        active: tab.classList.contains('active'),
        dirty: tab.classList.contains('dirty'),
      }));
    });
  }

  /** The line the cursor is on, from the status bar. */
  async function cursorLine() {
    const text = await step('the cursor position', (timeout) =>
      page.locator('[id="status.editor.selection"]').innerText({ timeout }),
    );
    return Number(/Ln (\d+)/.exec(text)?.[1]);
  }

  return {
    gotoLine,
    lineAnnotations,
    editorText,
    overviewRuler,
    hover,
    focusEditor,
    replaceText,
    save,
    tabs,
    cursorLine,
  };
}
