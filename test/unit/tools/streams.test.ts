import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  createWriteStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importProfile } from '../../../src/core/import/importProfile.js';
import type { ProfileDocument } from '../../../src/model/profileDocument.js';
import { fixture, recordingContext, root } from '../support/fixtures.js';
import { roundedShares } from '../support/shares.js';
import { bundleCli } from '../support/bundleCli.mjs';

let folder: string;
/** Where copies are made. */
let copies: string;
let cli: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-streams-'));
  copies = mkdtempSync(path.join(folder, 'copies-'));
  cli = await bundleCli(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const fixtureFile = (name: string) => path.join(root, 'test/fixtures', name);

function pipe(name: string): string {
  const file = path.join(folder, name);
  execFileSync('mkfifo', [file]);
  return file;
}

function start(args: string, env: Record<string, string> = {}): ChildProcess {
  const command = args.replaceAll('LAB', `'${process.execPath}' '${cli}'`);
  return spawn('bash', ['-c', command], { cwd: folder, env: { ...process.env, TMPDIR: copies, ...env } });
}

async function ended(
  child: ChildProcess,
): Promise<{ status: number | null; stdout: string; stderr: string }> {
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (data: Buffer) => (text[name] += data.toString()));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { status, ...text };
}

describe('importing from a named pipe', () => {
  it.each([
    'calls.script.txt',
    'calls.folded',
    'calls.callgrind.no',
    'variants.report.txt',
    'calls.perf.data',
    'kinds.pipe.perf.data',
  ])('gives what the file gives, packed or not: %s', async (name) => {
    const context = recordingContext();
    const expected = roundedShares(await importProfile(fixtureFile(name), {}, context));
    for (const packed of [false, true]) {
      const fifo = pipe(`${name}-${packed}`);
      const reading = importProfile(fifo, {}, context);
      createWriteStream(fifo).end(packed ? gzipSync(fixture(name)) : fixture(name));
      expect(roundedShares(await reading)).toEqual(expected);
    }
  });

  it('says what it was, without a command that would need it again', async () => {
    const fifo = pipe('packed');
    const reading = importProfile(fifo, {}, recordingContext());
    createWriteStream(fifo).end(Buffer.from('BZh9'));
    const error = await reading.catch((e: unknown) => e);
    expect(error).toMatchObject({
      code: 'format-unsupported',
      remedy: { text: expect.stringMatching(/Decompress/) as string },
    });
    expect(error).not.toHaveProperty('remedy.command');
    await expect(importProfile('/dev/null', {}, recordingContext())).rejects.toThrow(/null is empty/);
  });

  it('is canceled while nobody writes', async () => {
    const controller = new AbortController();
    const reading = importProfile(pipe('silent'), {}, recordingContext(controller.signal));
    await delay(100);
    controller.abort();
    await expect(reading).rejects.toMatchObject({ code: 'canceled' });
  });
});

describe('importing from standard input', () => {
  const self = (json: string) =>
    Object.fromEntries((JSON.parse(json) as ProfileDocument).functions.map((f) => [f.name, f.selfPercent]));

  it.each([
    ['a pipe', 'cat FILE | LAB import - --json'],
    ['a redirected file', 'LAB import - --json < FILE'],
    ['its name in /dev, behind a pipe', 'cat FILE | LAB import /dev/stdin --json'],
    ['its name in /dev, of a file', 'LAB import /dev/stdin --json < FILE'],
    ['process substitution', 'LAB import <(cat FILE) --json'],
  ])('%s', async (_, command) => {
    for (const name of ['calls.folded', 'kinds.pipe.perf.data']) {
      const expected = await ended(start(`LAB import '${fixtureFile(name)}' --json`));
      const { status, stdout } = await ended(start(command.replace('FILE', `'${fixtureFile(name)}'`)));
      expect(status).toBe(0);
      expect(self(stdout)).toEqual(self(expected.stdout));
    }
  });

  it('is said to be empty, or a terminal', async () => {
    expect(await ended(start('LAB import - </dev/null'))).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^hakmem-lab: standard input is empty/) as string,
    });
    const { stdout } = await ended(start(`script -qec "LAB import -" /dev/null </dev/null`));
    expect(stdout).toMatch(/Standard input is a terminal[^]*perf script \| hakmem-lab import -/);
  });

  it('can be kept as a run', async () => {
    const saved = await ended(start(`LAB import - --save <'${fixtureFile('calls.folded')}'`));
    const id = /Saved as run (\S+)/.exec(saved.stderr)?.[1] ?? '';
    expect(id).toMatch(/-stdin$/);
    const run: unknown = JSON.parse(
      readFileSync(path.join(folder, '.hakmem-lab/runs', id, 'run.json'), 'utf8'),
    );
    expect(run).toMatchObject({ importedFrom: 'standard input' });
  });

  it('leaves no copy of a recording, however it ends', async () => {
    // Larger than the part that is read first, and never at its end.
    const part = path.join(folder, 'part.data');
    writeFileSync(part, Buffer.concat([fixture('kinds.pipe.perf.data'), Buffer.alloc(200_000)]));
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      const child = start(`exec LAB import - < <(cat '${part}'; exec sleep 60)`);
      const outcome = ended(child);
      const held = () =>
        readdirSync(`/proc/${child.pid}/fd`)
          .map((fd) => {
            try {
              return readlinkSync(`/proc/${child.pid}/fd/${fd}`);
            } catch {
              return '';
            }
          })
          .some((target) => target.startsWith(copies) && target.endsWith('(deleted)'));
      while (!held()) await delay(20);
      expect(readdirSync(copies)).toEqual([]);
      child.kill(signal);
      child.stdout?.destroy();
      child.stderr?.destroy();
      await outcome;
      expect(readdirSync(copies)).toEqual([]);
    }
  });

  it('says when there is no room for the copy', async () => {
    const { status, stderr } = await ended(
      start(`cat '${fixtureFile('kinds.pipe.perf.data')}' | LAB import -`, { TMPDIR: '/nowhere' }),
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(/Could not copy standard input to \/nowhere[^]*Next step:[^]*TMPDIR/);
  });
});
