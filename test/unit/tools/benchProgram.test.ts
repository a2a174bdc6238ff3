import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { executeMeasured } from '../../../src/core/process/resourceUsage.js';
import { recordingContext } from '../support/fixtures.js';
import { withEnvironment } from '../support/tempLab.js';

const source = `
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <unistd.h>
int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "crash")) raise(SIGSEGV);
  if (argc > 1 && !strcmp(argv[1], "status")) return 3;
  if (argc > 1 && !strcmp(argv[1], "preloaded")) return getenv("LD_PRELOAD") ? 0 : 4;
  volatile long sink = 0;
  char *memory = malloc(64 << 20);
  memset(memory, 1, 64 << 20);
  for (long i = 0; i < 60000000; i++) sink += i;
  usleep(200000);
  return memory[5] - 1;
}`;

/** A program that prints nothing is measured by what the kernel counts for its process. */
describe('any program as a benchmark', () => {
  let folder: string;
  let program: string;
  beforeAll(() => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-bench-')));
    program = path.join(folder, 'program');
    writeFileSync(`${program}.c`, source);
    execFileSync('cc', ['-O1', '-o', program, `${program}.c`]);
    writeFileSync(path.join(folder, 'text'), '#!/absent/interpreter\n', { mode: 0o755 });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has times, peak memory, and page faults over repeats', async () => {
    const laboratory = new Laboratory(folderLab(folder));
    const command = { program: './program', args: [], environment: {}, cwd: folder };
    const run = await laboratory.benchProgram(command, { repeats: 3 }, recordingContext());
    const [result] = run.results;
    expect(result?.operation).toBe('execution');
    expect(result?.process?.wallSeconds.samples).toHaveLength(3);
    const { wallSeconds, userSeconds, systemSeconds, pageFaults } = result?.process ?? {};
    expect(wallSeconds?.median).toBeGreaterThan(0.2);
    expect(userSeconds?.median).toBeGreaterThan(0.01);
    // It sleeps: its processor time is shorter than the wall time by about that.
    expect((userSeconds?.median ?? 0) + (systemSeconds?.median ?? 0)).toBeLessThan(
      (wallSeconds?.median ?? 0) - 0.15,
    );
    expect(result?.opsPerSec.samples[0]).toBeCloseTo(1 / (wallSeconds?.samples[0] ?? 0), 9);
    expect(result?.peakRssBytes).toBeGreaterThan(64 * 2 ** 20);
    expect(result?.peakRssBytes).toBeLessThan(80 * 2 ** 20);
    expect(pageFaults?.median).toBeGreaterThan(20);
    expect(await laboratory.store.load(run.id)).toEqual(run);
  });

  it('that crashes or fails is named as it was started', async () => {
    const crash = await executeMeasured(program, ['crash']);
    expect(crash).toMatchObject({ exitCode: undefined, killedBy: 'SIGSEGV', command: `${program} crash` });
    expect(await executeMeasured(program, ['status'])).toMatchObject({ exitCode: 3, killedBy: undefined });
    await expect(executeMeasured(path.join(folder, 'text'), [])).rejects.toThrow(/could not be started/);
  });

  it('has its environment, and the launcher does not', async () => {
    const env = { LD_PRELOAD: '/absent/library.so' };
    const { exitCode, stderr } = await executeMeasured(program, ['preloaded'], { env });
    expect(exitCode).toBe(0);
    // The dynamic linker complains once for each program that it loads with it.
    expect(stderr.match(/cannot be preloaded/g)).toHaveLength(1);
  });

  it('has a wall time even where nothing can count the rest', async () => {
    await withEnvironment({ PATH: folder }, async () => {
      const { usage, wallSeconds } = await executeMeasured(program, []);
      expect(usage).toBeUndefined();
      expect(wallSeconds).toBeGreaterThan(0.2);
    });
  });
});
