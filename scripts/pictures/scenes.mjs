// What the README's pictures show, and how a window gets there.
import { contributions } from '../docs/manifest.mjs';

/** The run that is shown, and the one that it is compared with. */
export const presets = { shown: 'C6_HEAVY_LEGACY_POOLV1', compared: 'LEGACY' };

/** Of the window, in pixels; and of the first picture, which shows all of it. */
export const size = { width: 1280, height: 800 };
const large = { width: 1400, height: 900 };

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
  const { page } = workbench;
  const command = await commands(workbench);
  const panel = () => workbench.webview(/HAKMEM Lab/);
  const drawn = async () => (await panel()).locator('[data-frame]').first().waitFor();
  const tab = async (id) => (await panel()).locator(`#tab-${id}`).click();
  const shot = async (name) => {
    await settle(workbench);
    await take(name);
  };

  // The source alone.
  await workbench.openActivityView('HAKMEM Lab');
  await command('showPanel');
  await drawn();
  const hottest = await sourceAlone(workbench);
  await shot('annotations');

  // The window as a user has it: presets, hot lines, and the flame graph with most of the room.
  await page.setViewportSize(large);
  await workbench.openActivityView('HAKMEM Lab');
  await command('showPanel');
  await drawn();
  await shareHeight(page, large.height * 0.25);
  await workbench.gotoLine(hottest);
  await shot('window');
  await page.setViewportSize(size);
  await workbench.runCommand('View: Close Primary Side Bar');

  // The panel alone.
  await workbench.runCommand('View: Close All Editors');
  await command('showPanel');
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
  // The next view, with the timeline above it.
  await (await panel()).locator('vscode-dropdown').first().focus();
  await page.keyboard.press('ArrowDown');
  await settle(workbench);
  const strip = await (await panel()).locator('.timeline-strip').boundingBox();
  if (!strip) throw new Error('no timeline is shown');
  await page.mouse.move(strip.x + strip.width * 0.25, strip.y + strip.height / 2);
  await page.mouse.down();
  await page.mouse.move(strip.x + strip.width * 0.6, strip.y + strip.height / 2, { steps: 5 });
  await page.mouse.up();
  await shot('time');
}

/** The source with its hottest line, and nothing beside it. @param {Workbench} workbench */
export async function sourceAlone(workbench) {
  const command = await commands(workbench);
  await command('goToHottest');
  await workbench.until('the hot lines', async () =>
    (await workbench.lineAnnotations()).some(({ background }) => background !== undefined),
  );
  await workbench.runCommand('View: Close Primary Side Bar');
  await workbench.focusEditor();
  await workbench.runCommand('View: Close Editors in Other Groups');
  const hottest = await hottestLine(workbench);
  await workbench.gotoLine(hottest);
  return hottest;
}

/** Of the lines in view, the one with the largest share. @param {Workbench} workbench */
async function hottestLine(workbench) {
  const lines = await workbench.lineAnnotations();
  const share = ({ after }) =>
    Math.max(...after.map((text) => Number(/^\s*([\d.]+) ?%/.exec(text)?.[1] ?? 0)), 0);
  return lines.reduce((hottest, line) => (share(line) > share(hottest) ? line : hottest)).lineNumber;
}

/** Drags the border between the source above and the panel below it. @param {number} height of the source */
async function shareHeight(page, height) {
  const border = page.locator('.editor .monaco-sash.horizontal:not(.disabled)').first();
  const box = await border.boundingBox();
  if (!box) throw new Error('the source is not above the panel');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, height, { steps: 5 });
  await page.mouse.up();
}

/** Runs a command of the extension by its id in the table of contributions. @param {Workbench} workbench */
export async function commands(workbench) {
  const { commands: all } = await contributions();
  return (/** @type {string} */ id) => {
    const { category, title } = all.find(({ command }) => command === `hakmemLab.${id}`);
    return workbench.runCommand(`${category}: ${title}`);
  };
}

/** Until nothing moves: no progress in the window, no notification over it, no pointer on it. @param {Workbench} workbench */
export async function settle({ page, until, notifications }) {
  await page.mouse.move(0, 0);
  await until('the end of all progress', async () => {
    const busy = await page.locator('.monaco-progress-container.active:visible').count();
    return busy === 0 && (await notifications()).length === 0;
  });
  await page.waitForTimeout(1000);
}
