import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabWindow, root } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

const source = `#define _GNU_SOURCE
#include <pthread.h>

// The first thread's.
static volatile long first, second;
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
  first++;
}

static void *alpha(void *x) {
  pthread_setname_np(pthread_self(), "alpha");
  run(600000000);
  return x;
}

static void *beta(void *x) {
  pthread_setname_np(pthread_self(), "beta");
  spin(200000000);
  return x;
}

int main(void) {
  pthread_t a, b;
  pthread_create(&a, 0, alpha, 0);
  pthread_create(&b, 0, beta, 0);
  pthread_join(a, 0);
  pthread_join(b, 0);
}
`;
/** Lines of `churn`: its signature, its loop, and what the loop does. */
const [signature, loop, body] = [6, 7, 8];
/** Where `alpha` calls `run`: the caller of a leaf function without a frame is skipped, its caller isn't. */
const call = 23;

/** The source beside the profile: what is edited, which figures are shown, and the machine code. */
describe('the source of a profile', () => {
  let window: Window;
  const file = () => path.join(window.workspace, 'churner.c');

  beforeAll(async () => {
    window = await openLabWindow({ lab: false, trust: false });
    const { workspace } = window;
    writeFileSync(file(), source);
    const run = (command: string, ...args: string[]) => execFileSync(command, args, { cwd: workspace });
    run('git', 'init', '-q');
    run('git', 'add', 'churner.c');
    run('git', '-c', 'user.name=T', '-c', 'user.email=t@example.com', 'commit', '-qm', 'x');
    run('cc', '-O1', '-g', '-fno-omit-frame-pointer', '-pthread', '-o', 'churner', 'churner.c');
    run(process.execPath, path.join(root, 'dist/cli.js'), 'record', '--', './churner');
    await window.workbench.openActivityView('HAKMEM Lab');
    await window.workbench.runCommand('HAKMEM Lab: Refresh Presets');
    await (await window.workbench.treeItem('churner', { view: 'Runs' })).click();
    await window.workbench.treeItem(/% churn$/, { view: 'Hotspots' });
    // Sources open beside the panel once it is there.
    await window.workbench.webview(/HAKMEM Lab/);
  });
  afterAll(() => window.close());

  /** Figures by line. */
  const figures = async () =>
    new Map(
      (await window.workbench.lineAnnotations('churner.c')).flatMap(({ lineNumber, after }) =>
        after.length > 0 ? [[lineNumber, after.join(' ')] as const] : [],
      ),
    );
  const until = (what: string, holds: (shown: Map<number, string>) => boolean) =>
    window.workbench.until(what, async () => holds(await figures()));
  const status = async () => (await window.workbench.statusBar()).map(({ text }) => text).join('\n');
  const warning = async () =>
    (await window.workbench.statusBar()).some(({ label }) => label.includes('source has changed'));

  it('is opened at its hottest line, and from there at the next by keyboard', async () => {
    const { workbench } = window;
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    await until('the figures', (shown) => shown.has(body));
    expect(await workbench.cursorLine()).toBeGreaterThanOrEqual(loop);
    expect(await workbench.cursorLine()).toBeLessThanOrEqual(body);
    expect(await status()).toMatch(/Hotspot 1 of \d+/);
    await workbench.focusEditor('churner.c');
    await workbench.page.keyboard.press('Control+F8');
    await workbench.until('the second hotspot', async () => /Hotspot 2 of/.test(await status()));
    await workbench.gotoLine(signature, 'churner.c');
    await workbench.runCommand('HAKMEM Lab: Hottest Line of This Function');
    await workbench.until('the line', async () => [loop, body].includes(await workbench.cursorLine()));
  });

  it('keeps its figures where they belong while it is edited, and has all of them back after an undo', async () => {
    const { workbench } = window;
    const before = await figures();
    expect(before.get(signature)).toMatch(/^self /);
    await workbench.gotoLine(4, 'churner.c');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.type('\n\n');
    await until('the figures two lines below', (shown) => shown.get(body + 2) === before.get(body));
    await workbench.until('the warning', warning);
    await workbench.gotoLine(body + 2, 'churner.c');
    await workbench.page.keyboard.press('End');
    await workbench.page.keyboard.type(' second++;');
    await until('the changed line without a figure', (shown) => !shown.has(body + 2));
    expect((await figures()).get(signature + 2)).toMatch(/^edited since · /);
    expect((await figures()).get(loop + 2)).toBe(before.get(loop));
    for (let tries = 0; tries < 20 && (await warning()); tries++)
      await workbench.page.keyboard.press('Control+z');
    await until('all figures', (shown) => shown.get(body) === before.get(body));
    expect(await figures()).toEqual(before);
  });

  it('is known by its content after a change outside, and beside the version that was profiled', async () => {
    const { workbench } = window;
    const before = await figures();
    const changed = source.replace('    first += i', '    first += 2 * i');
    writeFileSync(file(), `${'// New.\n'.repeat(40)}${changed}`);
    await workbench.reload();
    await workbench.runCommand('HAKMEM Lab: Show Panel');
    const panel = await workbench.webview(/HAKMEM Lab/, { timeout: 60_000 });
    await panel.locator('[data-frame="churn"]').waitFor();
    await workbench.openFile('churner.c');
    await workbench.gotoLine(40 + loop, 'churner.c');
    await until('the figures', (shown) => shown.get(40 + loop) === before.get(loop));
    expect((await figures()).has(40 + body)).toBe(false);
    expect((await figures()).get(40 + signature)).toMatch(/^edited since · /);
    await workbench.until('the warning', warning);
    await workbench.runCommand('HAKMEM Lab: Compare with Profiled Version');
    await workbench.until('both versions', async () =>
      (await workbench.tabs()).some(({ title }) => /churner\.c \(profiled .*\) ↔ now/.test(title)),
    );
    await workbench.runCommand('View: Close Editor');
    writeFileSync(file(), source);
    await workbench.until('the text', async () => !(await workbench.editorText('churner.c')).includes('2 *'));
    await workbench.gotoLine(body, 'churner.c');
    await until('all figures', (shown) => shown.get(body) === before.get(body));
    await workbench.until('no warning', async () => !(await warning()));
  });

  it('shows total costs of lines instead, by a click in the status bar', async () => {
    const { workbench } = window;
    await workbench.gotoLine(call, 'churner.c');
    expect((await figures()).has(call)).toBe(false);
    await workbench.clickStatusBar(/Lines: self/);
    await until('the line of the call', (shown) => /^total /.test(shown.get(call) ?? ''));
    await workbench.clickStatusBar(/Lines: total/);
    await until('no figure there', (shown) => !shown.has(call));
  });

  it('shows the samples that are chosen in the panel, and all again by a click', async () => {
    const { workbench } = window;
    // A file that was opened over the panel: then the source comes beside it.
    await workbench.runCommand('View: Join All Editor Groups');
    await workbench.until('one group', async () =>
      (await workbench.tabs()).every(({ group }) => group === 0),
    );
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    await until('the figures', (shown) => shown.has(body));
    await workbench.runCommand('HAKMEM Lab: Show Panel');
    const panel = await workbench.webview(/HAKMEM Lab/);
    await panel.locator('[data-frame="spin"]').waitFor();
    const before = await figures();
    await panel.getByText('Options').first().click();
    const threads = panel.getByLabel('Thread', { exact: true });
    const beta = await threads.locator('option', { hasText: 'beta' }).getAttribute('value');
    await threads.selectOption(beta);
    await workbench.until('the filter', async () => /beta \d+/.test(await status()));
    await until('only what that thread did', (shown) => !shown.has(body) && shown.size > 0);
    const hasChurn = async () =>
      (await workbench.treeItems('Hotspots')).some(({ label }) => label.endsWith('% churn'));
    await workbench.until('hotspots of that thread', async () => !(await hasChurn()));
    await workbench.clickStatusBar(/beta \d+/);
    await until('all figures', (shown) => shown.get(body) === before.get(body));
    await workbench.until('all hotspots', hasChurn);
    expect(await threads.inputValue()).toBe('all');
  });

  it('has its machine code beside it, each selection shown in the other', async () => {
    const { workbench } = window;
    const { page } = workbench;
    await workbench.gotoLine(body, 'churner.c');
    expect(await workbench.hover(body)).toMatch(
      /on this line: [\d,]+ of [\d,]+ samples \(95% CI [\d.]+%–[\d.]+%\), in churn[^]*Show Machine Code/,
    );
    await page.keyboard.press('Escape');
    await workbench.runCommand('HAKMEM Lab: Show Machine Code');
    await workbench.until('the code', async () =>
      (await workbench.tabs()).some(({ title }) => title === 'churn.asm'),
    );
    const code = () => workbench.lineAnnotations('churn.asm');
    await workbench.until('hot instructions', async () =>
      (await code()).some(({ text, background }) => background !== undefined && /^\s*[\d.]+%/.test(text)),
    );
    const text = (await code())
      .map((line) => line.text)
      .join('\n')
      .replaceAll('\u00a0', ' ');
    expect(text).toMatch(/churner\.c:8 +first \+= i \* i;/);
    expect(text).toMatch(/▌[│└├┌─>]* +[0-9a-f]+ +\S+/);
    expect(text).toMatch(/┌─*> +[0-9a-f]+ [^]*└─+ +[0-9a-f]+ +j\w+ +[0-9a-f]+ ↑/);
    expect(text).toMatch(/imul +r[a-z0-9]+,r/);
    await page.keyboard.press('ArrowDown');
    await workbench.until('the line in the source', async () =>
      page
        .locator('.editor-group-container', { hasText: 'churner.c' })
        .locator('.cdr[class*="ced-"]')
        .count(),
    );
    await workbench.runCommand('HAKMEM Lab: Toggle Assembly Syntax');
    await workbench.until('the other syntax', async () =>
      (await code()).some((line) => /imul\s+%r/.test(line.text.replaceAll('\u00a0', ' '))),
    );
  });

  it('writes no error to the console', () => {
    expect(window.workbench.consoleErrors).toEqual([]);
  });
});
