import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resolveCommand } from '../../../src/core/bench/subject.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { findLabFile } from '../../../src/core/lab/findLabFile.js';
import { loadLab } from '../../../src/core/lab/loadLab.js';
import { requireExecutable } from '../../../src/core/process/executable.js';
import { startTime } from '../../../src/core/process/descendants.js';
import { withLock } from '../../../src/core/store/lock.js';
import { newRunId, RunStore } from '../../../src/core/store/runStore.js';
import { ElfFile, NotReadable } from '../../../src/core/symbols/elfFile.js';
import type { LabError } from '../../../src/core/labError.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { recordingContext, root } from '../support/fixtures.js';
import { failure } from '../support/refusal.js';

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-trust-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const importInto = async () => {
  writeFileSync(at('a.folded'), 'main;work 3\n');
  const context = recordingContext();
  await new Laboratory(folderLab(folder)).import(at('a.folded'), {}, context);
  for (const problem of context.problems) throw problem;
};

describe('a folder that came with links', () => {
  it.each([
    ['.hakmem-lab', '.hakmem-lab'],
    ['.hakmem-lab/runs', '.hakmem-lab/runs'],
  ])('is refused by name where %s is one, and nothing is written', async (link, named) => {
    mkdirSync(at('victim'));
    mkdirSync(path.dirname(at(link)), { recursive: true });
    symlinkSync(at('victim'), at(link));
    const error = await failure(importInto());
    expect(error.code).toBe('write-failed');
    expect(error.message).toContain(`${at(named)} is a symbolic link`);
    expect(readdirSync(at('victim'))).toEqual([]);
  });

  it('leaves the target of a link named .gitignore alone, and a file of the user too', async () => {
    mkdirSync(at('.hakmem-lab'));
    writeFileSync(at('victim'), 'mine');
    symlinkSync(at('victim'), at('.hakmem-lab/.gitignore'));
    await importInto();
    expect(readFileSync(at('victim'), 'utf8')).toBe('mine');
    rmSync(at('.hakmem-lab/.gitignore'));
    writeFileSync(at('.hakmem-lab/.gitignore'), '!runs\n');
    await importInto();
    expect(readFileSync(at('.hakmem-lab/.gitignore'), 'utf8')).toBe('!runs\n');
  });

  it('removes nothing through a link', async () => {
    mkdirSync(at('victim'));
    writeFileSync(at('victim/open.json'), '{"run":"x"}');
    symlinkSync(at('victim'), at('.hakmem-lab'));
    const store = new RunStore(folder);
    expect((await failure(store.takeOpenRequest())).message).toContain('symbolic link');
    expect(existsSync(at('victim/open.json'))).toBe(true);
  });
});

describe('a file that can block', () => {
  it('is refused at once as a lab file and as a module', async () => {
    execFileSync('mkfifo', [at('hakmem-lab.json')]);
    expect((await failure(loadLab(at('hakmem-lab.json')))).detail).toMatch(/device or pipe/);
    await expect(ElfFile.open(at('hakmem-lab.json'))).rejects.toBeInstanceOf(NotReadable);
  });
});

describe('a program that cannot be started', () => {
  const reason = (name: string, content: string | Buffer, mode = 0o755) => {
    writeFileSync(at(name), content);
    chmodSync(at(name), mode);
    return failure(requireExecutable(at(name), `./${name}`)).then(({ message }) => message);
  };

  // Through execve itself: the C library's other functions hand what the kernel refuses to a shell.
  it.runIf(process.arch === 'x64')('is a 32-bit one where the kernel executes none', async () => {
    const code = Buffer.from([0xb8, 1, 0, 0, 0, 0xbb, 0, 0, 0, 0, 0xcd, 0x80]);
    const program = Buffer.alloc(84 + code.length);
    program.set(Buffer.from('7f454c46010101', 'hex'));
    program.set(Buffer.from('0200030001000000540001003400000000000000000000003400200001000000', 'hex'), 16);
    for (const [i, value] of [1, 0, 0x10000, 0x10000, program.length, program.length, 5, 0x1000].entries())
      program.writeUInt32LE(value, 52 + 4 * i);
    program.set(code, 84);
    writeFileSync(at('narrow'), program);
    chmodSync(at('narrow'), 0o755);
    const execve = 'my $f = "$ARGV[0]\\0"; my $a = pack("pQ", $f, 0); syscall(59, $f, $a, 0); exit $!';
    const { status } = spawnSync('perl', ['-e', execve, at('narrow')]);
    const refused = await requireExecutable(at('narrow'), './narrow').then(
      () => undefined,
      ({ message, detail }: LabError) => `${message} ${detail ?? ''}`,
    );
    expect([0, 8]).toContain(status);
    expect(refused).toBe(
      status === 8
        ? "./narrow is a 32-bit program, which this kernel doesn't execute. The kernel answers with ENOEXEC (Exec format error)."
        : undefined,
    );
  });

  it.each([
    ['sh -c true', 'Write sh and its arguments as separate words, without quotes around the whole command.'],
    ['/bin/sh -c true', 'Write /bin/sh and its arguments as separate words'],
    ['A=1', 'To set a variable for the program, write: env A=1 PROGRAM'],
    ['no such', 'For a program in the current folder, write ./program.'],
  ])('is a word of its own: %s', async (program, remedy) => {
    const error = await failure(resolveCommand(program));
    expect(error.code).toBe('program-missing');
    expect(error.toText()).toContain(remedy);
  });

  it('has its own reason for each kind', async () => {
    mkdirSync(at('dir'));
    expect((await failure(requireExecutable(at('dir'), './dir'))).message).toBe('./dir is a folder.');
    expect((await failure(requireExecutable(at('no'), './no'))).message).toMatch(/doesn't exist/);
    expect(await reason('windows', '#!/bin/sh\r\ntrue\r\n')).toMatch(
      /its interpreter \/bin\/sh\r doesn't exist/,
    );
    expect(await reason('cut', '\x7fELF\x02\x01')).toMatch(/ends within its header/);
    expect((await failure(requireExecutable('/usr/bin', ''))).message).toMatch(/is empty/);
    expect(await reason('script', '#! /no/such -x\n')).toMatch(/its interpreter \/no\/such doesn't exist/);
    expect(await reason('plain', 'text', 0o644)).toBe("./plain isn't executable.");
    expect(await reason('empty', '')).toBe('./empty is empty.');
    const elf = readFileSync(process.execPath).subarray(0, 4096);
    const foreign = Buffer.from(elf);
    foreign.writeUInt16LE(process.arch === 'arm64' ? 62 : 183, 18);
    if (!existsSync('/proc/sys/fs/binfmt_misc/status'))
      expect(await reason('foreign', foreign)).toMatch(/for another processor/);
    await requireExecutable(process.execPath, 'node');
    writeFileSync(at('shell'), '#!/bin/sh\n');
    chmodSync(at('shell'), 0o755);
    await requireExecutable(at('shell'), './shell');
  });
});

describe('the lock', () => {
  const store = () => new RunStore(folder);
  const hold = () => withLock(store(), recordingContext(), () => Promise.resolve('held'));

  it.each(['0\n', '-1\n', '1\n', '4194304\n', '', 'garbage', '{"pid": 1}'])(
    'of nobody is taken over: %j',
    async (content) => {
      await store().prepare();
      writeFileSync(store().lockFile, content);
      expect(await hold()).toBe('held');
      expect(readdirSync(store().folder).sort()).toEqual(['.gitignore', 'runs']);
    },
  );

  it('of a process that has ended is free, also where nobody asks how it ended', async () => {
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 20'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      const pid = Number(await new Promise((done) => parent.stdout.once('data', done)));
      const status = () => readFileSync(`/proc/${pid}/stat`, 'latin1');
      await expect.poll(status, { timeout: 10_000 }).toContain(') Z ');
      expect(startTime(pid)).toBeUndefined();
    } finally {
      parent.kill('SIGKILL');
    }
  });

  it('that is a folder or a link is refused by name', async () => {
    await store().prepare();
    mkdirSync(store().lockFile);
    expect((await failure(hold())).toText()).toContain(store().lockFile);
    rmSync(store().lockFile, { recursive: true });
    symlinkSync(at('victim'), store().lockFile);
    expect((await failure(hold())).toText()).toContain(store().lockFile);
  });

  it('names its owner and its file to those who wait', async () => {
    const controller = new AbortController();
    await withLock(store(), recordingContext(), async () => {
      const context = recordingContext(controller.signal);
      const waiting = failure(withLock(store(), context, () => Promise.resolve()));
      await expect.poll(() => context.messages).toHaveLength(1);
      expect(context.messages[0]).toContain(`Waiting for process ${process.pid},`);
      expect(context.messages[0]).toContain(store().lockFile);
      controller.abort();
      expect((await waiting).code).toBe('canceled');
    });
  });

  it('has one owner at a time, though many processes take over that of a dead one', async () => {
    writeFileSync(
      at('race.ts'),
      `import { appendFileSync, writeFileSync } from 'node:fs';
       import { startTime } from '../../../src/core/process/descendants.js';
import { withLock } from '${root}/src/core/store/lock.js';
import { failure } from '../support/refusal.js';
       import { RunStore } from '${root}/src/core/store/runStore.js';
       const context = { progress() {}, log() {}, problem() {} };
       const write = (what) => appendFileSync('${at('log')}', what + ' ' + process.pid + '\\n');
       const store = new RunStore('${folder}');
       const measure = () =>
         withLock(store, context, async () => {
           write('in');
           await new Promise((resolve) => setTimeout(resolve, 20));
           write('out');
         });
       // All at the same moment, and each time there is the lock of a dead one first.
       (async () => {
         while (Date.now() < Number(process.argv[2]));
         for (let round = 0; round < 4; round++) {
           try {
             writeFileSync(store.lockFile, '4194304\\n', { flag: 'wx' });
           } catch {}
           await measure();
         }
       })();`,
    );
    await build({
      entryPoints: [at('race.ts')],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: at('race.cjs'),
      logLevel: 'error',
    });
    await store().prepare();
    writeFileSync(store().lockFile, '4194304\n');
    const start = String(Date.now() + 2_000);
    const racers = Array.from(
      { length: 6 },
      () =>
        new Promise((resolve) =>
          spawn(process.execPath, [at('race.cjs'), start], { stdio: 'inherit' }).on('close', resolve),
        ),
    );
    expect(await Promise.all(racers)).toEqual([0, 0, 0, 0, 0, 0]);
    const lines = readFileSync(at('log'), 'utf8').trim().split('\n');
    expect(lines).toHaveLength(48);
    for (let i = 0; i < lines.length; i += 2)
      expect(lines[i + 1]).toBe((lines[i] as string).replace('in', 'out'));
  });

  it('clears what killed processes left', async () => {
    await store().prepare();
    const id = newRunId('A', new Date());
    mkdirSync(at('.hakmem-lab/runs', id));
    for (const name of [
      'tmp-4194304-17-0123456789ab-perf.data',
      `${4194304}-1769860000000-perf.data`,
      `lock.4194304-17-0123456789ab`,
      `runs/${id}/run.json.4194304-17-0123456789ab`,
    ])
      writeFileSync(at('.hakmem-lab', name), '');
    writeFileSync(at('.hakmem-lab/runs', id, 'run.json'), '{}');
    // Killed between its two files; another process is between them now.
    const marks = { half: '4194304-17', now: `${process.pid}-${startTime(process.pid)}` };
    for (const [name, process] of Object.entries(marks)) {
      mkdirSync(at('.hakmem-lab/runs', name));
      for (const file of ['profile.bin.gz', `writing.${process}-0123456789ab`])
        writeFileSync(at('.hakmem-lab/runs', name, file), '');
    }
    await hold();
    expect(readdirSync(at('.hakmem-lab')).sort()).toEqual(['.gitignore', 'runs']);
    expect(readdirSync(at('.hakmem-lab/runs')).sort()).toEqual([id, 'now']);
    expect(readdirSync(at('.hakmem-lab/runs', id))).toEqual(['run.json']);
    expect(readdirSync(at('.hakmem-lab/runs/now'))).toHaveLength(2);
  });
});

describe('a lab file above the current folder', () => {
  it.runIf(process.getuid?.() === 0)('is refused by name if it belongs to another user', async () => {
    mkdirSync(at('below/deep'), { recursive: true });
    writeFileSync(at('hakmem-lab.json'), '{}');
    expect(await findLabFile(at('below/deep'))).toBe(at('hakmem-lab.json'));
    chownSync(at('hakmem-lab.json'), 65534, 65534);
    const error = await failure(findLabFile(at('below/deep')));
    expect(error.code).toBe('lab-file-foreign');
    expect(error.toText()).toContain(at('hakmem-lab.json'));
    expect((await failure(findLabFile(folder))).code).toBe('lab-file-foreign');
    expect(await findLabFile(folder, undefined, true)).toBe(at('hakmem-lab.json'));
  });
});
