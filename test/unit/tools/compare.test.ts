import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Comparison } from '../../../src/core/experiments/comparison.js';
import type { RunComparison } from '../../../src/core/experiments/compareRuns.js';
import { bundleCli, runCli, type Outcome } from '../support/cli.js';
import { TempLab } from '../support/tempLab.js';

/** A benchmark whose speed is what its argument says, give or take what the argument after it says. */
const benchmark = `#!/bin/sh
printf '{"ops_per_sec":%s,"seconds":1,"threads":1,"iterations":100,"peak_rss_bytes":1048576}\\n' "$1"
`;

describe('compare', () => {
  let lab: TempLab;
  let cli: string;
  const run = (...args: string[]): Promise<Outcome<string>> => runCli(cli, lab.folder, args);

  beforeAll(async () => {
    lab = new TempLab();
    cli = await bundleCli(lab.folder);
    lab.write('speed', benchmark);
    chmodSync(path.join(lab.folder, 'speed'), 0o755);
  });
  afterAll(() => lab.dispose());

  const compared = async (...args: string[]): Promise<{ status: number | null; document: Comparison }> => {
    const { status, stdout, stderr } = await run('compare', '--json', '--no-details', ...args);
    expect(stdout, stderr).not.toBe('');
    return { status, document: JSON.parse(stdout) as Comparison };
  };

  it.each([
    ['slower', '100', '90', 1],
    ['faster', '100', '110', 0],
    ['equivalent', '100', '100.5', 0],
  ] as const)('says %s for the speeds %s and %s, with exit status %s', async (verdict, a, b, expected) => {
    const { status, document } = await compared(`./speed ${a}`, `./speed ${b}`);
    expect(document.verdict).toBe(verdict);
    expect(status).toBe(expected);
    expect(document.ratio?.value).toBeCloseTo(Number(b) / Number(a), 9);
    expect(document.ending).toBe('settled');
    // Seven pairs are the fewest that the signs can decide.
    expect(document.pairs).toHaveLength(7);
    expect(document.a.peakRssBytes).toBe(1048576);
  });

  it('is unclear with exit status 3 before there are enough pairs, and can be continued', async () => {
    const { status, document } = await compared('./speed 100', './speed 90', '--pairs', '3', '--seed', '5');
    expect([status, document.verdict, document.ending]).toEqual([3, 'unclear', 'pairs']);
    const continued = await compared('--resume');
    expect(continued.document.experiment).toBe(document.experiment);
    expect([continued.status, continued.document.verdict, continued.document.seed]).toEqual([1, 'slower', 5]);
    expect(continued.document.pairs.slice(0, 3)).toEqual(document.pairs);
  });

  it('runs both sides in an order that its seed determines', async () => {
    const orders = async (seed: string) => {
      const { document } = await compared('./speed 100', './speed 100', '--seed', seed);
      return document.pairs.map(({ first }) => first).join('');
    };
    const first = await orders('3');
    expect(await orders('3')).toBe(first);
    expect(first).toMatch(/A/);
    expect(first).toMatch(/B/);
  });

  it('measures the time of programs that are no benchmarks, with their environment', async () => {
    const { status, document } = await compared('DELAY=0.02 sh -c "sleep $DELAY"', 'sleep 0.2');
    expect(document.metric).toBe('time');
    expect([status, document.verdict]).toEqual([1, 'slower']);
    expect(document.differences).toContainEqual(expect.objectContaining({ what: 'Program' }));
  });

  it('keeps what was measured when it is interrupted', async () => {
    const child = start('compare', '--json', '--no-details', 'sleep 0.03', 'sleep 0.03', '--margin', '0.001');
    await pairsOnDisk(3);
    child.process.kill('SIGINT');
    const { stdout } = await child.ended;
    const document = JSON.parse(stdout) as Comparison;
    expect(document.ending).toBe('interrupted');
    expect(document.pairs.length).toBeGreaterThanOrEqual(3);
  });

  it('loses at most the pair in progress when it is killed', async () => {
    const before = new Set(experiments());
    const child = start('compare', '--no-details', 'sleep 0.03', 'sleep 0.03', '--margin', '0.001');
    await pairsOnDisk(4);
    child.process.kill('SIGKILL');
    await child.ended;
    const id = experiments().find((one) => !before.has(one)) ?? '';
    const saved = readFileSync(recordsOf(id), 'utf8').trimEnd().split('\n').length;
    const { document } = await compared('--resume', id, '--pairs', String(saved + 1));
    expect(saved).toBeGreaterThanOrEqual(4);
    expect(document.pairs).toHaveLength(saved + 1);
  });

  it('builds commits in checkouts of their own and leaves the repository alone', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', lab.folder, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
        encoding: 'utf8',
      });
    git('init', '-q');
    git('add', 'bench.c', 'Makefile', 'hakmem-lab.json', 'speed');
    git('commit', '-qm', 'fast');
    lab.write('speed', benchmark.replace('"$1"', '"$(($1 * 9 / 10))"'));
    git('commit', '-qam', 'slow');
    lab.write('speed', `${benchmark}# changed\n`);
    const labFile = JSON.parse(readFileSync(path.join(lab.folder, 'hakmem-lab.json'), 'utf8')) as {
      presets: object[];
    };
    labFile.presets.push({ name: 'SPEED', program: 'speed', args: ['1000'] });
    lab.write('other.json', JSON.stringify(labFile));
    const before = git('status', '--porcelain');
    const { status, document } = await compared(
      'HEAD~1',
      'commit:HEAD',
      '--preset',
      'SPEED',
      '--lab',
      'other.json',
    );
    expect([status, document.verdict]).toEqual([1, 'slower']);
    expect(document.ratio?.value).toBeCloseTo(0.9, 6);
    expect(document.differences.map(({ what }) => what)).toContain('Commit');
    expect(git('status', '--porcelain')).toBe(before);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  });

  it('compares saved runs without a verdict that they can not give', async () => {
    const ids: string[] = [];
    for (const preset of ['RUN', 'RUN'])
      ids.push(
        (JSON.parse((await run('bench', preset, '--runs', '2', '--json')).stdout) as { run: string }).run,
      );
    const { status, stdout } = await run('compare', '--json', ids[0] ?? '', ids[1] ?? '');
    const document = JSON.parse(stdout) as RunComparison;
    expect([status, document.verdict]).toEqual([3, 'unclear']);
    expect(document.a.throughput?.samples).toHaveLength(2);
  });

  it('says what can be compared', async () => {
    const { status, stderr } = await run('compare', 'NOTHING', 'RUN');
    expect(status).toBe(1);
    expect(stderr).toContain('[side-unknown]');
    expect(stderr).toContain('preset:…');
  });

  function experiments(): string[] {
    const folder = path.join(lab.folder, '.hakmem-lab/experiments');
    return existsSync(folder) ? readdirSync(folder).sort() : [];
  }

  function recordsOf(id: string): string {
    return path.join(lab.folder, '.hakmem-lab/experiments', id, 'records.jsonl');
  }

  /** Waits until the newest experiment has this many pairs. */
  async function pairsOnDisk(count: number): Promise<void> {
    const before = experiments().length;
    for (;;) {
      const newest = experiments().length > before || before > 0 ? experiments().at(-1) : undefined;
      const file = newest === undefined ? '' : recordsOf(newest);
      const running = newest !== undefined && !existsSync(path.join(path.dirname(file), 'result.json'));
      const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').length - 1 : 0;
      if (running && lines >= count) return;
      await delay(10);
    }
  }

  function start(...args: string[]): { process: ChildProcess; ended: Promise<{ stdout: string }> } {
    const child = spawn(process.execPath, [cli, ...args], {
      cwd: lab.folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let stdout = '';
    child.stdout.on('data', (data: Buffer) => (stdout += data.toString()));
    return { process: child, ended: new Promise((resolve) => child.on('close', () => resolve({ stdout }))) };
  }
});
