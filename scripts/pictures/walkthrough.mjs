// What the pictures of the walkthrough show. VS Code draws them small, on its own background: only what they are about is on
// them, in a dark and a light form.
import { commands, presets, settle, sourceAlone } from './scenes.mjs';

/** @typedef {import('./scenes.mjs').Workbench} Workbench */

/** Forms of a picture, by the names that package.json has for them, and the theme of the window that each is taken in. */
export const themes = { dark: 'Default Dark Modern', light: 'Default Light Modern' };

/** Of the window, in pixels: text can still be read at two thirds. */
export const size = { width: 780, height: 560 };

/**
 * Takes each picture in one form, in a window as `takePictures` needs it.
 * @param {Workbench} workbench
 * @param {(name: string, clip: { x: number, y: number, width: number, height: number }) => Promise<void>} take writes a part
 *   of the window to a picture
 */
export async function takeWalkthrough(workbench, take) {
  const { page } = workbench;
  const command = await commands(workbench);
  const panel = () => workbench.webview(/HAKMEM Lab/);
  const drawn = async () => (await panel()).locator('[data-frame]').first().waitFor();
  const shot = async (/** @type {string} */ name) => {
    await settle(workbench);
    // Without tabs, which say nothing here.
    const box = await page.locator('.part.editor .editor-container').first().boundingBox();
    if (!box) throw new Error('no editor is open');
    await take(name, box);
  };
  await workbench.openActivityView('HAKMEM Lab');
  await command('showPanel');
  await drawn();
  await sourceAlone(workbench);
  await shot('source');

  await workbench.runCommand('View: Close All Editors');
  await command('showPanel');
  await drawn();
  await shot('flame');
  await command('compareWith');
  await workbench.pick(presets.compared);
  await (await panel()).locator('#tab-compare').click();
  await shot('compare');
}
