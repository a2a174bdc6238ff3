import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { defaultRecordOptions } from '../../../src/core/perf/options.js';
import { isUnoptimized } from '../../../src/core/programs/inspect.js';
import { recordingContext } from '../support/fixtures.js';

const source = `
#include <stdlib.h>
static volatile long sink;
__attribute__((noinline)) static void work(long n) { for (long i = 0; i < n; i++) sink += i; }
int main(int argc, char **argv) { for (long i = atol(argv[argc - 1]); i > 0; i--) work(1000); return 0; }`;

describe.skipIf(process.arch !== 'x64')('a program that was compiled', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-unoptimized-'));
  const compiled = (name: string, ...flags: string[]) => {
    const program = path.join(folder, name);
    execFileSync('cc', ['-g', '-fno-omit-frame-pointer', ...flags, 'p.c', '-o', program], { cwd: folder });
    return program;
  };
  beforeAll(() => {
    writeFileSync(path.join(folder, 'p.c'), source);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('without optimization is recognized, and its recording says so', async () => {
    const program = compiled('slow', '-O0');
    expect(await isUnoptimized(program)).toBe(true);
    const laboratory = new Laboratory(folderLab(folder));
    const target = { kind: 'program', program, args: ['300000'] } as const;
    const { profile } = await laboratory.record(target, defaultRecordOptions, recordingContext());
    expect(profile.notes[0]).toMatch(/^\S+slow was compiled without optimization: .* Compile with -O2\.$/);
  });

  it.each(['-Og', '-O1', '-O2', '-O3'])('with %s is not taken for one without', async (flag) => {
    expect(await isUnoptimized(compiled('fast', flag))).toBe(false);
  });
});
