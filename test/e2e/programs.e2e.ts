import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { headlessResult, openLabWindow, savedRuns } from './support/window.mjs';

type Window = Awaited<ReturnType<typeof openLabWindow>>;

interface Result {
  readonly functions: readonly { readonly name: string; readonly selfPercent: number }[];
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}

function savedRun(workspace: string, id: string) {
  const file = path.join(workspace, '.hakmem-lab/runs', id, 'run.json');
  return JSON.parse(readFileSync(file, 'utf8')) as {
    readonly preset: Readonly<Record<string, unknown>>;
    readonly results: readonly unknown[];
  };
}

/** What someone does who opens a project for the first time: three clicks or answers, then the lines have their cost. */
describe('from an opened folder to annotated source', () => {
  let window: Window | undefined;
  afterEach(async () => {
    await window?.close();
    window = undefined;
  });

  const open = async (project: string) => (window = await openLabWindow({ project }));
  const status = ({ workspace }: Window) =>
    execFileSync('git', ['status', '--porcelain'], { cwd: workspace, encoding: 'utf8' });
  const latest = ({ workspace }: Window) =>
    headlessResult(workspace, savedRuns(workspace)[0] as string) as Result;
  const offer = async ({ workbench }: Window, title: string) => {
    const link = workbench.page.locator('.welcome-view-content .monaco-button', { hasText: title });
    await link.first().waitFor();
    await link.first().click();
  };
  /** Waits until the hottest line is in an editor with its share behind it. */
  const annotated = async ({ workbench }: Window, file: string) => {
    await workbench.until(
      `annotated lines of ${file}`,
      async () => {
        const lines = await workbench.lineAnnotations(file);
        return lines.some(({ text, after }) => /%/.test(after.join('')) && /values|total/.test(text));
      },
      120_000,
    );
  };

  it.each([
    { project: 'cmake', file: 'sum.c' },
    { project: 'make', file: 'sum.c' },
    { project: 'meson', file: 'sum.c' },
    { project: 'cargo', file: 'main.rs' },
  ])('of a project built with $project', async ({ project, file }) => {
    const opened = await open(project);
    const { workbench } = opened;
    const started = performance.now();
    // First, second, third: the view, the offer, and the program.
    await workbench.openActivityView('HAKMEM Lab');
    await offer(opened, 'Profile a Build Target...');
    const question = workbench.page.locator('.quick-input-widget:visible');
    await workbench.until(
      'the question for a program',
      async () => (await question.innerText()).includes('No arguments'),
      120_000,
    );
    await question.locator('input').first().press('Enter');
    await annotated(opened, file);
    console.log(`${project}: ${((performance.now() - started) / 1000).toFixed(1)} s to annotated lines`);
    expect(latest(opened).functions[0]?.name).toMatch(/sum/);
    expect(status(opened)).toBe('');
    if (project === 'cmake') {
      const lens = workbench.page.locator('.codelens-decoration', { hasText: 'Profile' });
      await workbench.openFile('main.c');
      await lens.first().waitFor();
      expect(await lens.first().innerText()).toMatch(/Profile\s*\|\s*Count/);
      // Of the program that was profiled, with the same line: one answer.
      await lens.first().locator('a', { hasText: 'Count' }).click();
      await question.locator('input').first().fill('sums 2000');
      await workbench.until('the program with its arguments', async () =>
        (await question.innerText()).includes('sums 2000'),
      );
      await question.locator('input').first().press('Enter');
      await workbench.until('the count', () => savedRuns(opened.workspace).length === 2, 120_000);
      expect(latest(opened).functions[0]).toMatchObject({ name: 'sum' });
      expect(savedRun(opened.workspace, savedRuns(opened.workspace)[0] ?? '').preset.args).toEqual(['2000']);
      expect(status(opened)).toBe('');
    }
  });

  it('of a build or a recording that is discarded: no process, no run, no change', async () => {
    const opened = await open('cmake');
    const { workbench, workspace } = opened;
    const lists = path.join(workspace, 'CMakeLists.txt');
    const original = readFileSync(lists, 'utf8');
    const pidFile = path.join(workspace, '../pid');
    const wait = `sh -c "echo $$ > ${pidFile} && exec sleep 1000"`;
    const commit = (text: string) => {
      writeFileSync(lists, text);
      const who = ['-c', 'user.name=T', '-c', 'user.email=t@example.com'];
      execFileSync('git', [...who, 'commit', '-qam', 'Another build'], { cwd: workspace });
    };
    const profile = async (line: string) => {
      await workbench.runCommand('HAKMEM Lab: Profile a Build Target...');
      const question = workbench.page.locator('.quick-input-widget:visible');
      await workbench.until(
        'the question',
        async () => (await question.innerText()).includes('arguments'),
        120_000,
      );
      await question.locator('input').first().fill(line);
      await workbench.until('the line', async () => {
        const shown = await question.locator('.monaco-list-row').first().innerText();
        return shown.includes(line.includes(' ') ? line : 'No arguments');
      });
      await question.locator('input').first().press('Enter');
    };
    const end = async (text: string, link: string) => {
      const message = workbench.page.locator('.notification-list-item', { hasText: 'Recording sums' });
      await workbench.until(text, async () => (await message.innerText()).includes(text), 60_000);
      await message.locator('a', { hasText: link }).click();
      await message.waitFor({ state: 'hidden' });
    };
    const left = (folder: string) => readdirSync(path.join(workspace, '.hakmem-lab', folder)).sort();

    await workbench.openActivityView('HAKMEM Lab');
    commit(`${original}\nadd_custom_command(TARGET sums PRE_LINK COMMAND ${wait} VERBATIM)\n`);
    for (const link of ['Stop', 'Discard']) {
      await profile('sums');
      await workbench.until(
        'the build',
        () => existsSync(pidFile) && readFileSync(pidFile, 'utf8') !== '',
        120_000,
      );
      const pid = readFileSync(pidFile, 'utf8').trim();
      await end('Building', link);
      await workbench.until('the end of the build', () => !existsSync(`/proc/${pid}`));
      rmSync(pidFile);
    }
    commit(original);
    await profile('sums 1000000000');
    await end('Sampling', 'Discard');
    const program = path.join(workspace, '.hakmem-lab/build');
    expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(program);
    expect(left('.')).toEqual(['.gitignore', 'build', 'runs']);
    expect(left('runs')).toEqual([]);
    expect(status(opened)).toBe('');
    await workbench.page.locator('.terminal-wrapper').waitFor({ state: 'detached' });
  });

  it('of a launch configuration, with its task, folder, environment, and arguments; and as tasks', async () => {
    const opened = await open('launch');
    const { workbench, workspace } = opened;
    const started = performance.now();
    await workbench.openActivityView('HAKMEM Lab');
    await offer(opened, 'Profile a Launch Configuration...');
    await annotated(opened, 'sum.c');
    console.log(`launch: ${((performance.now() - started) / 1000).toFixed(1)} s to annotated lines`);
    expect(savedRun(workspace, savedRuns(workspace)[0] ?? '').preset).toMatchObject({
      program: path.join(workspace, 'out/sums'),
      args: ['300000'],
      cwd: path.join(workspace, 'out'),
      environment: { SUMS: 'workspace' },
    });
    expect(status(opened)).toBe('');

    const runTask = async (name: string) => {
      const before = savedRuns(workspace).length;
      await workbench.runCommand('Tasks: Run Task');
      await workbench.pick(name);
      await workbench.until(
        `the run of the task ${name}`,
        () => savedRuns(workspace).length > before,
        120_000,
      );
      return savedRun(workspace, savedRuns(workspace)[0] ?? '');
    };
    const hot = async () =>
      (await workbench.problems()).filter(
        ({ file, message }) => file === 'sum.c' && / in sum$/.test(message),
      );
    const profiled = await runTask('profile');
    expect(profiled.preset).toMatchObject({ cwd: workspace, environment: { SUMS: 'task' } });
    await workbench.until('its problem', async () => (await hot()).length === 1);
    const timed = await runTask('bench');
    expect(timed.preset).toMatchObject({ cwd: path.join(workspace, 'out'), args: ['2000'] });
    expect(timed.results).toHaveLength(1);
    const counted = await runTask('count');
    expect(counted.preset).toMatchObject({ cwd: workspace, environment: { SUMS: 'counted' } });
    await workbench.until('the problem of the count', async () => {
      const [problem, ...others] = await hot();
      return others.length === 0 && problem?.severity === 'info' && problem.line === 3;
    });
    expect(status(opened)).toBe('');
  });
});
