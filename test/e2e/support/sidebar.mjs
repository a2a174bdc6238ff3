// The Activity Bar and the tree views of the side bar.
import { exactly } from './waiting.mjs';

/**
 * @param {import('playwright-core').Page} page
 * @param {import('./waiting.mjs').Waiting} waiting
 */
export function createSidebar(page, { until, step }) {
  const sidebar = page.locator('.part.sidebar');

  /** Shows a view container by its icon. @param {string} title */
  async function openActivityView(title) {
    const icon = page
      .locator('.activitybar .action-item[role="tab"]')
      .filter({ has: page.locator(labeled(title)) });
    await step(`the Activity Bar icon "${title}"`, async (timeout) => {
      await icon.waitFor({ timeout });
      // A click on the icon of the view that is shown would hide it.
      if ((await icon.getAttribute('aria-selected')) !== 'true' || !(await sidebar.isVisible()))
        await icon.click({ timeout });
    });
    const heading = sidebar.locator('.composite.title h2');
    await until(`the view "${title}"`, async () =>
      (await heading.textContent())?.toLowerCase().startsWith(title.toLowerCase()),
    );
  }

  /** A section of the side bar. @param {string} title */
  function pane(title) {
    return sidebar
      .locator('.pane')
      .filter({ has: page.locator('.pane-header h3.title').filter({ hasText: exactly(title) }) });
  }

  /** @param {string} [view] title of the section, if several are shown */
  const scope = (view) => (view ? pane(view) : sidebar);

  /**
   * The rows on screen (long trees draw only those).
   * @param {string} [view]
   */
  async function treeItems(view) {
    return scope(view)
      .locator(treeRow)
      .evaluateAll((rows) =>
        rows.map((row) => ({
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
          level: Number(row.getAttribute('aria-level')),
          expanded: row.getAttribute('aria-expanded') === 'true',
          collapsible: row.hasAttribute('aria-expanded'),
          ariaLabel: row.getAttribute('aria-label') ?? '',
        })),
      );
  }

  /**
   * A row of a tree, scrolled to if need be.
   * @param {string | RegExp} label
   * @param {{ view?: string, timeout?: number }} [options]
   */
  async function treeItem(label, { view, timeout } = {}) {
    // Found by its label each time it is used: rows are redrawn when the tree scrolls or changes.
    const name = page.locator('.label-name').filter({ hasText: withResult(label) });
    const row = scope(view).locator(treeRow).filter({ has: name }).first();
    await until(
      `the tree item ${label}`,
      async () => {
        if ((await row.count()) > 0) return true;
        await scroll(view);
        return false;
      },
      timeout,
    );
    return describe(row, String(label));
  }

  /** One page further, or back to the top from the end. @param {string} [view] */
  async function scroll(view) {
    for (const list of await scope(view).locator('.monaco-list').all()) {
      // VS Code fails on a page key in a list without rows.
      if (!(await list.isVisible()) || (await list.locator('.monaco-list-row').count()) === 0) continue;
      // By keys, since how far the wheel goes is the tree's own affair.
      await list.focus({ timeout: 2000 });
      const before = await list.getAttribute('aria-activedescendant');
      await page.keyboard.press('PageDown');
      if (before && before === (await list.getAttribute('aria-activedescendant')))
        await page.keyboard.press('Home');
      await page.waitForTimeout(100);
    }
  }

  /** @param {import('playwright-core').Locator} row @param {string} label */
  async function describe(row, label) {
    const expanded = async () => (await row.getAttribute('aria-expanded')) === 'true';
    const toggle = (/** @type {boolean} */ wanted) =>
      until(`the tree item ${label} to be ${wanted ? 'expanded' : 'collapsed'}`, async () => {
        if ((await expanded()) !== wanted) await row.locator('.monaco-tl-twistie').click({ timeout: 2000 });
        return (await expanded()) === wanted;
      });
    const actions = row.locator('.actions .action-label');

    return {
      row,
      label: (await row.locator('.label-name').first().textContent()) ?? '',
      description: (await row.locator('.label-description').allTextContents()).join(''),
      expanded,
      expand: () => toggle(true),
      collapse: () => toggle(false),
      click: () => step(`a click on ${label}`, (timeout) => row.click({ timeout })),
      doubleClick: () => step(`a double click on ${label}`, (timeout) => row.dblclick({ timeout })),
      /** Into a webview: VS Code lets it see the drag while Shift is held. @param {import('playwright-core').Locator} target */
      dragInto: (target) =>
        step(`a drag of ${label}`, async (timeout) => {
          const [from, to] = [await row.boundingBox({ timeout }), await target.boundingBox({ timeout })];
          if (!from || !to) throw new Error('One of the two has no place.');
          await page.mouse.move(from.x + 60, from.y + from.height / 2);
          await page.mouse.down();
          await page.mouse.move(from.x + 90, from.y + from.height / 2 + 4, { steps: 4 });
          await page.keyboard.down('Shift');
          await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 10 });
          // Only the moves after the first one are seen by what the drag has uncovered.
          await page.mouse.move(to.x + to.width / 2 + 8, to.y + to.height / 2 + 8, { steps: 4 });
          await page.mouse.up();
          await page.keyboard.up('Shift');
        }),
      /** Titles of the buttons that show on the row under the pointer. */
      inlineActions: async () => {
        await step(`the pointer on ${label}`, (timeout) => row.hover({ timeout }));
        return actions.evaluateAll((all) => all.map((action) => action.getAttribute('aria-label') ?? ''));
      },
      /** Clicks such a button. @param {string} title */
      inline: (title) =>
        step(`the button "${title}" on the tree item ${label}`, async (timeout) => {
          await row.hover({ timeout });
          await row.locator(labeled(title)).click({ timeout });
        }),
      /** Chooses from the context menu. @param {string} title */
      menu: async (title) => {
        const entry = page.locator('.monaco-menu .action-item').filter({ has: page.locator(labeled(title)) });
        await step(`"${title}" in the context menu of ${label}`, async (timeout) => {
          await row.click({ button: 'right', timeout });
          await entry.waitFor({ timeout });
        });
        // A menu ignores clicks while it is very young.
        await until(`the context menu to take "${title}"`, async () => {
          await entry.click({ timeout: 1000 }).catch(() => {});
          await page.waitForTimeout(100);
          return (await entry.count()) === 0;
        });
      },
    };
  }

  /** Clicks a button in the title of a section of the side bar. @param {string} view @param {string} title */
  async function viewAction(view, title) {
    await step(`the button "${title}" of the view "${view}"`, async (timeout) => {
      await pane(view).first().waitFor({ timeout });
      const own = pane(view).locator('.pane-header:not(.hidden)');
      // The only section of a container has no title of its own; the container's shows its buttons.
      const header = (await own.count()) > 0 ? own : sidebar.locator('.composite.title');
      await header.hover({ timeout });
      await header.locator(labeled(title)).click({ timeout });
    });
  }

  return { openActivityView, treeItems, treeItem, viewAction };
}

/** A preset or run is labeled by its name, with its last result before it once there is one. @param {string | RegExp} label */
function withResult(label) {
  const { source, flags } = exactly(label);
  return typeof label === 'string'
    ? new RegExp(
        source.replace(/^\^(\\s\*)?/, (start) => `${start}(?:[\\d.,]+(?:[kMG]| (?:n|µ|m)?s)? )?`),
        flags,
      )
    : label;
}

// Only the rows proper: parents that stick to the top of a scrolled tree are drawn a second time.
const treeRow = '.monaco-list-rows > [role="treeitem"]';

/** An action by its title; VS Code adds the key binding in brackets. @param {string} title */
function labeled(title) {
  const text = title.replaceAll('"', '\\"');
  return `.action-label[aria-label="${text}"], .action-label[aria-label^="${text} ("]`;
}
