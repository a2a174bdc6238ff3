import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openToAgents } from '../../../src/core/agents/openToAgents.js';
import { loadGateFile } from '../../../src/core/experiments/gateFile.js';
import { finishedExperiments } from '../../../src/core/experiments/experimentLog.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { Sources } from '../../../src/core/machineCode/sources.js';
import { readConfiguration } from '../../../src/core/programs/cmakeCache.js';
import { readLaunchConfigurations } from '../../../src/core/programs/launch.js';
import { buildTarget, findProjects } from '../../../src/core/programs/projects.js';
import { sourceState } from '../../../src/core/environment/sourceState.js';
import { recordingContext, root } from '../support/fixtures.js';
import { bundleCli, runCli } from '../support/cli.js';

/** A folder that came from somebody else, with everything that a repository can hold. */
describe('a cloned folder', () => {
  const top = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-cloned-')));
  let cli: string;
  let folder: string;
  let number = 0;
  const at = (...names: string[]) => path.join(folder, ...names);
  const write = (name: string, content: unknown) => {
    mkdirSync(path.dirname(at(name)), { recursive: true });
    writeFileSync(at(name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  const run = (...args: string[]) => runCli(cli, folder, args);
  const git = (...args: string[]) =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=A', '-c', 'user.email=a@example.com', ...args]);
  const started = () => existsSync(at('started'));
  const preset = { name: 'A', program: '/bin/true', args: [] as string[] };
  /** Whatever is started leaves a trace. */
  const lab = (changes: object = {}) => ({ formatVersion: 1, name: 'Cloned', presets: [preset], ...changes });

  beforeAll(async () => (cli = await bundleCli(top)));
  beforeEach(() => mkdirSync((folder = path.join(top, `clone-${number++}`))));
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  it('has no checkout made or removed through a link', async () => {
    write('hakmem-lab.json', lab());
    git('init', '-q');
    git('add', '-A');
    for (const message of ['first', 'second']) git('commit', '-q', '--allow-empty', '-m', message);
    const names = git('log', '--format=%H').toString().trim().split('\n');
    for (const name of names) write(`victim/${name.slice(0, 12)}/mine`, 'mine');
    mkdirSync(at('.hakmem-lab'));
    symlinkSync(at('victim'), at('.hakmem-lab/worktrees'));
    await run('compare', 'commit:HEAD~1', 'commit:HEAD', '--pairs', '1', '--no-details');
    for (const name of names)
      expect(readFileSync(at('victim', name.slice(0, 12), 'mine'), 'utf8')).toBe('mine');
    expect(readdirSync(at('victim'))).toHaveLength(2);
  });

  it('has nothing started by Git: no hook, no monitor of files, no repository among its files', async () => {
    git('init', '-q');
    git('commit', '-q', '--allow-empty', '-m', 'x');
    const script = `#!/bin/sh\ntouch '${at('started')}'\n`;
    for (const name of ['hooks/post-checkout', 'monitor']) {
      write(`.git/${name}`, script);
      execFileSync('chmod', ['+x', at('.git', name)]);
    }
    git('config', 'core.fsmonitor', at('.git/monitor'));
    write('hakmem-lab.json', lab());
    await run('compare', 'commit:HEAD', 'commit:HEAD', '--pairs', '1', '--no-details');
    await sourceState(folder);
    expect(started()).toBe(false);
    // The same as plain files of another repository, which has a configuration of its own.
    cpSync(at('.git'), at('inner'), { recursive: true });
    rmSync(at('.git'), { recursive: true });
    execFileSync('git', ['-C', at('inner'), 'config', 'core.worktree', at('inner')]);
    expect(await sourceState(at('inner'))).toBeNull();
    expect(started()).toBe(false);
  });

  it.each([
    ['a comparison', 'comparison', ['compare', '--resume'], 'records.jsonl'],
    ['a matrix', 'matrix', ['matrix', '--resume'], 'records.jsonl'],
  ])('has %s that somebody else began not continued', async (_, kind, command) => {
    const touch = `command:touch ${at('started')}`;
    const options = [{ name: 'X', values: ['1', '2'] }];
    const side = { label: 'x', preset: { name: 'x', args: [at('started')] } };
    const plan = {
      kind,
      formatVersion: 1,
      createdAt: '2026-01-01T00:00:00.000Z',
      asked: { sides: [touch, touch] },
      ...{ a: side, b: side, metric: 'time', margin: 0.02, seed: 1, alpha: null, notes: [] },
      ...{ name: 'M', preset: 'A', options, cells: [[0], [1]], args: [at('started')], reasons: [{}, {}] },
    };
    write(
      'hakmem-lab.json',
      lab({
        matrix: [{ name: 'M', preset: 'TOUCH', options }],
        presets: [{ ...preset, name: 'TOUCH', program: '/usr/bin/touch', args: [at('pilot')] }],
      }),
    );
    for (const seal of [undefined, '', 'f'.repeat(64), 7]) {
      write('.hakmem-lab/experiments/x/plan.json', { ...plan, seal });
      const { status, stderr } = await run(...command);
      expect(stderr).toContain("wasn't begun by you");
      expect(status).toBe(1);
      expect(started()).toBe(false);
    }
  });

  it('has no program of its lab file started by a report, but for a run of the user', async () => {
    const describe = { program: 'sh', args: ['-c', `touch '${at('started')}'; echo '{}'`] };
    write(
      'hakmem-lab.json',
      lab({
        describe,
        presets: [
          {
            ...preset,
            name: 'A',
            program: 'sh',
            args: ['-c', 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'],
          },
        ],
      }),
    );
    await run('profile', 'A', '--runs', '1');
    rmSync(at('started'), { force: true });
    const [id = ''] = readdirSync(at('.hakmem-lab/runs'));
    expect((await run('report')).status).toBe(0);
    expect(started()).toBe(true);
    rmSync(at('started'));
    const file = at('.hakmem-lab/runs', id, 'run.json');
    const document = JSON.parse(readFileSync(file, 'utf8')) as { environment: { variables: object } };
    Object.assign(document.environment.variables, { LD_PRELOAD: at('evil.so') });
    writeFileSync(file, JSON.stringify(document));
    expect((await run('report')).status).toBe(0);
    expect(started()).toBe(false);
    // It stays a run like any other, and says nothing of its seal.
    expect((await run('show', '--json', id)).stdout).not.toContain('"seal"');
  });

  it('has nothing that is no file read: a pipe would wait, a device would never end', async () => {
    const context = recordingContext();
    const inTime = async (what: Promise<unknown>) =>
      Promise.race([
        what.then(
          (value) => value,
          (error: unknown) => error,
        ),
        new Promise((resolve) => setTimeout(resolve, 5_000, 'waits')),
      ]);
    for (const name of ['gate.json', 'launch.json', 'CMakeCache.txt', 'source.c', 'Makefile'])
      execFileSync('mkfifo', [at(name)]);
    mkdirSync(at('.hakmem-lab/experiments/x'), { recursive: true });
    execFileSync('mkfifo', [at('.hakmem-lab/experiments/x/result.json')]);
    expect(await inTime(loadGateFile(at('gate.json')))).toMatchObject({ code: 'baselines-invalid' });
    expect(await inTime(readLaunchConfigurations(at('launch.json')))).toMatchObject({ code: 'read-failed' });
    expect(await inTime(readConfiguration(folder))).toBeUndefined();
    expect(await inTime(new Sources().lines(at('source.c')))).toBeUndefined();
    expect(await inTime(new Sources().lines('/dev/zero'))).toBeUndefined();
    expect(await inTime(finishedExperiments({ folder: at('.hakmem-lab') }, 'comparison'))).toEqual([]);
    expect(await inTime(findProjects(folder))).not.toBe('waits');
    expect(context.problems).toEqual([]);
  });

  it('has no source shown to agents that is no source, unless it is in the folder', async () => {
    const allowed = openToAgents(folderLab(folder));
    for (const name of ['key', 'elsewhere.c', 'clone/notes.txt'])
      mkdirSync(path.dirname(path.join(top, name)), { recursive: true });
    writeFileSync(path.join(top, 'key'), 'secret');
    writeFileSync(path.join(top, 'elsewhere.c'), 'int x;');
    write('notes.txt', 'text');
    symlinkSync(path.join(top, 'key'), at('key.c'));
    expect(await allowed(path.join(top, 'key'))).toBeUndefined();
    expect(await allowed(at('key.c'))).toBeUndefined();
    expect(await allowed(path.join(top, 'elsewhere.c'))).toBeDefined();
    expect(await allowed(at('notes.txt'))).toBeDefined();
    expect(await new Sources(allowed).lines(path.join(top, 'key'))).toBeUndefined();
  });

  it('has no sources copied, and nothing removed, through links in the copy that is built', async () => {
    cpSync(path.join(root, 'test/fixtures/projects/make'), folder, { recursive: true });
    const [source = ''] = readdirSync(folder).filter((name) => name.endsWith('.c'));
    write('victim/mine', 'mine');
    write('victim/folder/mine', 'mine');
    write('sub/mine', 'theirs');
    mkdirSync(at('.hakmem-lab/build/make/copy'), { recursive: true });
    symlinkSync(at('victim/mine'), at('.hakmem-lab/build/make/copy', source));
    symlinkSync(at('victim/folder'), at('.hakmem-lab/build/make/copy/sub'));
    symlinkSync(at('victim/folder'), at('.hakmem-lab/build/make/copy/gone'));
    write('.hakmem-lab/build/make/copied.json', ['gone/mine', '../../../../victim/mine', `${source}`]);
    const [project] = await findProjects(folder);
    if (!project) throw new Error('not recognized');
    await buildTarget(project, 'sum', recordingContext()).catch(() => undefined);
    expect(readFileSync(at('victim/mine'), 'utf8')).toBe('mine');
    expect(readFileSync(at('victim/folder/mine'), 'utf8')).toBe('mine');
  });
});
