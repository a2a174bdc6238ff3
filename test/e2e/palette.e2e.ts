import { afterEach, describe, expect, it } from 'vitest';
import { openLabWindow } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

/** Commands after which nothing has to look different. */
const silent = /^(Focus on .* View|Refresh Presets)$/;
/** What VS Code says of a command that isn't there, and Node of a mistake in one that is. */
const mistake = /not found|Running the contributed command|undefined|is not a|Cannot read|TypeError/;
/** VS Code's own frame around a preview of Markdown that is closed while it loads. */
const closedPreview = /webview\/browser\/pre\/index\.html.*extensionId=vscode\.markdown-language-features/;

/** Every command of the palette is run where there is least for it to work on. */
describe('the palette', () => {
  let window: Window;
  afterEach(() => window.close());

  it('has an answer to each of its commands in an empty folder, and without one', async () => {
    window = await openLabWindow({ lab: false });
    // What needs a folder is offered once VS Code knows that it trusts this one.
    expect(await walk('Try the Sample Allocator', 'Attach to Process...')).toEqual([
      'Attach to Process...',
      'Focus on Presets View',
      'Open Profile...',
      'Profile a Command...',
      'Refresh Presets',
      'Run Doctor',
      'Show Output',
    ]);
    const { page, ready, consoleErrors } = window.workbench;
    await page.goto(new URL('/?ew=true', page.url()).href);
    await ready();
    // What was under way in the folder's window.
    consoleErrors.length = 0;
    expect(await walk('Try the Sample Allocator')).toEqual([
      'Focus on Presets View',
      'Open Profile...',
      'Run Doctor',
      'Show Output',
    ]);
  });

  it('has an answer to each of its commands in a folder that is not trusted', async () => {
    window = await openLabWindow({ trust: true });
    const { buttons, click } = await window.workbench.dialog();
    await click(buttons[0] as string);
    const titles = await walk('Edit Preset...');
    expect(titles).toEqual(expect.arrayContaining(['Show History', 'Show Panel', 'Open Lab File']));
    expect(titles.filter((title) => /^(Run Preset|Profile|Attach|Measure)/.test(title))).toEqual([]);
  });

  /**
   * Runs all but the sample allocator, which opens another window.
   * @param awaited commands that are offered late, when what they depend on is known
   * @returns what was offered, sorted
   */
  async function walk(...awaited: string[]): Promise<string[]> {
    const { workbench } = window;
    const { page, until, runCommand, consoleErrors } = workbench;
    await workbench.openActivityView('HAKMEM Lab');
    const offered = await until('the commands in the palette', async () => {
      const found = await workbench.offered('HAKMEM Lab: ');
      return awaited.every((title) => found.includes(title)) && found;
    });
    const titles = offered.filter((title) => title !== 'Try the Sample Allocator');
    for (const title of titles) {
      const before = await looks();
      await runCommand(`HAKMEM Lab: ${title}`);
      const after = silent.test(title)
        ? await looks()
        : await until(`what "${title}" shows`, async () => {
            const now = await looks();
            // What shows how far a command has come isn't its answer yet.
            return !/Checking this machine/.test(now) && now !== before && now;
          });
      expect(after, title).not.toMatch(mistake);
      await page.keyboard.press('Escape');
      if (await page.locator('.tabs-container .tab').count()) await runCommand('View: Close All Editors');
    }
    expect(consoleErrors.filter((error) => !closedPreview.test(error))).toEqual([]);
    return titles.sort();
  }

  /** Everything that an answer can be: a question, a notification, a dialog, an editor, the output. */
  async function looks(): Promise<string> {
    const { page } = window.workbench;
    const parts =
      '.quick-input-widget, .notification-list-item, .monaco-dialog-box, .tabs-container, .part.panel';
    return (await page.locator(parts).filter({ visible: true }).allInnerTexts()).join('\n');
  }
});
