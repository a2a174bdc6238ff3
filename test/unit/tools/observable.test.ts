import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli } from '../support/cli.js';

/** nobody */
const other = { uid: 65_534, gid: 65_534 };
const setcap = ['/usr/sbin/setcap', '/sbin/setcap'].find((file) => !spawnSync(file, ['-v']).error);

describe.runIf(process.getuid?.() === 0)('a program that gains rights, recorded by another user', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-observable-'));
  const at = (name: string) => path.join(folder, name);
  let cli: string;
  beforeAll(async () => {
    chmodSync(folder, 0o755);
    cli = await bundleCli(folder);
    mkdirSync(at('home'), { mode: 0o777 });
    chmodSync(at('home'), 0o777);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const put = (name: string, mode: number) => {
    copyFileSync('/bin/true', at(name));
    chmodSync(at(name), mode);
    return at(name);
  };
  const refused = (program: string) => {
    const options = {
      ...other,
      cwd: at('home'),
      env: { ...process.env, HOME: at('home') },
      encoding: 'utf8',
    } as const;
    return spawnSync(process.execPath, [cli, 'record', '--', program], options).stderr;
  };

  it.runIf(setcap)('has capabilities of its own', () => {
    const program = put('capable', 0o755);
    execFileSync(setcap as string, ['cap_net_raw+ep', program]);
    expect(refused(program)).toMatch(
      /has capabilities of its own: .*\[perf-not-permitted\]\n.*cap_net_raw=ep/,
    );
  });

  it('may be executed, but not read', () => {
    expect(refused(put('unreadable', 0o711))).toMatch(/can't be read: .*\[perf-not-permitted\]/);
  });

  it('is set-uid', () => {
    expect(refused(put('privileged', 0o4755))).toMatch(/is set-uid: .*\[perf-not-permitted\]/);
  });
});
