import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleCli, outcome } from '../support/cli.js';

/** Whether file systems can be mounted where nobody else sees them. */
const canMount = (() => {
  try {
    execFileSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.runIf(canMount)('a disk that cannot be written', () => {
  const top = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-writable-'));
  const disk = path.join(top, 'disk');
  const state = path.join(top, 'state');
  let cli: string;

  beforeAll(async () => {
    mkdirSync(disk);
    writeFileSync(path.join(top, 'a.folded'), 'main;work 3\n');
    cli = await bundleCli(top);
  });
  beforeEach(() => rmSync(state, { recursive: true, force: true }));
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  /** Runs a script in the folder of a disk of its own; `lab` is the command line. */
  const onDisk = (size: string, script: string, stateFolder = state) =>
    outcome(
      'unshare',
      [
        ...['-rm', 'sh', '-c'],
        `mount -t tmpfs -o size=${size} tmpfs '${disk}' && cd '${disk}' || exit 99
         lab() { '${process.execPath}' '${cli}' "$@"; }
         ${script}`,
      ],
      { cwd: top, env: { ...process.env, XDG_STATE_HOME: stateFolder } },
    );
  const savedElsewhere = () => {
    const [one = ''] = existsSync(state) ? readdirSync(path.join(state, 'hakmem-lab')) : [];
    return one === '' ? [] : readdirSync(path.join(state, 'hakmem-lab', one, '.hakmem-lab/runs'));
  };

  it('keeps runs in the state folder, says so, and lists them', async () => {
    const { status, stdout, stderr } = await onDisk(
      '1m',
      `mount -o remount,ro tmpfs '${disk}'
       lab import --save ../a.folded && lab bench --runs 1 -- /bin/true && lab runs`,
    );
    expect(stderr).toContain(`Saved in ${state}/hakmem-lab/disk-`);
    expect(status).toBe(0);
    expect(savedElsewhere()).toHaveLength(2);
    for (const run of savedElsewhere()) expect(stdout.toString()).toContain(run);
  });

  it('that became read-only shows its runs with those that came after', async () => {
    const { stdout, stderr } = await onDisk(
      '1m',
      `lab import --save ../a.folded >&2 && mount -o remount,ro tmpfs '${disk}'
       lab import --save ../a.folded >&2; lab runs`,
    );
    expect(stdout.toString().match(/^\d\S+-a\.folded /gm)).toHaveLength(2);
    expect(stderr).toContain('Saved in');
    expect(savedElsewhere()).toHaveLength(1);
  });

  it('prints the result that it has no room for, and leaves nothing half', async () => {
    // One more page is free each time, so that each of the writes is the first that fails.
    const { stdout, stderr } = await onDisk(
      '64k',
      `for free in 0 4096 8192 12288 16384 20480 24576 28672; do
         rm -rf .hakmem-lab state fill
         dd if=/dev/zero of=fill bs=4096 count=64 2>/dev/null
         truncate -s "-$free" fill
         echo "== $free"
         lab import --save ../a.folded; echo "status $?"
         find .hakmem-lab state -type f ! -name .gitignore 2>/dev/null; rm fill; lab runs
       done`,
      path.join(disk, 'state'),
    );
    const attempts = stdout.toString().split('== ').slice(1);
    expect(attempts).toHaveLength(8);
    for (const attempt of attempts) {
      expect(attempt).toMatch(/^work +100%/m);
      const saved = attempt.includes('status 0');
      expect(attempt.match(/\.hakmem-lab\/.+/g) ?? []).toHaveLength(saved ? 2 : 0);
      expect(/^\d\S+-a\.folded +profile /m.test(attempt)).toBe(saved);
    }
    expect(attempts[0]).toContain('status 1');
    expect(attempts.at(-1)).toContain('status 0');
    expect(stderr).toMatch(/The result couldn't be saved\..*\[write-failed\]\n {2}ENOSPC/);
  });

  it('is named when a recording fills it', async () => {
    const { status, stderr } = await onDisk(
      '100k',
      `lab record -- sh -c 'i=0; while [ $i -lt 2000000 ]; do i=$((i+1)); done' >&2; lost=$?
       find .hakmem-lab -type f ! -name .gitignore >&2; exit $lost`,
    );
    expect(stderr).toContain("The disk is full: perf couldn't write the recording. [write-failed]");
    expect(stderr).not.toContain('perf.data');
    expect(status).toBe(1);
  });
});

describe('a current folder that was deleted', () => {
  const top = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-gone-'));
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  it('does not matter to whole paths', async () => {
    const cli = await bundleCli(top);
    writeFileSync(path.join(top, 'a.folded'), 'main;work 3\n');
    const script = `mkdir gone && cd gone && rmdir ../gone
      lab() { '${process.execPath}' '${cli}' "$@"; }
      lab import '${top}/a.folded' && lab convert '${top}/a.folded' '${top}/out.json' || exit 1
      lab record -- ./program; lab record -o '${top}/report' -- /bin/sh -c 'i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done'`;
    const env = { ...process.env, XDG_STATE_HOME: path.join(top, 'state') };
    const { status, stdout, stderr } = await outcome('sh', ['-c', script], { cwd: top, env });
    expect(stdout.toString()).toMatch(/^work +100%/m);
    expect(existsSync(path.join(top, 'out.json'))).toBe(true);
    expect(stderr).toContain("The current folder doesn't exist anymore. [read-failed]");
    expect(stderr).not.toContain('uv_cwd');
    expect(status).toBe(0);
    expect(existsSync(path.join(top, 'report'))).toBe(true);
  });
});
