// What the README's pictures show, and how a window gets there.
import { contributions } from '../docs/manifest.mjs';

/** The run that is shown, and the one that it is compared with. */
export const presets = { shown: 'C6_HEAVY_LEGACY_POOLV1', compared: 'LEGACY' };

export const size = { width: 1280, height: 800 };

/** User settings of the window. */
export const settings = {
  'workbench.colorTheme': 'Default Dark Modern',
  'window.commandCenter': false,
  'editor.minimap.enabled': false,
};

/**
 * @typedef {Awaited<ReturnType<typeof import('../../test/e2e/support/workbench.mjs').openWorkbench>>} Workbench
 * @typedef {(name: string) => Promise<void>} Take writes what the window shows to docs/NAME.png
 */

/**
 * Takes all pictures, in a window on the folder of the sample allocator with two saved profiles.
 * @param {Workbench} workbench
 * @param {Take} take
 */
export async function takePictures(workbench, take) {
  const { page, until } = workbench;
  const command = await commands(workbench);
  const panel = () => workbench.webview(/HAKMEM Lab/);
  const drawn = async () => (await panel()).locator('[data-frame]').first().waitFor();
  const tab = async (id) => (await panel()).locator(`#tab-${id}`).click();
  const shot = async (name) => {
    await settle(workbench);
    await take(name);
  };

  // The window as a user has it: presets, hot lines, and the flame graph with most of the room.
  await workbench.openActivityView('HAKMEM Lab');
  await command('showPanel');
  await drawn();
  await command('goToHottest');
  await until('the hot lines', async () =>
    (await workbench.lineAnnotations()).some(({ background }) => background !== undefined),
  );
  await shareHeight(page, 0.3);
  await shot('window');
  await shareHeight(page, 0.98);
  await shot('annotations');

  // The panel alone.
  await workbench.runCommand('View: Close Primary Side Bar');
  await command('showPanel');
  await workbench.runCommand('View: Close Editors in Other Groups');
  await drawn();
  await shot('flame');
  await tab('categories');
  await (await panel()).locator('tr[data-category]').first().waitFor();
  await shot('categories');
  await tab('whatif');
  await (await panel()).locator('.what-if-example').first().locator('vscode-button').click();
  await shot('whatif');

  await command('compareWith');
  await workbench.pick(presets.compared);
  await tab('compare');
  await shot('compare');

  await tab('flame');
  await (await panel()).getByText('Aggregated', { exact: true }).first().click();
  await (await panel()).getByRole('option', { name: 'Time order' }).click();
  const strip = await (await panel()).locator('.timeline-strip').boundingBox();
  if (!strip) throw new Error('no timeline is shown');
  await page.mouse.move(strip.x + strip.width * 0.25, strip.y + strip.height / 2);
  await page.mouse.down();
  await page.mouse.move(strip.x + strip.width * 0.6, strip.y + strip.height / 2, { steps: 5 });
  await page.mouse.up();
  await shot('time');
}

/** Drags the border between the source above and the panel below it to a share of the window's height. */
async function shareHeight(page, share) {
  const border = page.locator('.editor .monaco-sash.horizontal:not(.disabled)').first();
  const box = await border.boundingBox();
  if (!box) throw new Error('the source is not above the panel');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, size.height * share, { steps: 5 });
  await page.mouse.up();
}

/** Runs a command of the extension by its id in the table of contributions. @param {Workbench} workbench */
async function commands(workbench) {
  const { commands: all } = await contributions();
  return (/** @type {string} */ id) => {
    const { category, title } = all.find(({ command }) => command === `hakmemLab.${id}`);
    return workbench.runCommand(`${category}: ${title}`);
  };
}

/** Until nothing moves: no progress in the window, no notification over it, no pointer on it. @param {Workbench} workbench */
async function settle({ page, until, notifications }) {
  await page.mouse.move(0, 0);
  await until('the end of all progress', async () => {
    const busy = await page.locator('.monaco-progress-container.active:visible').count();
    return busy === 0 && (await notifications()).length === 0;
  });
  await page.waitForTimeout(1000);
}
