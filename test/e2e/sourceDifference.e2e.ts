import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabWindow, root, savedRuns } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

const before = `static volatile long first, second;
__attribute__((noinline)) static void churn(long n) {
  for (long i = 0; i < n; i++)
    first += i * i;
}

__attribute__((noinline)) static void spin(long n) {
  for (long i = 0; i < n; i++)
    second ^= i;
}

__attribute__((noinline)) static void run(long n) {
  churn(n);
  spin(n);
  first++;
}

int main(void) {
  run(300000000);
  first++;
}
`;
/** A line is added above everything, `churn` runs less, and a function is new. */
const after = `// Less work.\n${before}`.replace('churn(n);', 'churn(n / 4);\n  added(n / 2);').replace(
  '__attribute__((noinline)) static void run',
  `__attribute__((noinline)) static void added(long n) {
  for (long i = 0; i < n; i++)
    second += i;
}

__attribute__((noinline)) static void run`,
);
/** Of the text after. */
const [churn, churnBody, added, addedBody, run] = [3, 5, 13, 15, 18];

describe('the difference to another run in the source', () => {
  let window: Window;

  beforeAll(async () => {
    window = await openLabWindow({ lab: false, trust: false });
    const { workspace, workbench } = window;
    const exec = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: workspace });
    exec('git', 'init', '-q');
    for (const text of [before, after]) {
      writeFileSync(path.join(workspace, 'work.c'), text);
      exec('git', 'add', 'work.c');
      exec('git', '-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
      exec(
        'cc',
        '-O1',
        '-g',
        '-fno-omit-frame-pointer',
        '-fno-optimize-sibling-calls',
        '-o',
        'work',
        'work.c',
      );
      exec(process.execPath, path.join(root, 'dist/cli.js'), 'record', '--', './work');
    }
    await workbench.openActivityView('HAKMEM Lab');
    await workbench.runCommand('HAKMEM Lab: Refresh Presets');
    await (await workbench.treeItem('work', { view: 'Runs' })).click();
    await workbench.treeItem(/% spin$/, { view: 'Hotspots' });
    await workbench.webview(/HAKMEM Lab/);
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
  });
  afterAll(() => window.close());

  const figures = async () =>
    new Map(
      (await window.workbench.lineAnnotations('work.c')).flatMap(({ lineNumber, after: texts }) =>
        texts.length > 0 ? [[lineNumber, texts.join(' ')] as const] : [],
      ),
    );
  const until = (what: string, holds: (shown: Map<number, string>) => boolean) =>
    window.workbench.until(what, async () => holds(await figures()));
  const status = async () => (await window.workbench.statusBar()).map(({ text }) => text).join('\n');

  it('stands behind functions and lines, which are related by the profiled texts', async () => {
    const { workbench } = window;
    await workbench.gotoLine(churnBody, 'work.c');
    await until('shares', (shown) => /^\d/.test(shown.get(churnBody) ?? ''));
    await workbench.runCommand('HAKMEM Lab: Toggle Difference in Source');
    await workbench.pick('work');
    await workbench.until('the status', async () => /Difference to work, /.test(await status()));
    await workbench.gotoLine(churnBody, 'work.c');
    await until('differences', (shown) => /^−\d/.test(shown.get(churnBody) ?? ''));
    expect((await figures()).get(churn)).toMatch(/^self −[\d.]+% · total −[\d.]+%$/);
    const hover = await workbench.hover(churnBody);
    expect(hover).toMatch(/Compared with work[^]*−[\d.]+% to −[\d.]+%[^]*significant/);
    await workbench.page.keyboard.press('Escape');
    await workbench.gotoLine(addedBody, 'work.c');
    await until('the new function', (shown) => /self \+.* · new$/.test(shown.get(added) ?? ''));
    // The other run's text hasn't this line.
    expect((await figures()).has(addedBody)).toBe(false);
  });

  it('gives way to shares again by a click', async () => {
    const { workbench } = window;
    await workbench.clickStatusBar(/Difference to work, /);
    await workbench.gotoLine(addedBody, 'work.c');
    await until('shares', (shown) => /^\d/.test(shown.get(addedBody) ?? ''));
    await workbench.clickStatusBar(/Lines: self/);
    await workbench.pick('Difference');
    await until('differences', (shown) => / · new$/.test(shown.get(added) ?? ''));
    await workbench.clickStatusBar(/Difference to work, /);
    await until('shares', (shown) => /^\d/.test(shown.get(addedBody) ?? ''));
  });

  it('comes and goes with the Compare tab, also while the panel has the focus', async () => {
    const { workbench } = window;
    await workbench.runCommand('HAKMEM Lab: Show Panel');
    const panel = await workbench.webview(/HAKMEM Lab/);
    // It is in front since the run was chosen, and its differences were closed in the status bar.
    await panel.getByRole('tab', { name: 'Functions' }).click();
    await panel.getByRole('tab', { name: 'Compare' }).click();
    await workbench.until('differences', async () => /Difference to work, /.test(await status()));
    await until('differences', (shown) => / · new$/.test(shown.get(added) ?? ''));
    await panel.getByRole('tab', { name: 'Functions' }).click();
    await workbench.until('shares', async () => /Lines: self/.test(await status()));
    await until('shares', (shown) => /^\d/.test(shown.get(addedBody) ?? ''));
  });

  it('has commands that take the function selected in the panel', async () => {
    const { workbench } = window;
    const panel = await workbench.webview(/HAKMEM Lab/);
    await panel.getByRole('row', { name: /\bspin\b/ }).click();
    await workbench.runCommand('HAKMEM Lab: Show Hottest Path to This Function');
    expect((await workbench.quickInput()).title).toBe('Hottest Path to spin');
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('HAKMEM Lab: Hottest Line of This Function');
    await workbench.until('its loop', async () => [8, 9, 10].includes(await workbench.cursorLine()));
  });

  it('asks what if a function cost less that is dragged from the list of hotspots', async () => {
    const { workbench } = window;
    const panel = await workbench.webview(/HAKMEM Lab/);
    const hotspot = await workbench.treeItem(/% added$/, { view: 'Hotspots' });
    await workbench.until('a row for it', async () => {
      await hotspot.dragInto(panel.getByRole('tabpanel').first());
      return panel.getByLabel('Target for added', { exact: true }).isVisible();
    });
    expect(await panel.getByRole('tab', { name: 'What if' }).getAttribute('aria-selected')).toBe('true');
    await panel.getByRole('tab', { name: 'Functions' }).click();
  });

  it('has the hottest path to a function as a list that leads to its callers', async () => {
    const { workbench } = window;
    await workbench.gotoLine(addedBody, 'work.c');
    await workbench.runCommand('HAKMEM Lab: Show Hottest Path to This Function');
    await workbench.pick('main');
    await workbench.until('the caller', async () => (await workbench.cursorLine()) > run);
  });

  it('shows the samples of a category that is chosen in the panel', async () => {
    const { workbench } = window;
    await workbench.runCommand('HAKMEM Lab: Show Panel');
    const panel = await workbench.webview(/HAKMEM Lab/);
    await panel.getByRole('tab', { name: 'Flame graph' }).click();
    await panel.getByText('Options').first().click();
    const category = panel.getByLabel('Category', { exact: true });
    await category.selectOption('C library');
    await workbench.until('the filter', async () => /C library/.test(await status()));
    await workbench.clickStatusBar(/C library/);
    await workbench.until('no filter', async () => !/C library/.test(await status()));
    expect(await category.inputValue()).toBe('all');
  });

  it('is that of the profile in front, where two are open and each is compared with a run of its own', async () => {
    const { workbench, workspace } = window;
    const [newer = '', older = ''] = savedRuns(workspace);
    for (const [name, run] of [
      ['older', older],
      ['newer', newer],
    ] as const)
      execFileSync(
        process.execPath,
        [path.join(root, 'dist/cli.js'), 'pack', '-o', `${name}.hakmem-lab.tgz`, run],
        { cwd: workspace },
      );
    /** Opens a profile in an editor of its own, and compares it with the run in that place of the list, newest first. */
    const compare = async (name: string, place: number) => {
      await workbench.openActivityView('Explorer');
      await (await workbench.treeItem(`${name}.hakmem-lab.tgz`)).doubleClick();
      const editor = await workbench.webview(`${name}.hakmem-lab.tgz`, { timeout: 30_000 });
      await editor.locator('[data-frame="churn"]').first().waitFor({ state: 'attached' });
      await workbench.runCommand('HAKMEM Lab: Compare With...');
      await workbench.until('the runs', async () => (await workbench.quickInput()).items.length > 1);
      for (let i = 0; i < place; i++) await workbench.page.keyboard.press('ArrowDown');
      await workbench.page.keyboard.press('Enter');
      // In the editor, not in the panel.
      await editor.getByRole('tab', { name: 'Compare', selected: true }).waitFor();
    };
    const front = (name: string) =>
      workbench.page.locator(`.tab[data-resource-name="${name}.hakmem-lab.tgz"]`).click();
    /** In the text that was profiled, which one of the two has along. */
    const churnIs = async (sign: string) => {
      await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
      await workbench.until(`${sign} behind churn`, async () => {
        await workbench.focusEditor('work.c');
        await workbench.page.keyboard.press('Control+Home');
        return (await workbench.lineAnnotations('work.c')).some(
          ({ text, after }) => /void\schurn/.test(text) && after.join('').startsWith(`self ${sign}`),
        );
      });
    };

    await compare('older', 0);
    await churnIs('+');
    await compare('newer', 1);
    await churnIs('−');
    expect(await status()).toMatch(/Difference to work, /);
    await front('older');
    await churnIs('+');
    const editor = await workbench.webview('older.hakmem-lab.tgz');
    await editor
      .getByRole('row', { name: /\bchurn\b/ })
      .first()
      .waitFor();

    // Functions are numbered by profile: the one at the cursor is shown where its profile is.
    await workbench.gotoLine(churnBody - 1, 'work.c');
    await workbench.runCommand('HAKMEM Lab: Show in Flame Graph');
    await editor.getByRole('tab', { name: 'Flame graph', selected: true }).waitFor();
    const active = (await workbench.tabs()).flatMap((tab) => (tab.active ? [tab.title] : []));
    expect(active).toContain('older.hakmem-lab.tgz');
  });

  it('writes no error to the console', () => {
    expect(window.workbench.consoleErrors).toEqual([]);
  });
});
