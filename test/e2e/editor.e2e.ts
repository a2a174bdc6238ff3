import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openLabWindow, root, savedRuns } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

const source = `
static volatile long sink;
__attribute__((noinline)) static void churn(void) { for (long i = 0; i < 100000; i++) sink += i; }
int main(int argc, char **argv) { for (long i = 0; i < (argc > 1 ? 4000 : 1000000); i++) churn(); return argv == 0; }`;

/** What someone sees who opens a folder of their own: from nothing to runs, presets, and files in editors. */
describe('a folder of one’s own', () => {
  let window: Window;

  beforeAll(async () => {
    window = await openLabWindow({ lab: false });
  });
  afterAll(() => window.close());

  const runs = () =>
    existsSync(path.join(window.workspace, '.hakmem-lab/runs')) ? savedRuns(window.workspace) : [];
  const buttons = () =>
    window.workbench.page.locator('.part.sidebar .welcome-view .monaco-button').allInnerTexts();
  const answer = async (text: string) => {
    const input = window.workbench.page.locator('.quick-input-widget:visible input').first();
    await input.fill(text);
    await input.press('Enter');
  };
  /** Groups of editors, each with the titles of its tabs. */
  const groups = async () => {
    const tabs = await window.workbench.tabs();
    const count = await window.workbench.page.locator('.editor-group-container').count();
    return Array.from({ length: count }, (_, i) =>
      tabs.filter(({ group }) => group === i).map(({ title }) => title),
    );
  };

  it('is offered what fits while it is empty, and no preset of anyone else', async () => {
    const { workbench } = window;
    await workbench.openActivityView('HAKMEM Lab');
    await workbench.until('the offers', async () => (await buttons()).length >= 3);
    expect(await buttons()).toEqual(['Profile a Command...', 'Open Profile...', 'Try the Sample Allocator']);
    expect(await workbench.treeItems()).toEqual([]);
    await workbench.page.keyboard.press('F1');
    const input = workbench.page.locator('.quick-input-widget:visible input').first();
    await input.fill('>HAKMEM Lab: ');
    const rows = workbench.page.locator('.quick-input-widget:visible .monaco-list-row .label-name');
    await workbench.until('the commands', async () => (await rows.count()) > 3);
    const titles = await rows.allInnerTexts();
    expect(titles.join()).toContain('Profile a Command...');
    for (const senseless of [
      'Profile Preset',
      'Compare With',
      'Go to Hottest',
      'Open Lab File',
      'Rename Run',
    ]) {
      expect(titles.join(), senseless).not.toContain(senseless);
    }
    await workbench.page.keyboard.press('Escape');
  });

  it('records a command until it is stopped in the message, and lists it with its hotspots', async () => {
    const { workbench, workspace } = window;
    mkdirSync(path.join(workspace, 'src'));
    writeFileSync(path.join(workspace, 'src/churner.c'), source);
    const build = ['-O1', '-g', '-fno-omit-frame-pointer', '-o', 'churner', 'src/churner.c'];
    execFileSync('cc', build, { cwd: workspace });
    await workbench.runCommand('HAKMEM Lab: Profile a Command...');
    await answer('./churner');
    const message = workbench.page.locator('.notification-list-item', { hasText: 'Recording churner' });
    await message.locator('a', { hasText: 'Stop' }).waitFor();
    await workbench.until('sampling', async () => (await message.innerText()).includes('Sampling'));
    await workbench.page.waitForTimeout(1_000);
    expect((await workbench.statusBar()).map(({ text }) => text).join()).not.toMatch(/Sampling/);
    await message.locator('a', { hasText: 'Stop' }).click();
    await workbench.until('the saved run', () => runs().length === 1, 30_000);
    expect((await workbench.treeItem('churner', { view: 'Runs' })).description).toMatch(/samples/);
    const hotspot = await workbench.treeItem(/^\d.*% churn$/, { view: 'Hotspots' });
    expect(hotspot.description).toBe('churner.c:3');
  });

  it('goes from the panel to the source in a group of its own, and leaves none empty', async () => {
    const { workbench } = window;
    await (await workbench.treeItem(/% churn$/, { view: 'Hotspots' })).click();
    await workbench.until('the source', async () => (await groups()).flat().includes('churner.c'));
    expect(await groups()).toEqual([['churner.c'], ['HAKMEM Lab: churner']]);
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    expect(await workbench.cursorLine()).toBe(3);
    expect(await groups()).toHaveLength(2);
  });

  it('records the same command again, renames and notes a run, deletes one and takes that back', async () => {
    const { workbench, workspace } = window;
    await workbench.runCommand('HAKMEM Lab: Profile a Command...');
    await answer("./churner 'a b'");
    await workbench.until('the second run', () => runs().length === 2, 60_000);
    await workbench.treeItem("churner 'a b'", { view: 'Runs' });
    await workbench.runCommand('HAKMEM Lab: Profile Again');
    await workbench.until('the third run', () => runs().length === 3, 60_000);
    const [newest = ''] = runs();
    const run = JSON.parse(
      readFileSync(path.join(workspace, '.hakmem-lab/runs', newest, 'run.json'), 'utf8'),
    ) as { preset: { args: string[] } };
    expect(run.preset.args).toEqual(['a b']);

    const item = await workbench.treeItem('churner', { view: 'Runs' });
    await item.menu('Rename Run...');
    await answer('before');
    const renamed = await workbench.treeItem('before', { view: 'Runs' });
    await renamed.click();
    await workbench.until('its name everywhere', async () => {
      const named = (await workbench.statusBar()).some(({ text }) => /^before \d/.test(text));
      return named && (await workbench.tabs()).some(({ title }) => title === 'HAKMEM Lab: before');
    });
    await renamed.menu('Edit Note...');
    await answer('without LTO');
    await workbench.until('the note', async () =>
      (await workbench.treeItem('before', { view: 'Runs' })).description.includes('without LTO'),
    );
    await (await workbench.treeItem('before', { view: 'Runs' })).menu('Edit Tags...');
    await answer('slow');
    await workbench.until('the tag', async () =>
      (await workbench.treeItem('before', { view: 'Runs' })).description.includes('#slow'),
    );
    const rows = () => workbench.treeItems('Runs');
    expect(await rows()).toHaveLength(3);
    await workbench.runCommand('HAKMEM Lab: Filter Runs...');
    await answer('#slow');
    await workbench.until('one run', async () => (await rows()).length === 1);
    await workbench.runCommand('HAKMEM Lab: Clear Filter of Runs');
    await workbench.until('all runs', async () => (await rows()).length === 3);
    await (await workbench.treeItem('before', { view: 'Runs' })).inline('Delete Run');
    await workbench.until('two runs', () => runs().length === 2);
    await (await workbench.notification(/Deleted a run of churner/)).click('Undo');
    await workbench.until('three runs', () => runs().length === 3);
    expect((await workbench.treeItem('before', { view: 'Runs' })).description).toMatch(/without LTO/);
  });

  it('shows the same run again when the window is reloaded, though there are newer ones', async () => {
    const { workbench } = window;
    const older = await workbench.treeItem('before', { view: 'Runs' });
    const samples = /[\d,]+ samples/.exec(older.description)?.[0] ?? 'no samples';
    await older.click();
    const panel = () => workbench.webview(/HAKMEM Lab/, { timeout: 30_000 });
    await (await panel()).locator('.fact', { hasText: samples }).waitFor();
    await workbench.until('VS Code to keep it', () => workbench.keeps(`shown.last.*${runs().at(-1)}`));
    await workbench.reload();
    await workbench.runCommand('HAKMEM Lab: Show Panel');
    await (await panel()).locator('[data-frame="churn"]').waitFor();
    expect(await (await panel()).locator('.fact', { hasText: samples }).count()).toBe(1);
  });

  it('makes a preset of a recording: the lab file is shown first, and written when it is saved', async () => {
    const { workbench, workspace } = window;
    const file = path.join(workspace, 'hakmem-lab.json');
    await (await workbench.treeItem('before', { view: 'Runs' })).menu('Save Recording as Preset...');
    await workbench.until('the proposal', async () => (await workbench.editorText()).includes('"before"'));
    expect(existsSync(file)).toBe(false);
    await workbench.page.keyboard.press('Control+s');
    // Its text comes after its name.
    await workbench.until('the file', () => existsSync(file) && readFileSync(file, 'utf8').endsWith('}\n'));
    const lab = JSON.parse(readFileSync(file, 'utf8')) as { presets: object[] };
    expect(lab.presets).toEqual([{ name: 'before', program: 'churner' }]);
    expect((await workbench.treeItem('before', { view: 'Presets' })).description).toBe('not run yet');
    lab.presets = [{ name: 'crash', program: '/bin/sh', args: ['-c', 'kill -SEGV $$'] }];
    writeFileSync(file, JSON.stringify(lab));
    await (await workbench.treeItem('crash', { view: 'Presets' })).inline('Profile Preset...');
    expect(await workbench.allowPreset()).toContain("Program: /bin/sh -c 'kill -SEGV $$'");
    await workbench.until('the failure in the list', async () =>
      /^failed: /.test((await workbench.treeItem('crash', { view: 'Presets' })).description),
    );
  });

  it('fixes a misspelled key of the lab file by its light bulb', async () => {
    const { workbench, workspace } = window;
    const file = path.join(workspace, 'hakmem-lab.json');
    const lab = JSON.parse(readFileSync(file, 'utf8')) as { presets: object[] };
    lab.presets = [{ name: 'fixed', program: 'churner', enviroment: { A: '1' } }];
    writeFileSync(file, JSON.stringify(lab, null, 2));
    const line =
      readFileSync(file, 'utf8')
        .split('\n')
        .findIndex((text) => text.includes('enviroment')) + 1;
    await workbench.openFile('hakmem-lab.json');
    await workbench.until('the misspelled key', async () =>
      (await workbench.editorText('hakmem-lab.json')).includes('enviroment'),
    );
    await workbench.until('its problem', async () =>
      (await workbench.problems()).some(
        (one) => one.line === line && one.message === 'Unknown key "enviroment"',
      ),
    );
    expect(await workbench.hover(line - 1, { text: 'program' })).toContain('command on PATH');
    await workbench.gotoLine(line, 'hakmem-lab.json');
    const chosen = workbench.page.locator('.action-widget:visible .monaco-list-row.focused', {
      hasText: 'Did you mean "environment"?',
    });
    // The bulb appears, and the menu is filled, when the extension has answered.
    await workbench.until('the quick fix', async () => {
      await workbench.page.keyboard.press('Escape');
      await workbench.focusEditor('hakmem-lab.json');
      await workbench.page.keyboard.press('Control+.');
      return chosen.waitFor({ timeout: 5_000 }).then(() => true);
    });
    await workbench.page.keyboard.press('Enter');
    await workbench.until('the correct key', async () =>
      (await workbench.editorText('hakmem-lab.json')).includes('environment'),
    );
    await workbench.save('hakmem-lab.json');
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ presets: [{ environment: { A: '1' } }] });
    await workbench.openActivityView('HAKMEM Lab');
    await workbench.treeItem('fixed', { view: 'Presets' });
  });

  it('opens profiles by a double click, several at once, without saving them', async () => {
    const { workbench, workspace } = window;
    const before = runs().length;
    copyFileSync(path.join(root, 'test/fixtures/calls.perf.data'), path.join(workspace, 'perf.data'));
    writeFileSync(path.join(workspace, 'stacks.folded'), 'start;work;inner 30\nstart;work;outer 10\n');
    writeFileSync(
      path.join(workspace, 'damaged.perf.data'),
      readFileSync(path.join(workspace, 'perf.data')).subarray(0, 200),
    );
    await workbench.openActivityView('Explorer');
    // The recorded program isn't here: its frames have no name that could be asked for.
    for (const [name, frame] of [
      ['perf.data', '[data-frame]'],
      ['stacks.folded', '[data-frame="inner"]'],
    ] as const) {
      await (await workbench.treeItem(name)).doubleClick();
      const page = await workbench.webview(name);
      await page.locator(frame).first().waitFor();
    }
    expect((await groups()).flat()).toEqual(expect.arrayContaining(['perf.data', 'stacks.folded']));
    await (await workbench.treeItem('damaged.perf.data')).doubleClick();
    const damaged = await workbench.webview('damaged.perf.data');
    await damaged.getByText(/is damaged/).waitFor();
    expect(runs()).toHaveLength(before);
    await workbench.openActivityView('HAKMEM Lab');
    await workbench.page.locator('.tab', { hasText: 'stacks.folded' }).click();
    await workbench.treeItem('75.0% inner', { view: 'Hotspots' });
    await workbench.runCommand('HAKMEM Lab: Filter Hotspots...');
    await answer('out');
    const shares = async () => (await workbench.treeItems('Hotspots')).map(({ label }) => label);
    await workbench.until('one hotspot', async () => (await shares()).join() === '25.0% outer');
    await workbench.runCommand('HAKMEM Lab: Clear Hotspot Filter');
    await workbench.runCommand('HAKMEM Lab: Sort Hotspots...');
    await answer('By total');
    await workbench.until('totals', async () => (await shares()).includes('100% start'));
    await workbench.runCommand('HAKMEM Lab: Sort Hotspots...');
    await answer('By self');
    await workbench.treeItem('75.0% inner', { view: 'Hotspots' });
    // The hottest function has no source: the message says which one, and why.
    await workbench.runCommand('HAKMEM Lab: Go to Hottest Line');
    expect((await workbench.notification(/inner \(75\.0%\)/)).text).toMatch(/\w/);
  });

  it('lists 200 runs, and more of them by its last row', async () => {
    const { workbench, workspace } = window;
    const folder = path.join(workspace, '.hakmem-lab/runs');
    const run = readFileSync(path.join(folder, runs()[0] ?? '', 'run.json'), 'utf8');
    const before = runs().length;
    for (let i = 0; i < 250; i++) {
      const createdAt = new Date(Date.UTC(2020, 0, 1, 0, i)).toISOString();
      const id = `${createdAt.replace(/[-:]|Z/g, '')}-old`;
      mkdirSync(path.join(folder, id));
      writeFileSync(path.join(folder, id, 'run.json'), JSON.stringify({ ...JSON.parse(run), id, createdAt }));
    }
    expect(runs()).toHaveLength(before + 250);
    const more = await workbench.treeItem('Show More', { view: 'Runs' });
    expect(more.description).toBe(`${before + 50} older runs`);
    await more.click();
    await workbench.until('the oldest', async () => {
      await workbench.page.keyboard.press('End');
      const shown = await workbench.treeItems('Runs');
      return shown.length > 0 && shown.every(({ label }) => label !== 'Show More');
    });
    for (const id of runs()) if (id.endsWith('-old')) rmSync(path.join(folder, id), { recursive: true });
  });

  it('writes no error to the console but those of the damaged file and the crash', () => {
    const expected = /damaged|SIGSEGV|crash/;
    expect(window.workbench.consoleErrors.filter((error: string) => !expected.test(error))).toEqual([]);
  });
});
