import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { recordingContext } from '../support/fixtures.js';

/** Tells where its environment arrived, and works for a while in the shell itself. */
const script = 'echo "$PATH $PERF_CONFIG" >"$0"; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done';

describe('the environment of a program', () => {
  let folder: string;
  beforeAll(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-environment-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['record', 'countProgram'] as const)('reaches it, and not what measures it: %s', async (how) => {
    const told = path.join(folder, how);
    const target = {
      kind: 'program' as const,
      program: '/bin/sh',
      args: ['-c', script, told],
      // perf refuses a configuration that is a folder, and nothing is found on this PATH.
      environment: { PATH: '/nowhere', PERF_CONFIG: '/' },
    };
    const laboratory = new Laboratory(folderLab(folder));
    const context = recordingContext();
    const { profile } =
      how === 'record'
        ? await laboratory.record(target, { callGraph: 'fp', events: [], scope: 'user' }, context)
        : await laboratory.countProgram(target, context);
    expect(profile.samples.length).toBeGreaterThan(0);
    expect(readFileSync(told, 'utf8')).toBe('/nowhere /\n');
  });
});
