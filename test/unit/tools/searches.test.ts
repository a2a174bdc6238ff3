import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BisectResult } from '../../../src/core/experiments/bisect.js';
import { savedComparisons, savedMatrices } from '../../../src/core/experiments/savedExperiments.js';
import type { MatrixResult } from '../../../src/core/experiments/matrixResult.js';
import { bundleCli, runCli } from '../support/cli.js';
import { TempLab } from '../support/tempLab.js';

const speed = (expression: string) =>
  `#!/bin/sh\nprintf '{"ops_per_sec":%s,"seconds":1,"threads":1,"iterations":1000,"peak_rss_bytes":1}\\n' "$((${expression}))"\n`;

describe('searches', () => {
  let lab: TempLab;
  let cli: string;

  const program = (expression: string) => {
    lab.write('speed', speed(expression));
    chmodSync(path.join(lab.folder, 'speed'), 0o755);
  };

  beforeAll(async () => {
    lab = new TempLab();
    cli = await bundleCli(lab.folder);
    program('1000 + 100 * FAST - 50 * FAST * ALSO');
    lab.write(
      'describe.sh',
      'echo "{\\"effectiveOptions\\":[{\\"name\\":\\"DEAD\\",\\"value\\":\\"$DEAD\\",\\"effect\\":\\"none: nobody reads it\\"}]}"\n',
    );
    lab.write(
      'hakmem-lab.json',
      JSON.stringify({
        formatVersion: 1,
        name: 'Searches',
        describe: { program: 'sh', args: ['describe.sh'] },
        presets: [{ name: 'SPEED', program: './speed', environment: { FAST: '0', ALSO: '0' } }],
        matrix: [
          {
            name: 'all',
            preset: 'SPEED',
            options: ['FAST', 'ALSO', 'DEAD'].map((name) => ({ name, values: ['0', '1'] })),
          },
        ],
      }),
    );
  });
  afterAll(() => lab.dispose());

  const matrix = async (...args: string[]): Promise<MatrixResult> => {
    const { stdout, stderr } = await runCli(cli, lab.folder, ['matrix', '--json', ...args]);
    expect(stdout, stderr).not.toBe('');
    return JSON.parse(stdout) as MatrixResult;
  };

  it('a matrix finds effects, interactions, the best cell, and options that do nothing', async () => {
    const begun = await matrix('--blocks', '3');
    expect(begun.blocks).toBe(3);
    expect(begun.effects.some(({ shown }) => shown)).toBe(false);
    const result = await matrix('--resume', '--blocks', '12');
    expect([result.experiment, result.blocks]).toEqual([begun.experiment, 12]);
    const effect = (name: string) => result.effects.find((one) => one.name === name);
    expect(effect('FAST=1')).toMatchObject({ shown: true });
    expect(effect('FAST=1')?.ratio).toBeCloseTo(Math.sqrt(1.1 * 1.05), 6);
    expect(effect('FAST × ALSO')).toMatchObject({ shown: true });
    expect(effect('DEAD=1')).toMatchObject({ ratio: 1, shown: false });
    expect(result.dead).toEqual([
      { name: 'DEAD', cells: 8, reason: 'nobody reads it', measured: true, instructionsDiffer: null },
    ]);
    // The benchmark of this lab has no number of iterations to count by.
    expect(result.notes.join()).toMatch(/Instructions were not counted/);
    const best = result.cells[result.ranking[0] ?? 0];
    expect(best?.slice(0, 2)).toEqual([1, 0]);
    // The two cells that differ only in what does nothing.
    expect(result.best).toBe('equivalent');
  }, 60_000);

  it('leaves out what says that it is an experiment and is none', async () => {
    const { store } = await lab.open();
    expect(await savedMatrices(store)).toHaveLength(1);
    for (const [name, result] of [
      ['half-comparison', { kind: 'comparison', formatVersion: 1, a: {} }],
      ['other-matrix', { kind: 'matrix', formatVersion: 1, name: 7 }],
    ] as const) {
      const folder = path.join(lab.folder, '.hakmem-lab/experiments', name);
      mkdirSync(folder);
      writeFileSync(path.join(folder, 'result.json'), JSON.stringify(result));
    }
    expect(await savedComparisons(store)).toEqual([]);
    expect(await savedMatrices(store)).toHaveLength(1);
  });

  it('bisect names the commit that made a preset slower, and leaves the repository alone', async () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-C', lab.folder, '-c', 'user.name=A', '-c', 'user.email=a@b', ...args], {
        encoding: 'utf8',
      }).trim();
    git('init', '-q');
    for (let i = 0; i < 6; i++) {
      program(`${i < 4 ? 1000 : 900} + ${i % 2}`);
      git('add', 'speed', 'hakmem-lab.json');
      git('commit', '-qm', `change ${i}`);
    }
    const before = git('status', '--porcelain');
    const { status, stdout, stderr } = await runCli(cli, lab.folder, [
      'bisect',
      'SPEED',
      'HEAD~5',
      'HEAD',
      '--json',
    ]);
    expect(status, stderr).toBe(0);
    const result = JSON.parse(stdout) as BisectResult;
    expect(result).toMatchObject({
      verdict: 'found',
      subject: 'change 4',
      commit: git('rev-parse', 'HEAD~1'),
    });
    expect(git('status', '--porcelain')).toBe(before);
    expect(git('worktree', 'list').split('\n')).toHaveLength(1);
    const backward = await runCli(cli, lab.folder, ['bisect', 'SPEED', 'HEAD', 'HEAD~5']);
    expect(backward.stderr).toContain('[git-failed]');
  }, 120_000);
});
