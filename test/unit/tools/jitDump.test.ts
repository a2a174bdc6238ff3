import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { functionCosts } from '../../../src/views/costs.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { bundleCli, runCli } from '../support/cli.js';
import { recordingContext, root } from '../support/fixtures.js';

/** The program has machine code of x86-64. */
describe.skipIf(process.arch !== 'x64')('code that a runtime generates where other code was before', () => {
  let folder: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-jit-')));
    const program = path.join(folder, 'jit');
    execFileSync('cc', ['-O1', '-o', program, path.join(root, 'test/fixtures/src/jit.c')]);
    for (const [file, ...clock] of [['mono.data', '-k', 'mono'], ['own.data']] as const)
      execFileSync(
        'perf',
        ['record', '-q', '-F', '997', '-e', 'cpu-clock:u', ...clock, '-o', file, program],
        {
          cwd: folder,
        },
      );
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function sharesIn(file: string) {
    const profile = ofEvent(await importProfile(path.join(folder, file), {}, recordingContext()));
    const { strings, functions } = profile;
    const { self, all } = functionCosts(profile);
    const shares = Array.from(self, (weight, f) => [
      `${strings[functions.name[f] as number]} ${functions.line[f]}`,
      weight / all,
    ]);
    return { shares: Object.fromEntries(shares) as Record<string, number>, notes: profile.notes.join('\n') };
  }

  it('is named by the function that was there at the time of the sample', async () => {
    const { shares, notes } = await sharesIn('mono.data');
    expect(shares['first 3']).toBeGreaterThan(0.65);
    expect(shares['first 3']).toBeLessThan(0.85);
    expect((shares['first 3'] ?? 0) + (shares['second 9'] ?? 0)).toBeGreaterThan(0.95);
    expect(notes).not.toMatch(/one after the other/);
  });

  it('is named so in a recording of ours', async () => {
    const cli = await bundleCli(folder);
    const { stdout } = await runCli(cli, folder, ['record', '--json', '--', './jit']);
    const { functions } = JSON.parse(stdout) as { functions: { name: string; selfPercent: number }[] };
    const share = (name: string) => functions.find((f) => f.name === name)?.selfPercent ?? 0;
    expect(share('first')).toBeGreaterThan(60);
    expect(share('second')).toBeGreaterThan(10);
  });

  it('is named by the last one where the times are of another clock, with a note', async () => {
    const { shares, notes } = await sharesIn('own.data');
    expect(shares['second 9']).toBeGreaterThan(0.95);
    expect(shares).not.toHaveProperty('first 3');
    expect(notes).toMatch(/belonged to several functions, one after the other.*perf record -k mono/);
  });
});
