import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { execute } from '../../../src/core/process/childProcess.js';
import { waitOn } from '../../../src/core/process/terminals.js';
import { lendTerminal, until } from '../support/lentTerminal.js';

describe('a terminal that is lent to a program', () => {
  let terminal: Awaited<ReturnType<typeof lendTerminal>>;

  beforeEach(async () => {
    terminal = await lendTerminal('It has ended.');
  });
  afterEach(() => terminal.close());

  const shows = (text: string) => until(() => terminal.shown().includes(text));
  /** Under another program that leads the session, as perf does. */
  const run = (script: string, signal?: AbortSignal) => {
    const { device } = terminal;
    return execute('sh', ['-c', 'sh -c "$0"; exit $?', script], { terminal: { device }, signal });
  };

  it('is its controlling terminal, on which it is seen to ask and reads what is typed', async () => {
    const running = run('test -t 0 && test -t 1 && printf "name? " >/dev/tty; read -r name; echo "is $name"');
    expect(await until(() => waitOn(terminal.device))).toBe('reading');
    await shows('name? ');
    terminal.type('me\n');
    expect((await running).exitCode).toBe(0);
    await shows('is me');
  });

  it('passes its keys to the program', async () => {
    const running = run('trap "echo interrupted; exit 3" INT; echo ready; while :; do sleep 0.05; done');
    await shows('ready');
    terminal.type('\u0003');
    await running;
    await shows('interrupted');
  });

  it('tells who computes from who waits for several things', async () => {
    const cancel = new AbortController();
    const computing = run('echo ready; while :; do :; done', cancel.signal);
    await shows('ready');
    expect(waitOn(terminal.device)).toBeUndefined();
    cancel.abort();
    await expect(computing).rejects.toThrow();

    const looking = run(`perl -e 'vec($r, 0, 1) = 1; select($r, undef, undef, undef); print "seen\\n"'`);
    expect(await until(() => waitOn(terminal.device))).toBe('looking');
    terminal.type('\n');
    await looking;
  });

  it('is forgotten when it is closed', async () => {
    terminal.close();
    await until(() => !existsSync(`/proc/${terminal.holder}`));
  });

  it('says that the program has ended, and is closed by a key', async () => {
    await run('true');
    process.kill(terminal.holder, 'SIGUSR1');
    await shows('It has ended.');
    terminal.type('x');
    expect(await terminal.closed).toBe(0);
  });
});
