import { execFileSync } from 'node:child_process';
import {
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
    await workbench.chooseFile(path.join(workspace, 'src/mill.c'));
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
});
