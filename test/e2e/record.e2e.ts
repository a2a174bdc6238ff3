import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { headlessResult, openLabWindow, root, savedRuns } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

const source = `
static volatile long sink;
__attribute__((noinline)) static void churn(void) { for (long i = 0; i < 100000; i++) sink += i; }
int main(void) { for (long i = 0; i < 1000000; i++) churn(); return 0; }`;

/** Computes one thing or the other, by what is typed into its terminal. */
const asking = `
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static volatile long sink;
__attribute__((noinline)) static void answered(void) { for (long i = 0; i < 300000000; i++) sink += i; }
__attribute__((noinline)) static void ignored(void) { for (long i = 0; i < 300000000; i++) sink -= i; }
int main(void) {
  char line[80];
  printf("Which? ");
  fflush(stdout);
  if (isatty(0) && fgets(line, sizeof line, stdin) && !strcmp(line, "the first\\n")) answered(); else ignored();
}`;

interface Result {
  readonly functions: readonly { readonly name: string; readonly selfPercent: number }[];
  readonly notes: readonly string[];
}

/** What someone does with a program of their own, in a folder that is no lab. */
describe('recording any program', () => {
  let window: Window;
  let running: ChildProcess | undefined;
  let program: string;

  beforeAll(async () => {
    window = await openLabWindow({ lab: false });
    program = path.join(window.workspace, 'churner');
    writeFileSync(`${program}.c`, source);
    execFileSync('cc', ['-O1', '-g', '-fno-omit-frame-pointer', '-o', program, `${program}.c`]);
  });
  afterAll(async () => {
    running?.kill('SIGKILL');
    await window.close();
  });

  const latest = () => headlessResult(window.workspace, savedRuns(window.workspace)[0] as string) as Result;
  const runs = () => {
    const folder = path.join(window.workspace, '.hakmem-lab/runs');
    return existsSync(folder)
      ? readdirSync(folder).filter((id) => existsSync(path.join(folder, id, 'run.json')))
      : [];
  };
  const answer = async (text: string) => {
    const input = window.workbench.page.locator('.quick-input-widget:visible input').first();
    await input.fill(text);
    await input.press('Enter');
  };

  const openProfile = async (name: string) => {
    const { workbench, workspace } = window;
    await workbench.runCommand('HAKMEM Lab: Open Profile...');
    await workbench.chooseFile(path.join(workspace, name));
  };

  it('a program, until it is stopped; what was recorded is kept and shown', async () => {
    const { workbench } = window;
    await workbench.openActivityView('HAKMEM Lab');
    await workbench.runCommand('HAKMEM Lab: Profile a Command...');
    await answer('./churner');
    await workbench.until('the program', () => spawnedChurners().length > 0);
    await workbench.until('sampling', async () =>
      (await workbench.notifications()).some(({ text }: { text: string }) => text.includes('Sampling')),
    );
    await workbench.page.waitForTimeout(1_000);
    await workbench.runCommand('HAKMEM Lab: Stop Recording');
    await workbench.until('the saved run', () => runs().length === 1, 30_000);
    expect(spawnedChurners()).toEqual([]);
    const { functions, notes } = latest();
    expect(functions[0]?.name).toBe('churn');
    expect(notes.join()).toMatch(/stopped by the user/);
    expect((await workbench.treeItem('churner')).description).toMatch(/sample/);
  });

  it('a program that asks, in a terminal that is shown when it does', async () => {
    const { workbench, workspace } = window;
    const file = path.join(workspace, 'asker');
    writeFileSync(`${file}.c`, asking);
    execFileSync('cc', ['-O1', '-g', '-fno-omit-frame-pointer', '-o', file, `${file}.c`]);
    const before = runs().length;
    await workbench.runCommand('HAKMEM Lab: Profile a Command...');
    await answer('./asker');
    // No other terminal is open: of the churner, which never asked, nothing is shown.
    const terminal = workbench.page.locator('.terminal-wrapper.active:visible');
    await terminal.waitFor();
    await workbench.page
      .locator('.terminal-wrapper.active .xterm-helper-textarea:focus')
      .waitFor({ state: 'attached' });
    await workbench.page.keyboard.type('the first');
    await workbench.page.keyboard.press('Enter');
    await workbench.until('the saved run', () => runs().length === before + 1);
    expect(latest().functions[0]?.name).toBe('answered');
    expect(latest().notes.join()).not.toMatch(/stopped|status/);
    await workbench.webview(/asker/);
    await terminal.click();
    await workbench.page.keyboard.press('x');
    await terminal.waitFor({ state: 'hidden' });
  });

  it('a process that runs already, which is left running', async () => {
    const { workbench } = window;
    running = spawn(program, { stdio: 'ignore' });
    await workbench.runCommand('HAKMEM Lab: Attach to Process...');
    const rows = workbench.page.locator('.quick-input-widget:visible .monaco-list-row');
    await workbench.page.locator('.quick-input-widget:visible input').first().fill(String(running.pid));
    await workbench.until('the process in the list', async () =>
      (await rows.allTextContents()).some((text) => text.includes(program)),
    );
    await rows.filter({ hasText: program }).first().click();
    await answer('1');
    await workbench.until('the third run', () => runs().length === 3, 30_000);
    expect(latest().functions[0]?.name).toBe('churn');
    expect(running.exitCode ?? running.signalCode).toBeNull();
  });

  it('exports a run of the list that is not shown, which it then is not either', async () => {
    const { workbench, workspace } = window;
    const run = await workbench.treeItem(/^asker/, { view: 'Runs' });
    await run.menu('Export Profile...');
    await workbench.pick('Folded stacks');
    const file = path.join(workspace, 'asker.folded');
    const input = workbench.page.locator('.quick-input-widget:visible input').first();
    // The dialog writes its own proposal once it has read its folder.
    const value = () => input.inputValue({ timeout: 1_000 });
    await workbench.until('the proposal', async () => (await value()).includes('/'));
    await workbench.until('the exported file', async () => {
      if (existsSync(file)) return true;
      await input.fill(file, { timeout: 1_000 });
      await workbench.page.waitForTimeout(500);
      if ((await value()) !== file) return false;
      await input.press('Enter', { timeout: 1_000 });
      return false;
    });
    await workbench.notification(/Exported to .*asker\.folded/).then(({ close }) => close());
    expect(readFileSync(file, 'utf8')).toMatch(/;answered \d+/);
    await workbench.webview(/HAKMEM Lab: churner/);
  });

  it('text that is a profile, whatever it is called', async () => {
    const { workbench, workspace } = window;
    copyFileSync(path.join(root, 'test/fixtures/calls.script.txt'), path.join(workspace, 'notes.txt'));
    await workbench.openFile('notes.txt');
    await workbench.page.locator('.editor-actions [aria-label="View as Profile"]').first().click();
    const profile = await workbench.webview(/notes\.txt/);
    await profile.locator('[data-frame]').first().waitFor();
    await workbench.runCommand('View: Close Editor');
    await workbench.runCommand('View: Close Editor');
  });

  it('a profile that another tool wrote, and what is wrong with a damaged one', async () => {
    const { workbench, workspace } = window;
    const fixtures = path.join(root, 'test/fixtures');
    const recording = path.join(fixtures, 'calls.perf.data');
    writeFileSync(path.join(workspace, 'damaged.perf.data'), readFileSync(recording).subarray(0, 200));
    await openProfile('damaged.perf.data');
    const failure = await workbench.notification(/is damaged/, { timeout: 30_000 });
    expect(failure.text).toMatch(/at byte 200/);
    expect(runs()).toHaveLength(3);
    await failure.close();

    copyFileSync(path.join(fixtures, 'calls.script.txt'), path.join(workspace, 'calls.script.txt'));
    await openProfile('calls.script.txt');
    await workbench.until('the saved run', () => runs().length === 4, 30_000);
    expect((await workbench.treeItem('calls.script.txt')).description).toMatch(/sample/);
    const panel = await workbench.webview(/calls\.script\.txt/);
    await panel.locator('[data-frame="main"]').first().waitFor();
  });

  function spawnedChurners(): string[] {
    try {
      return execFileSync('pgrep', ['-x', 'churner'], { encoding: 'utf8' }).trim().split('\n');
    } catch {
      return [];
    }
  }
});
