import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabWindow, root } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

const preset = 'LEGACY';
const tools = [
  'sh',
  'make',
  'cc',
  'as',
  'ld',
  'mkdir',
  'rm',
  'echo',
  'cat',
  'perf',
  'true',
  'env',
  'ldconfig',
];
const symbolizers = ['llvm-symbolizer', 'addr2line'];

const real = (tool: string) =>
  realpathSync(execFileSync('bash', ['-c', `type -P ${tool}`], { encoding: 'utf8' }).trim());

/** What can stand in the way of a run: each message says what to do, with buttons that do it. */
describe('obstacles', () => {
  let window: Window;
  let bin: string;
  /** Presets that were asked about. */
  const allowed = new Set<string>();

  beforeAll(async () => {
    bin = path.join(root, 'test/e2e/.artifacts/bin');
    rmSync(bin, { recursive: true, force: true });
    mkdirSync(bin, { recursive: true });
    for (const tool of [...tools, ...symbolizers]) symlinkSync(real(tool), path.join(bin, tool));
    symlinkSync(process.execPath, path.join(bin, 'node'));
    // VSCODE_CLI: the extension host keeps this PATH instead of asking a login shell for the user's.
    window = await openLabWindow({ env: { PATH: bin, VSCODE_CLI: '1' } });
    await window.workbench.openActivityView('HAKMEM Lab');
  });
  afterAll(() => window.close());

  /** Profiles and waits for the notification; resolves with its buttons' labels. */
  async function refusal(message: RegExp, name = preset): Promise<string[]> {
    const { workbench } = window;
    await workbench.runCommand('Notifications: Clear All Notifications');
    await (await workbench.treeItem(name)).inline('Profile Preset...');
    if (!allowed.has(name)) await workbench.allowPreset();
    allowed.add(name);
    // VS Code may put a notification straight behind its bell when others came shortly before.
    const { buttons } = await workbench.notification(message, { timeout: 10_000 }).catch(async () => {
      await workbench.showNotifications();
      return workbench.notification(message, { timeout: 50_000 });
    });
    return buttons;
  }

  async function without(tool: string, action: () => Promise<void>): Promise<void> {
    rmSync(path.join(bin, tool));
    try {
      await action();
    } finally {
      rmSync(path.join(bin, tool), { force: true });
      symlinkSync(real(tool), path.join(bin, tool));
    }
  }

  it('a missing perf', () =>
    without('perf', async () => {
      const buttons = await refusal(/perf isn't installed/);
      expect(buttons).toEqual(expect.arrayContaining(['Install linux-perf', 'Copy Command']));
    }));

  it('a missing compiler', () =>
    without('cc', async () => {
      const { workbench } = window;
      expect(await refusal(/cc isn't installed/)).toContain('Copy Command');
      await (await workbench.notification(/cc isn't installed/)).click('Copy Command');
      const copied = () => workbench.page.evaluate(() => navigator.clipboard.readText());
      await workbench.until('the copied command', async () => /apt-get install -y gcc/.test(await copied()));
    }));

  it('a kernel that forbids perf, with the command that allows it', () =>
    without('perf', async () => {
      const shim = path.join(bin, 'refuse_perf.so');
      const source = path.join(root, 'test/fixtures/src/refuse_perf.c');
      execFileSync('cc', ['-shared', '-fPIC', '-o', shim, source, '-ldl']);
      const wrapper = path.join(bin, 'perf');
      writeFileSync(wrapper, `#!/bin/sh\nLD_PRELOAD=${shim} exec ${real('perf')} "$@"\n`);
      chmodSync(wrapper, 0o755);
      await refusal(/perf isn't permitted/);
    }));

  it('a category in the settings that is no regular expression, with the reason', async () => {
    const { workbench, workspace } = window;
    const file = path.join(workspace, '.vscode/settings.json');
    mkdirSync(path.dirname(file), { recursive: true });
    const categories = [{ name: 'Mine', rules: [{ symbol: '^(malloc' }] }];
    await workbench.runCommand('Notifications: Clear All Notifications');
    writeFileSync(file, `${JSON.stringify({ 'hakmemLab.categories': categories }, null, 2)}\n`);
    const shown = /hakmemLab\.categories has invalid entries.*group/i;
    const { buttons } = await workbench.notification(shown, { timeout: 10_000 }).catch(async () => {
      await workbench.showNotifications();
      return workbench.notification(shown, { timeout: 20_000 });
    });
    expect(buttons).toContain('Open Settings');
    await workbench.page.screenshot({ path: path.join(root, 'test/e2e/.artifacts/categories.png') });
    rmSync(file);
  });

  it('a program that crashes, with the signal', async () => {
    const file = path.join(window.workspace, 'hakmem-lab.json');
    const before = readFileSync(file, 'utf8');
    const lab = JSON.parse(before) as { presets: object[] };
    lab.presets.push({ name: 'CRASH', program: '/bin/sh', args: ['-c', 'kill -SEGV $$'] });
    writeFileSync(file, JSON.stringify(lab));
    await window.workbench.treeItem('CRASH');
    await refusal(/SIGSEGV/, 'CRASH');
    writeFileSync(file, '{ "formatVersion": 1, ');
    await window.workbench.treeItem(/hakmem-lab\.json: /);
    writeFileSync(file, before);
    await window.workbench.treeItem(preset);
  });

  it('a change of mind: Cancel ends the run and its processes', async () => {
    const { workbench, workspace } = window;
    await (await workbench.treeItem('C7_SAFE')).inline('Profile Preset...');
    await workbench.allowPreset();
    const programs = () => {
      try {
        return execFileSync('pgrep', ['-f', path.join(workspace, 'build/bench')], { encoding: 'utf8' });
      } catch {
        return '';
      }
    };
    await workbench.until('the program', () => programs() !== '', 60_000);
    await (await workbench.treeItem('C7_SAFE')).inline('Cancel Run');
    await workbench.until('no program', () => programs() === '');
    await workbench.until('the item at rest', async () => {
      const { description } = await workbench.treeItem('C7_SAFE');
      return description === 'not run yet';
    });
  });

  it('and without any, it works', async () => {
    const { workbench } = window;
    await (await workbench.treeItem(preset)).inline('Profile Preset...');
    await workbench.until(
      'a result',
      async () => /ops\/s/.test((await workbench.treeItem(preset, { view: 'Presets' })).description),
      90_000,
    );
  });
});

describe('a folder that is not trusted', () => {
  let window: Window;
  beforeAll(async () => {
    window = await openLabWindow({ trust: true });
  });
  afterAll(() => window.close());

  it('is shown, but nothing in it is executed', async () => {
    const { workbench } = window;
    const dialog = await workbench.dialog();
    await dialog.click(dialog.buttons[0] as string);
    await workbench.openActivityView('HAKMEM Lab');
    const item = await workbench.treeItem(preset);
    const actions = await item.inlineActions();
    expect(actions).not.toContain('Profile Preset...');
    expect(actions).not.toContain('Run Preset...');
    await workbench.treeItem(/trust/i);
  });

  it('has a recording of perf read as soon as it is trusted', async () => {
    const { workbench, workspace } = window;
    const { page } = workbench;
    copyFileSync(path.join(root, 'test/fixtures/calls.perf.data'), path.join(workspace, 'perf.data'));
    await workbench.openActivityView('Explorer');
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'perf.data' }).dblclick();
    const refusal = await workbench.notification(/not trusted/);
    await refusal.click('Manage Workspace Trust');
    await page.locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ }).click();
    await page.locator('.tab', { hasText: 'perf.data' }).click();
    const profile = await workbench.webview(/perf\.data/);
    await profile.locator('[data-frame]').first().waitFor();
  });
});
