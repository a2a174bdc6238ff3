import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { runDoctor } from '../../../src/core/doctor/doctor.js';
import { ask, execute } from '../../../src/core/process/childProcess.js';
import { withEnvironment } from '../support/tempLab.js';
import { failure } from '../support/refusal.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-child-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const sh = (script: string, options: Parameters<typeof execute>[2] = {}) =>
  execute('sh', ['-c', script], { cwd: folder, ...options });
const pidIn = async (file: string): Promise<number> => {
  for (;;) {
    const pid = Number.parseInt(
      await import('node:fs/promises').then((fs) =>
        fs.readFile(path.join(folder, file), 'utf8').catch(() => ''),
      ),
    );
    if (pid > 0) return pid;
    await delay(10);
  }
};
/** Whether it still runs: one that ended and that nobody waited for doesn't. */
const runs = (pid: number) => {
  try {
    return !/\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

describe('a child process', () => {
  it('has ended when it has, though a daemon holds its output', async () => {
    const { stdout, exitCode } = await sh(
      'setsid sh -c "echo \\$\\$ >daemon; exec sleep 600" & while [ ! -s daemon ]; do :; done; echo done; exit 4',
    );
    const daemon = await pidIn('daemon');
    expect({ stdout, exitCode }).toEqual({ stdout: 'done\n', exitCode: 4 });
    if (runs(daemon)) process.kill(daemon, 'SIGKILL');
  });

  it('prints any amount in bounded memory, of which the beginning and the end are kept', async () => {
    const before = process.memoryUsage().rss;
    const logged: string[] = [];
    const { stdout, stderr } = await sh(
      'echo first; head -c 120000000 /dev/zero | tr "\\0" "a"; echo; echo last; yes x | head -c 20000000 >&2',
      { onLine: (line) => logged.push(line) },
    );
    expect(stdout).toMatch(/^first\na/);
    expect(stdout).toMatch(/a\nlast\n$/);
    expect(stdout).toMatch(/\n\[9\d\.\d MiB left out\]\n/);
    expect(stdout.length + stderr.length).toBeLessThan(40 * 2 ** 20);
    expect(logged.length).toBeLessThan(600_000);
    expect(logged.join('\n')).toMatch(/the rest isn't shown/);
    expect(process.memoryUsage().rss - before).toBeLessThan(400 * 2 ** 20);
  }, 120_000);

  it('is canceled during endless output', async () => {
    const controller = new AbortController();
    const running = failure(sh('yes', { signal: controller.signal, onLine: () => undefined }));
    await delay(300);
    controller.abort();
    expect((await running).code).toBe('canceled');
  });

  it('ends with all that it started, also those that ignore a polite request', async () => {
    const controller = new AbortController();
    const running = failure(
      sh(
        'trap "" TERM; sh -c "trap \\"\\" TERM; echo \\$\\$ >stubborn; while :; do sleep 1; done" & wait; wait',
        {
          signal: controller.signal,
        },
      ),
    );
    const pid = await pidIn('stubborn');
    controller.abort();
    expect((await running).code).toBe('canceled');
    await expect.poll(() => runs(pid)).toBe(false);
  });

  it('ends with its children that made a session of their own', async () => {
    const controller = new AbortController();
    const running = failure(
      sh('setsid -w sh -c "echo \\$\\$ >apart; exec sleep 600"', { signal: controller.signal }),
    );
    const pid = await pidIn('apart');
    controller.abort();
    expect((await running).code).toBe('canceled');
    await expect.poll(() => runs(pid)).toBe(false);
  });

  it('ends with what has a session of its own and no parent anymore', async () => {
    const controller = new AbortController();
    const running = failure(
      sh('(setsid sh -c "echo \\$\\$ >orphan; exec sleep 600" &) ; sleep 600', { signal: controller.signal }),
    );
    const pid = await pidIn('orphan');
    await expect.poll(() => readFileSync(`/proc/${pid}/stat`, 'utf8')).toMatch(/\) \w 1 /);
    controller.abort();
    expect((await running).code).toBe('canceled');
    await expect.poll(() => runs(pid)).toBe(false);
  });

  it('ends with children of their own sessions that it goes on starting until then', async () => {
    const source = path.join(folder, 'starts.c');
    writeFileSync(
      source,
      `#include <unistd.h>
       int main(int argc, char **argv) {
         for (int i = 0; i < 4000; i++) {
           if (fork() == 0) { setsid(); sleep(600); _exit(0); }
           usleep(200);
         }
         sleep(600);
       }`,
    );
    const program = path.join(folder, 'starts');
    execFileSync('cc', ['-O1', '-o', program, source]);
    const left = () =>
      readdirSync('/proc').filter((pid) => {
        try {
          return readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(program);
        } catch {
          return false;
        }
      });
    const controller = new AbortController();
    const running = failure(execute(program, [], { cwd: folder, signal: controller.signal }));
    while (left().length < 20) await delay(10);
    controller.abort();
    expect((await running).code).toBe('canceled');
    const found = left();
    for (const pid of found) process.kill(Number(pid), 'SIGKILL');
    expect(found).toEqual([]);
  });

  it('does not hear the hangup of a terminal that it shares', async () => {
    const script = 'kill -HUP $$; echo alive >hangup';
    const { exitCode } = await sh(script, { terminal: { stdout: 'stderr' } });
    expect(exitCode).toBe(0);
    expect(readFileSync(path.join(folder, 'hangup'), 'utf8')).toBe('alive\n');
    // One that leads a session of its own has no terminal, and is ended like any other.
    expect((await sh(script)).killedBy).toBe('SIGHUP');
  });

  it('may have a time limit', async () => {
    const error = await failure(execute('sleep', ['600'], { limitSeconds: 0.2 }));
    expect(error.code).toBe('timed-out');
    expect(error.toText()).toMatch(/sleep didn't answer[^]*\$ sleep 600/);
  });
});

describe('tools that hang', () => {
  const bin = path.join(folder, 'bin');
  const hanging = (...names: string[]) => {
    execFileSync('mkdir', ['-p', bin]);
    for (const name of names) {
      writeFileSync(path.join(bin, name), '#!/bin/sh\nexec sleep 600\n');
      chmodSync(path.join(bin, name), 0o755);
    }
    return { PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  };

  it.each(['cc', 'lscpu', 'perf', 'ldconfig', 'valgrind'])(
    'do not keep the doctor from ending: %s',
    async (tool) => {
      const controller = new AbortController();
      const report = withEnvironment(hanging(tool), () => failure(runDoctor({ signal: controller.signal })));
      await delay(100);
      setTimeout(() => controller.abort(), 4_000);
      expect((await report).code).toBe('canceled');
      rmSync(path.join(bin, tool));
    },
  );

  it('answer nothing, and a cancel ends the wait', async () => {
    await withEnvironment(hanging('lscpu'), async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 200);
      expect((await failure(ask('lscpu', [], { signal: controller.signal }))).code).toBe('canceled');
    });
  });
});
