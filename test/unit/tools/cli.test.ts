import { execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunStore } from '../../../src/core/store/runStore.js';
import { TempLab } from '../support/tempLab.js';
import { bundleCli } from '../support/bundleCli.mjs';

interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

describe('the command line', () => {
  let lab: TempLab;
  let cli: string;

  beforeAll(async () => {
    lab = new TempLab();
    cli = await bundleCli(lab.folder);
  });
  afterAll(() => lab.dispose());

  const run = (...args: string[]) =>
    new Promise<Outcome>((resolve) => {
      execFile(process.execPath, [cli, ...args], { cwd: lab.folder }, (error, stdout, stderr) => {
        resolve({ status: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stdout, stderr });
      });
    });

  it('prints one JSON document on stdout and nothing else', async () => {
    const profiled = await run('profile', 'RUN', '--runs', '2', '--json');
    expect(profiled.status).toBe(0);
    const document = JSON.parse(profiled.stdout) as Record<string, { selfPercent: number }[]> & {
      run: string;
    };
    for (const key of ['event', 'samples', 'functions', 'lines', 'categories', 'stat'])
      expect(document).toHaveProperty(key);
    for (const key of ['functions', 'categories']) {
      expect(document[key]?.reduce((sum, f) => sum + f.selfPercent, 0)).toBeCloseTo(100, 6);
    }
    expect(profiled.stderr).toMatch(/Sampling/);

    const shown = await run('show', document.run, '--json');
    expect(JSON.parse(shown.stdout)).toEqual(document);

    const benched = await run('bench', 'RUN', '--runs', '2', '--rivals', 'system', '--json');
    const { preset, results } = JSON.parse(benched.stdout) as { preset: string; results: object[] };
    expect(preset).toBe('RUN');
    expect(results).toHaveLength(2);
    expect(results[0]).toMatchObject({
      allocator: 'Test',
      opsPerSec: { median: expect.any(Number) as number },
    });

    const presets = await run('presets', '--json');
    expect(
      (JSON.parse(presets.stdout) as { presets: { name: string }[] }).presets.map((p) => p.name),
    ).toContain('RUN');
    const doctor = await run('doctor', '--json');
    expect((JSON.parse(doctor.stdout) as { checks: { name: string }[] }).checks.length).toBeGreaterThan(5);
  }, 60_000);

  it('prints tables for people, with shares that add up', async () => {
    const { stdout } = await run('profile', 'RUN', '--runs', '1', '--open');
    expect(stdout).toMatch(/Top \d+ functions[^]*worker_run +\d+(\.\d+)?% +\d+(\.\d+)?% +Benchmark Driver/);
    expect(stdout).toMatch(/^Total +100%$/m);
    // What `npm start` asks of the window that it opens next.
    expect(await new RunStore(lab.folder).takeOpenRequest()).toBe(/^Run (\S+)$/m.exec(stdout)?.[1]);
  });

  it('fails with status 1, is misused with status 2, and says why on stderr', async () => {
    const unknown = await run('bench', 'NOTHING');
    expect(unknown).toMatchObject({ status: 1, stdout: '' });
    expect(unknown.stderr).toMatch(
      /no preset named NOTHING\. \[preset-unknown\][^]*Presets of Test: RUN[^]*Next step/,
    );
    expect((await run('presets', '--lab', '/nowhere/hakmem-lab.json')).status).toBe(1);
    for (const args of [
      ['nonsense'],
      ['bench'],
      ['bench', 'RUN', '--runs', '0'],
      ['bench', 'RUN', '--wrong'],
    ]) {
      const misuse = await run(...args);
      expect(misuse.status, args.join(' ')).toBe(2);
      expect(misuse.stderr).toMatch(/error:/);
    }
    expect((await run('--help')).status).toBe(0);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('%s leaves no child behind', async (signal) => {
    const child = spawn(process.execPath, [cli, 'profile', 'HANG'], { cwd: lab.folder });
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    while (lab.survivors().length === 0) await delay(20);
    child.kill(signal);
    expect(await closed).toBe(signal === 'SIGINT' ? 130 : 143);
    expect(lab.survivors()).toEqual([]);
  });

  it('Ctrl-C ends a recording, keeps it and leaves no child', async () => {
    const program = path.join(lab.folder, 'build/bench');
    const child = spawn(process.execPath, [cli, 'record', '--json', '--', program, 'run', '100000000000'], {
      cwd: lab.folder,
    });
    let out = '';
    child.stdout.on('data', (data) => (out += String(data)));
    const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
    // The command line itself names the program: two more processes are perf and the program.
    while (lab.survivors().length < 3) await delay(20);
    await delay(400);
    child.kill('SIGINT');
    expect(await closed).toBe(0);
    expect(lab.survivors()).toEqual([]);
    const document = JSON.parse(out) as { run: string; samples: number; notes: string[] };
    expect(document.samples).toBeGreaterThan(50);
    expect(document.notes.join()).toMatch(/stopped by the user/);
    expect((await run('show', document.run, '--json')).stdout).toBe(out);
  });

  it('misuse of the recording options ends with status 2', async () => {
    for (const args of [
      ['record'],
      ['record', '--pid', '1', '--', 'true'],
      ['record', '--event', 'nonsense', '--', 'true'],
      ['profile', 'RUN', '--counter', 'callgrind', '--event', 'cycles'],
      ['profile', 'RUN', '--frequency', '0'],
    ])
      expect([args, (await run(...args)).status]).toEqual([args, 2]);
  });
});
