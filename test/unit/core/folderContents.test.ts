import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isProfileName } from '../../../src/core/import/fileNames.js';
import { folderContents } from '../../../src/core/lab/folderContents.js';

describe('what is in a folder without a lab file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const look = () => folderContents(folder, isProfileName);
  const write = (...names: string[]) => {
    for (const name of names) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), '');
    }
  };

  it('is nothing while there are hidden files only', async () => {
    write('.gitignore', '.git/config', '.vscode/settings.json');
    expect(await look()).toEqual({ empty: true, native: false, found: [] });
    write('README');
    expect((await look()).empty).toBe(false);
  });

  it('is native code, also one folder further down, except what others wrote', async () => {
    write('node_modules/a.c', 'build/b.cpp', 'deep/deeper/c.c', 'a.py');
    expect((await look()).native).toBe(false);
    write('src/main.rs');
    expect((await look()).native).toBe(true);
  });

  it('is recordings, by names that nothing else has', async () => {
    write('perf.data', 'data.json', 'out/a.speedscope.json', 'out/callgrind.out.12', 'profile.txt');
    expect((await look()).found.sort()).toEqual([
      'out/a.speedscope.json',
      'out/callgrind.out.12',
      'perf.data',
    ]);
  });

  it('does not leave the folder', async () => {
    const outside = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-'));
    writeFileSync(path.join(outside, 'perf.data'), '');
    symlinkSync(outside, path.join(folder, 'link'));
    expect((await look()).found).toEqual([]);
    rmSync(outside, { recursive: true });
    expect(await folderContents(path.join(folder, 'absent'), isProfileName)).toEqual({
      empty: true,
      native: false,
      found: [],
    });
  });
});
