import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GateResult } from '../../../src/core/experiments/gate.js';
import { bundleCli, runCli } from '../support/cli.js';
import { TempLab } from '../support/tempLab.js';

describe('gate', () => {
  let lab: TempLab;
  let cli: string;

  beforeAll(async () => {
    lab = new TempLab();
    cli = await bundleCli(lab.folder);
    lab.write(
      'speed',
      `#!/bin/sh\nprintf '{"ops_per_sec":%s,"seconds":1,"threads":1,"iterations":100,"peak_rss_bytes":1}\\n' "$1"\n`,
    );
    chmodSync(path.join(lab.folder, 'speed'), 0o755);
    const preset = (name: string, speed: number) => ({ name, program: './speed', args: [String(speed)] });
    lab.write(
      'gate-lab.json',
      JSON.stringify({
        formatVersion: 1,
        name: 'Gate',
        presets: [preset('BASE', 100), preset('SAME', 100), preset('WORSE', 80), preset('BETTER', 120)],
      }),
    );
  });
  afterAll(() => lab.dispose());

  const gate = async (presets: readonly string[], ...args: string[]) => {
    const checks = presets.map((preset) => ({
      name: `${preset} | base`,
      preset,
      against: { preset: 'BASE' },
    }));
    const history = [{ name: 'Then', preset: 'BASE', opsPerSec: 1e6, source: 'elsewhere' }];
    lab.write('hakmem-lab-gate.json', JSON.stringify({ formatVersion: 1, checks, history }));
    return runCli(cli, lab.folder, ['gate', '--lab', 'gate-lab.json', ...args]);
  };

  it.each([
    [['SAME', 'BETTER'], 0, 'faster'],
    [['SAME', 'WORSE', 'BETTER'], 1, 'slower'],
  ] as const)('of %j ends with status %i', async (presets, expected, verdict) => {
    const { status, stdout } = await gate(presets, '--json');
    const result = JSON.parse(stdout) as GateResult;
    expect([status, result.verdict]).toEqual([expected, verdict]);
    expect(result.checks.map(({ preset }) => preset)).toEqual(presets);
  });

  it('writes what pull requests and dashboards read', async () => {
    const markdown = await gate(['WORSE'], '--format', 'markdown', '-o', path.join(lab.folder, 'gate.md'));
    expect(markdown.status).toBe(1);
    const text = readFileSync(path.join(lab.folder, 'gate.md'), 'utf8');
    expect(text).toContain('Slower than the baseline');
    expect(text).toContain('−20.0%');
    // A bar in a name doesn't end the cell.
    expect(text).toContain('WORSE \\| base');
    expect(text).toContain('not comparable');

    const action = JSON.parse(
      (await gate(['BETTER'], '--format', 'github-action-benchmark')).stdout,
    ) as object[];
    expect(action).toEqual([expect.objectContaining({ name: 'BETTER | base', unit: 'ops/s', value: 120 })]);
    const bencher = JSON.parse((await gate(['BETTER'], '--format', 'bencher')).stdout) as Record<
      string,
      object
    >;
    expect(bencher['BETTER | base']).toMatchObject({ throughput: { value: 120 } });
  });

  it('says where its file is wrong', async () => {
    lab.write(
      'broken.json',
      JSON.stringify({ formatVersion: 1, checks: [{ name: 'A', preset: 'B', against: {} }] }),
    );
    const { status, stderr } = await runCli(cli, lab.folder, [
      'gate',
      '--lab',
      'gate-lab.json',
      '--baseline',
      path.join(lab.folder, 'broken.json'),
    ]);
    expect(status).toBe(1);
    expect(stderr).toContain('[baselines-invalid]');
    expect(stderr).toContain('checks[0].against');
  });
});
