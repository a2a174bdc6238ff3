import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleCli, outcome } from '../support/cli.js';

/** `work SECONDS [ask|leave|bytes|stderr]`: works for so much processor time, however busy the machine is; its status is 5. */
const source = `
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static volatile unsigned long sink;
static double now(void) { struct timespec t; clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); return t.tv_sec + t.tv_nsec / 1e9; }
int main(int argc, char **argv) {
  const char *mode = argc > 2 ? argv[2] : "";
  double end = now() + atof(argv[1]);
  if (!strcmp(mode, "ask")) {
    char line[64] = "", *all = getenv("LC_ALL");
    printf("terminal %d%d%d, LC_ALL %s, name? ", isatty(0), isatty(1), isatty(2), all ? all : "unset");
    fflush(stdout);
    if (!fgets(line, sizeof line, stdin)) return 1;
    printf("read %s", line);
  }
  if (!strcmp(mode, "leave") && fork() == 0) {
    setsid();
    FILE *file = fopen("left", "w");
    fprintf(file, "%d", getpid());
    fclose(file);
    sleep(600);
    _exit(0);
  }
  if (!strcmp(mode, "bytes")) for (int i = 0; i < 256 * 40; i++) putchar(i & 255);
  if (!strcmp(mode, "stderr")) fprintf(stderr, "of the program\\n");
  while (now() < end) for (int i = 0; i < 100000; i++) sink += i;
  if (!strcmp(mode, "abort")) abort();
  return 5;
}`;

describe('recording a program like a shell runs it', () => {
  const top = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-manners-')));
  const work = path.join(top, 'work');
  let cli: string;
  let cwd: string;

  beforeAll(async () => {
    writeFileSync(`${work}.c`, source);
    execFileSync('cc', ['-O1', '-g', '-o', work, `${work}.c`]);
    cli = await bundleCli(top);
  });
  beforeEach(() => (cwd = mkdtempSync(path.join(top, 'folder-'))));
  afterAll(() => rmSync(top, { recursive: true, force: true }));

  const lab = (...args: string[]) => outcome(process.execPath, [cli, ...args], { cwd });
  const record = (...args: string[]) => lab('record', ...args);
  const kept = () => readdirSync(path.join(cwd, '.hakmem-lab')).sort();
  const runs = () => readdirSync(path.join(cwd, '.hakmem-lab/runs'));

  it('leaves its output as it is, and reports beside it', async () => {
    const expected = execFileSync('sh', ['-c', `${work} 0.1 bytes; true`]);
    const { stdout, stderr } = await record('--', work, '0.2', 'bytes');
    const digest = (data: Buffer) => createHash('sha256').update(data).digest('hex');
    expect(digest(stdout)).toBe(digest(expected));
    expect(stderr).toMatch(/^Run .*-work$[^]*samples of/m);
  });

  it('writes the report to a file on request, and then nothing else anywhere', async () => {
    const { stdout, stderr } = await record('-o', 'report.txt', '--', work, '0.2', 'stderr');
    expect(stdout).toHaveLength(0);
    expect(stderr).toBe('of the program\n');
    expect(readFileSync(path.join(cwd, 'report.txt'), 'utf8')).toMatch(/samples of[^]*main/);
  });

  it('keeps a JSON document on stdout free of the output of the program', async () => {
    const { stdout, stderr } = await record('--json', '--', work, '0.2', 'bytes');
    const document = JSON.parse(stdout.toString()) as { ended: object; notes: string[] };
    expect(document.ended).toEqual({ exitStatus: 5, signal: null });
    expect(document.notes.join()).toMatch(/exited with status 5/);
    expect(stderr).toContain('ABCDEFGHIJKLMNOPQRSTUVWXYZ');
  });

  it('ends with the status of the program on request', async () => {
    expect((await record('--', work, '0.1')).status).toBe(0);
    expect((await record('--exit-status', '--', work, '0.1')).status).toBe(5);
    const killed = await record('--exit-status', '--json', '--', work, '0.1', 'abort');
    expect(killed.status).toBe(128 + os.constants.signals.SIGABRT);
  });

  it('gives it the terminal, in its own locale', async () => {
    const env = { ...process.env };
    delete env['LC_ALL'];
    const command = `'${process.execPath}' '${cli}' record -- '${work}' 0.2 ask`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, env });
    let shown = '';
    const asked = new Promise<void>((resolve) => {
      child.stdout.on('data', (data) => {
        shown += String(data);
        // Nothing is typed before the question is there: a question without a line's end is shown at once.
        if (shown.includes('name? ')) resolve();
      });
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    await asked;
    child.stdin.write('Ada\n');
    await closed;
    expect(shown).toContain('terminal 111, LC_ALL unset, name? ');
    expect(shown).toContain('read Ada');
    expect(shown).toMatch(/Run .*-work/);
  });

  it('ends when the program ends, though it left a process with its output', async () => {
    const { stderr } = await record('--', work, '0.2', 'leave');
    const left = Number(readFileSync(path.join(cwd, 'left'), 'utf8'));
    expect(process.kill(left, 0)).toBe(true);
    process.kill(left, 'SIGKILL');
    expect(stderr).toMatch(/samples of/);
  });

  it('keeps the recording when nobody reads its messages anymore, and leaves nothing else', async () => {
    const record = `'${process.execPath}' '${cli}' record -- '${work}' 0.5 stderr 2>&1 >/dev/null`;
    execFileSync('sh', ['-c', `(${record}; echo $? >status) | true`], { cwd });
    while (!existsSync(path.join(cwd, 'status'))) await delay(20);
    expect(readFileSync(path.join(cwd, 'status'), 'utf8')).toBe('0\n');
    expect(runs()).toHaveLength(1);
    expect(kept()).toEqual(['.gitignore', 'runs']);
  });

  // A shell that waits for it sends the hangup to it and perf alike; else it alone gets it.
  it.each([
    ['as the leader of its session', ''],
    ['below a shell', '; true'],
  ])('keeps the recording when its terminal is closed, %s, and leaves nothing else', async (_, after) => {
    const command = `'${process.execPath}' '${cli}' record -- '${work}' 600${after}`;
    const child = spawn('script', ['-qec', command, '/dev/null'], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
    const running = () => processesNaming(`${work} 600`);
    // The shell, script, this product, perf, and the program name it.
    while (!running().some((pid) => commandOf(pid) === work)) await delay(20);
    await delay(500);
    child.kill('SIGKILL');
    while (running().length > 0) await delay(20);
    expect(runs()).toHaveLength(1);
    expect(kept()).toEqual(['.gitignore', 'runs']);
    expect((await lab('show', runs()[0] as string)).stdout.toString()).toMatch(/main/);
  });

  it.each([
    ['with pipes', ['pipe', 'pipe', 'pipe'] as const],
    ['without output', ['ignore', 'ignore', 'ignore'] as const],
  ])('leaves neither perf nor the program when it is killed, %s', async (_, stdio) => {
    const child = spawn(process.execPath, [cli, 'record', '--', work, '601'], { cwd, stdio: [...stdio] });
    while (!processesNaming(`${work} 601`).some((pid) => commandOf(pid) === work)) await delay(20);
    child.kill('SIGKILL');
    while (processesNaming(`${work} 601`).length > 0) await delay(20);
    expect(runs()).toEqual([]);
  });
});

/** Their IDs. */
function processesNaming(text: string): string[] {
  try {
    return execFileSync('pgrep', ['-f', text], { encoding: 'utf8' }).trim().split('\n');
  } catch {
    return [];
  }
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[0] ?? '';
  } catch {
    return '';
  }
}
