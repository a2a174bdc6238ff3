import { execFileSync, spawn } from 'node:child_process';
import fs, {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LabError } from '../../../src/core/labError.js';
import { writeOutput } from '../../../src/core/outputFile.js';
import { bundleCli } from '../support/cli.js';

describe('an output that the user names', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-output-'));
  const at = (name: string) => path.join(folder, name);
  const write = (name: string, text = 'new') => writeOutput(at(name), text, undefined);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('replaces a regular file, which keeps its mode, also through links', async () => {
    writeFileSync(at('regular'), 'old');
    chmodSync(at('regular'), 0o640);
    symlinkSync('regular', at('link'));
    await write('link');
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(at('regular'), 'utf8')).toBe('new');
    expect(statSync(at('regular')).mode & 0o777).toBe(0o640);
    symlinkSync('later', at('dangling'));
    await write('dangling');
    expect(readFileSync(at('later'), 'utf8')).toBe('new');
  });

  it('is written into a named pipe, which stays one', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const reader = spawn('cat', [at('pipe')]);
    let read = '';
    reader.stdout.on('data', (data) => (read += String(data)));
    const closed = new Promise((resolve) => reader.on('close', resolve));
    await write('pipe', 'x'.repeat(300_000));
    await closed;
    expect(read).toBe('x'.repeat(300_000));
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true);
  });

  it('waits for the reader of a named pipe no longer than wanted', async () => {
    execFileSync('mkfifo', [at('unread')]);
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const error = await writeOutput(at('unread'), 'x', controller.signal).catch((e: unknown) => e);
    expect((error as LabError).code).toBe('canceled');
  });

  it.runIf(process.getuid?.() === 0)('is written into a device, which stays one', async () => {
    execFileSync('mknod', [at('null'), 'c', '1', '3']);
    await write('null');
    expect(lstatSync(at('null')).isCharacterDevice()).toBe(true);
  });

  it('is written to its end, also where the disk takes only a part at a time', async () => {
    writeFileSync(at('parts'), 'old');
    chmodSync(at('parts'), 0o444);
    const write = fs.write.bind(fs) as (...args: unknown[]) => void;
    const short = (fd: number, data: Buffer | string, ...rest: unknown[]) =>
      typeof data === 'string' ? write(fd, data, ...rest) : write(fd, data, 0, 2, 0, rest.at(-1));
    const spy = vi.spyOn(fs, 'write').mockImplementation(short as never);
    try {
      await writeOutput(at('parts'), 'all of it', undefined);
    } finally {
      spy.mockRestore();
    }
    expect(readFileSync(at('parts'), 'utf8')).toBe('all of it');
    expect(statSync(at('parts')).mode & 0o777).toBe(0o444);
  });

  it('refuses a folder and a missing one by name', async () => {
    mkdirSync(at('folder'));
    for (const name of ['folder', 'missing/file']) {
      const error = (await write(name).catch((e: unknown) => e)) as LabError;
      expect(error.code).toBe('write-failed');
      expect(error.toText()).toContain(at(name));
    }
  });
});

describe('an export to a stream of the process', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-output-'));
  let cli: string;
  beforeAll(async () => {
    cli = await bundleCli(folder);
    writeFileSync(path.join(folder, 'a.folded'), 'main;work 3\n');
    execFileSync(process.execPath, [cli, 'import', '--save', 'a.folded'], { cwd: folder, stdio: 'ignore' });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const exported = (output: string) =>
    `'${process.execPath}' '${cli}' export latest --no-process --format folded -o ${output}`;

  it.each(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])('writes to a pipe as %s', (output) => {
    const out = execFileSync('sh', ['-c', `${exported(output)} | cat`], { cwd: folder, encoding: 'utf8' });
    expect(out).toBe('main;work 3\n');
  });

  it('appends to a file that the shell opened for that', () => {
    writeFileSync(path.join(folder, 'log'), 'before\n');
    execFileSync('sh', ['-c', `${exported('/dev/stdout')} >>log`], { cwd: folder });
    expect(readFileSync(path.join(folder, 'log'), 'utf8')).toBe('before\nmain;work 3\n');
  });

  it('reports a full disk in one line, and fails', () => {
    const full = openSync('/dev/full', 'w');
    const child = execFileSync('sh', ['-c', `'${process.execPath}' '${cli}' runs 2>&1 >&3; echo status $?`], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit', full],
    });
    expect(child).toMatch(/^hakmem-lab: .*ENOSPC.*\[write-failed\]\nstatus 1\n$/);
  });
});
