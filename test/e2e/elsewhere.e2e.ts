import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabWindow, root } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

const source = `#include <stdlib.h>
__attribute__((noinline)) static unsigned long mill(unsigned long x) {
  for (int i = 0; i < 20; i++)
    x ^= x / ((i & 3) + 3);
  return x;
}
int main(int c, char **v) {
  unsigned long s = 1;
  for (long i = 0; i < atol(v[1]); i++) s += mill(s + i);
  return s == 1;
}
`;
/** The line of the loop's body. */
const body = 4;

/** What was recorded in a folder that isn't there anymore, as on another machine. */
describe('a run of another machine', () => {
  let window: Window;
  let far: string;

  beforeAll(async () => {
    window = await openLabWindow({ lab: false });
    far = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-far-')));
    writeFileSync(path.join(far, 'mill.c'), source);
    const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: far });
    const lab = (...args: string[]) => run(process.execPath, path.join(root, 'dist/cli.js'), ...args);
    run(
      'cc',
      '-O1',
      '-g',
      '-fno-omit-frame-pointer',
      '-Wl,--build-id',
      '-o',
      'mill',
      path.join(far, 'mill.c'),
    );
    lab('record', '--', './mill', '8000000');
    lab('pack', '-o', path.join(window.workspace, 'mill.hakmem-lab.tgz'));
    lab('pack', '--no-sources', '--no-programs', '-o', path.join(window.workspace, 'bare.hakmem-lab.tgz'));
    mkdirSync(path.join(window.workspace, 'src'));
    renameSync(path.join(far, 'mill.c'), path.join(window.workspace, 'src/mill.c'));
    rmSync(far, { recursive: true });
  });
  afterAll(() => window.close());

  /** The titles of the tabs, by group. */
  const groups = async () => {
    const tabs = await window.workbench.tabs();
    return [...new Set(tabs.map(({ group }) => group))].map((at) =>
      tabs.flatMap(({ group, title }) => (group === at ? [title] : [])),
    );
  };

  it('is asked for its sources once, and finds them from then on', async () => {
    const { workbench, workspace } = window;
    await workbench.openActivityView('Explorer');
    await (await workbench.treeItem('bare.hakmem-lab.tgz')).doubleClick();
    const panel = await workbench.webview(/bare/, { timeout: 30_000 });
    await panel.locator('[data-frame="mill"]').first().waitFor();
    await workbench.openActivityView('HAKMEM Lab');
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    const message = await workbench.notification(/mill\.c/);
    expect(message.text).toMatch(/not on this machine/);
    await message.click('Locate File...');
    // The only file of that name in the folder is there to be confirmed.
    const asked = workbench.page.locator('.quick-input-widget:visible input').first();
    const located = path.join(workspace, 'src/mill.c');
    await workbench.until('the file', async () => (await asked.inputValue()) === located);
    await workbench.chooseFile(located);
    await workbench.until('the source', async () =>
      (await workbench.tabs()).some(({ title }) => title === 'mill.c'),
    );
    await workbench.until('the figures', async () =>
      (await workbench.lineAnnotations('mill.c')).some(
        ({ lineNumber, after }) => lineNumber === body && after.length > 0,
      ),
    );
    const said = await workbench.notification(/are taken from/);
    expect(said.text).toContain(path.join(workspace, 'src'));
    // What is hot was known before the source was there.
    await workbench.gotoLine(1, 'mill.c');
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    await workbench.until('the hottest line', async () => (await workbench.cursorLine()) === body);
  });

  it('brings its sources and programs along', async () => {
    const { workbench } = window;
    await workbench.runCommand('View: Close All Editors');
    rmSync(path.join(window.workspace, 'src'), { recursive: true });
    await workbench.openActivityView('Explorer');
    await (await workbench.treeItem('mill.hakmem-lab.tgz')).doubleClick();
    const panel = await workbench.webview(/mill\.hakmem/, { timeout: 30_000 });
    await panel.locator('[data-frame="mill"]').first().waitFor();
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    await workbench.until('the figures', async () =>
      (await workbench.lineAnnotations('mill.c')).some(
        ({ lineNumber, after }) => lineNumber === body && after.length > 0,
      ),
    );
    await workbench.runCommand('HAKMEM Lab: Show Machine Code');
    await workbench.until('the code', async () =>
      (await workbench.tabs()).some(({ title }) => title === 'mill.asm'),
    );
    expect(await workbench.editorText('mill.asm')).toMatch(/\bxor\b/);
    expect(readFileSync(path.join(window.workspace, 'mill.hakmem-lab.tgz')).length).toBeGreaterThan(1000);
  });

  it('is opened where other profiles are, however many follow, and leaves the source its place', async () => {
    const { workbench, workspace } = window;
    await workbench.runCommand('View: Close All Editors');
    const names = ['one', 'two', 'three'].map((name) => `${name}.hakmem-lab.tgz`);
    for (const [i, name] of names.entries()) {
      cpSync(path.join(workspace, 'mill.hakmem-lab.tgz'), path.join(workspace, name));
      await workbench.openActivityView('Explorer');
      await (await workbench.treeItem(name)).doubleClick();
      const panel = await workbench.webview(name, { timeout: 30_000 });
      await panel.locator('[data-frame="mill"]').first().waitFor();
      await workbench.openActivityView('HAKMEM Lab');
      await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
      await workbench.until('the hottest line', async () => (await workbench.cursorLine()) === body);
      expect(await groups()).toEqual([['mill.c'], names.slice(0, i + 1)]);
    }
  });

  it('has relative names found around its program, and their profiled version when they have moved', async () => {
    const { workbench, workspace } = window;
    const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: workspace });
    const file = path.join(workspace, 'code/turn.c');
    mkdirSync(path.dirname(file));
    mkdirSync(path.join(workspace, 'build'));
    writeFileSync(file, source.replaceAll('mill', 'turn'));
    run('git', 'init', '-q');
    run('git', 'add', 'code');
    run('git', '-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
    const flags = ['-O1', '-g', '-fno-omit-frame-pointer', `-ffile-prefix-map=${workspace}/=`];
    run('cc', ...flags, '-o', 'build/turn', file);
    run(process.execPath, path.join(root, 'dist/cli.js'), 'record', '--', 'build/turn', '8000000');
    await workbench.openActivityView('HAKMEM Lab');
    await workbench.runCommand('HAKMEM Lab: Refresh Presets');
    await (await workbench.treeItem(/^turn/, { view: 'Runs' })).click();
    await workbench.treeItem(/% turn$/, { view: 'Hotspots' });
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    const figures = async (line: number) =>
      (await workbench.lineAnnotations('turn.c')).some(
        ({ lineNumber, after }) => lineNumber === line && after.length > 0,
      );
    await workbench.until('the figures', () => figures(body));
    // The panel is where the archives are that are still open.
    expect(await groups()).toHaveLength(2);

    await workbench.runCommand('View: Close All Editors');
    const moved = path.join(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-moved-')), 'turn.c');
    writeFileSync(moved, `// Moved.\n${readFileSync(file, 'utf8')}`);
    rmSync(path.dirname(file), { recursive: true });
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    await (await workbench.notification(/turn\.c/)).click('Locate File...');
    await workbench.chooseFile(moved);
    await workbench.until('the figures of what was profiled', () => figures(body + 1));
    await workbench.runCommand('HAKMEM Lab: Compare with Profiled Version');
    await workbench.until('both versions', async () =>
      (await workbench.tabs()).some(({ title }) => /turn\.c \(profiled .*\) ↔ now/.test(title)),
    );
  });
});
