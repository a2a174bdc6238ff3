import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { findSource } from '../../../src/core/lab/findSource.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { machineCode } from '../../../src/core/machineCode/machineCode.js';
import { functionNamed } from '../../../src/core/machineCode/namedFunction.js';
import { packEnding, runEntry } from '../../../src/core/pack/packFormat.js';
import type { PackedRun } from '../../../src/core/pack/packRun.js';
import type { ProfiledRun } from '../../../src/core/laboratory/saveRun.js';
import { withSymbolFolder } from '../../../src/core/symbols/symbolFolders.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { recordingContext } from '../support/fixtures.js';
import { withEnvironment } from '../support/tempLab.js';

const source = `#include <stdlib.h>
__attribute__((noinline)) unsigned long hot(unsigned long x) {
  for (int i = 0; i < 20; i++) x ^= x / ((i & 3) + 3);
  return x;
}
int main(int c, char **v) { unsigned long s = 1; for (long i = 0; i < atol(v[1]); i++) s += hot(s + i); return s == 1; }
`;

const inlining = `static inline __attribute__((always_inline)) unsigned long step(unsigned long x, int i) {
  return x ^ x / ((i & 3) + 3);
}
__attribute__((noinline)) unsigned long hot(unsigned long x) {
  for (int i = 0; i < 20; i++) x = step(x, i);
  return x;
}
`;
const callingHot = `#include <stdlib.h>
unsigned long hot(unsigned long x);
int main(int c, char **v) { unsigned long s = 1; for (long i = 0; i < atol(v[1]); i++) s += hot(s + i); return s == 1; }
`;

let folder: string;
const at = (...names: string[]) => path.join(folder, ...names);
/** A machine: its own home, state, and folder of a lab. */
const elsewhere = <T>(action: () => Promise<T>) =>
  withEnvironment({ HOME: at('home'), XDG_STATE_HOME: at('state'), XDG_CACHE_HOME: at('cache') }, action);

let recorded: ProfiledRun;
let packed: PackedRun;
let archive: string;

const laboratory = (name: string) => new Laboratory(folderLab(at(name)));

/** A gzipped tar with these entries. */
async function tarOf(
  entries: readonly { name: string; content?: string; type?: 'symlink'; linkname?: string }[],
) {
  const tar = pack();
  for (const { name, content = '', type = 'file', ...rest } of entries)
    tar.entry({ name, type, ...rest }, content);
  tar.finalize();
  return gzipSync(await buffer(tar));
}

const write = (name: string, data: Buffer) => {
  writeFileSync(at(name), data);
  return at(name);
};

const read = (file: string) => elsewhere(() => laboratory('there').read(file, {}, recordingContext()));

describe('an archive of a run', () => {
  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'pack-')));
    for (const name of ['build', 'here', 'there', 'home', 'state', 'cache']) mkdirSync(at(name));
    writeFileSync(at('build/hot.c'), source);
    const flags = ['-O2', '-g', '-fno-omit-frame-pointer', '-Wl,--build-id'];
    execFileSync('gcc', [...flags, '-o', at('build/hot'), at('build/hot.c')]);
    // Debug information of its own, as distributions have it.
    execFileSync('objcopy', ['--only-keep-debug', at('build/hot'), at('build/hot.debug')]);
    execFileSync('objcopy', ['--strip-all', `--add-gnu-debuglink=${at('build/hot.debug')}`, at('build/hot')]);
    const data = at('perf.data');
    const record = ['record', '-q', '-N', '-F', '999', '-g', '-e', 'cpu-clock:u', '-o', data];
    execFileSync('perf', [...record, at('build/hot'), '10000000'], { stdio: 'ignore' });
    await elsewhere(async () => {
      const context = recordingContext();
      recorded = await laboratory('here').import(data, {}, context);
      packed = await laboratory('here').pack(recorded, { sources: true, programs: true }, context);
    });
    archive = write(`run${packEnding}`, packed.data);
    renameSync(at('build'), at('gone'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the profile, its sources, and its programs with their debug information', () => {
    const names = execFileSync('tar', ['tzf', archive], { encoding: 'utf8' }).trim().split('\n');
    expect(names[0]).toBe(runEntry);
    expect(names).toContainEqual(expect.stringMatching(/^sources\/[0-9a-f]{40}\/hot\.c$/));
    const ids = names.filter((name) => name.startsWith('.build-id/'));
    expect(ids).toContainEqual(expect.stringMatching(/[0-9a-f]$/));
    expect(ids).toContainEqual(expect.stringMatching(/\.debug$/));
    expect(packed.programs[0]).toMatchObject({ file: at('build/hot') });
    expect(packed.missing).toEqual([]);
  });

  it('shows the same elsewhere: shares, lines, sources, and machine code', async () => {
    const { run, profile } = await read(archive);
    expect(ofEvent(profile)).toEqual(ofEvent(recorded.profile));
    expect(run.importedFrom).toBe(archive);
    const { lab } = await elsewhere(() => laboratory('there').forRun(run));
    const found = await findSource(at('build/hot.c'), lab);
    expect(readFileSync(found as string, 'utf8')).toBe(source);
    const event = ofEvent(profile);
    const hot = functionNamed(event, 'hot');
    const code = await withSymbolFolder(lab.packed?.symbols, () =>
      machineCode(event, hot, {}, recordingContext()),
    );
    expect(code.symbol).toBe('hot');
    expect(code.frames.flat().map(({ line }) => line)).toContain(3);
    // Without its files it has none.
    await expect(machineCode(event, hot, {}, recordingContext())).rejects.toMatchObject({
      code: 'code-missing',
    });
  });

  it('starts nothing that it names', async () => {
    const { run } = await read(archive);
    expect(run.preset).toMatchObject({ program: '', args: [], environment: {} });
  });

  it('is shown without trust, and then nothing is written', async () => {
    const before = readdirSync(at('state'), { recursive: true });
    const { run, profile } = await elsewhere(() =>
      laboratory('there').read(archive, { unpack: false }, recordingContext()),
    );
    expect(run.pack).toBeUndefined();
    expect(profile.samples.length).toBe(recorded.profile.samples.length);
    expect(readdirSync(at('state'), { recursive: true })).toEqual(before);
  });

  it('is recognized where it can only be refused', async () => {
    await expect(importProfile(archive, {}, recordingContext())).rejects.toMatchObject({
      code: 'format-unsupported',
      message: expect.stringMatching(/an archive of a run/) as string,
    });
  });

  it('uses sources of this machine that are the same', async () => {
    const { run } = await read(archive);
    mkdirSync(at('build'));
    try {
      writeFileSync(at('build/hot.c'), source);
      const here = await elsewhere(() => laboratory('there').forRun(run));
      expect(await findSource(at('build/hot.c'), here.lab)).toBe(at('build/hot.c'));
      writeFileSync(at('build/hot.c'), `\n${source}`);
      const other = await elsewhere(() => laboratory('there').forRun(run));
      expect(await findSource(at('build/hot.c'), other.lab)).toMatch(/packs/);
    } finally {
      rmSync(at('build'), { recursive: true });
    }
  });

  it('is kept as a run, with its files', async () => {
    await elsewhere(async () => {
      const { run } = await laboratory('there').import(archive, {}, recordingContext());
      const saved = await laboratory('there').store.load(run.id);
      const { lab } = await laboratory('there').forRun(saved);
      expect(await findSource(at('build/hot.c'), lab)).toMatch(/hot\.c$/);
      // And packed again, it is the same.
      const again = await laboratory('there').forRun(saved);
      const profile = await laboratory('there').store.loadProfile(run.id);
      const twice = await withSymbolFolder(lab.packed?.symbols, () =>
        again.pack({ run: saved, profile }, { sources: true, programs: true }, recordingContext()),
      );
      expect(twice.sources).toBe(packed.sources);
      expect(twice.programs.map(({ bytes }) => bytes)).toEqual(packed.programs.map(({ bytes }) => bytes));
    });
  });

  // Debian's dwp fails on what its gcc writes for DWARF 5, and llvm-dwp 14 hangs: the package is made here.
  it.each(['4', '5'])(
    'has what the compiler split off as one file, or says what is missing: DWARF %s',
    async (version) => {
      const name = `split-${version}`;
      mkdirSync(at(name));
      writeFileSync(at(name, 'hot.c'), inlining);
      writeFileSync(at(name, 'main.c'), callingHot);
      const flags = [
        '-O2',
        `-gdwarf-${version}`,
        '-gsplit-dwarf',
        '-fno-omit-frame-pointer',
        '-Wl,--build-id',
      ];
      execFileSync('gcc', [...flags, '-o', 'hot', 'main.c', 'hot.c'], { cwd: at(name) });
      const data = at(name, 'perf.data');
      const record = ['record', '-q', '-N', '-F', '999', '-g', '-e', 'cpu-clock:u', '-o', data];
      execFileSync('perf', [...record, at(name, 'hot'), '3000000'], { stdio: 'ignore' });
      const pack = () =>
        elsewhere(async () => {
          const run = await laboratory('here').import(data, {}, recordingContext());
          return laboratory('here').pack(run, { sources: true, programs: true }, recordingContext());
        });
      const whole = await pack();
      expect(whole.missing).toEqual([]);
      expect(whole.programs.map(({ file }) => file)).toContain(at(name, 'hot.dwp'));
      const names = execFileSync('tar', ['tz'], { input: whole.data, encoding: 'utf8' }).split('\n');
      expect(names).toContainEqual(expect.stringMatching(/^\.build-id\/..\/[0-9a-f]+\.dwp$/));

      // The functions inlined there are only in what was split off.
      renameSync(at(name), at(`${name}.gone`));
      const { run, profile } = await read(write(`${name}${packEnding}`, whole.data));
      const { lab } = await elsewhere(() => laboratory('there').forRun(run));
      const event = ofEvent(profile);
      const code = await withSymbolFolder(lab.packed?.symbols, () =>
        machineCode(event, functionNamed(event, 'hot'), {}, recordingContext()),
      );
      expect(code.frames.map((frames) => frames.map((frame) => frame.name).join(' in '))).toContain(
        'step in hot',
      );

      renameSync(at(`${name}.gone`), at(name));
      rmSync(
        readdirSync(at(name))
          .map((file) => at(name, file))
          .find((file) => /hot\.dwo$/.test(file)) as string,
      );
      const without = await pack();
      expect(without.missing).toEqual([
        expect.stringMatching(/hot refers to \.dwo files that aren't there .*: 1 of/),
      ]);
    },
  );

  it('has programs without a build ID by their path, and says that nothing tells whether they changed', async () => {
    mkdirSync(at('unnamed'));
    writeFileSync(at('unnamed/hot.c'), source);
    const flags = ['-O2', '-g', '-fno-omit-frame-pointer', '-Wl,--build-id=none'];
    execFileSync('gcc', [...flags, '-o', 'hot', 'hot.c'], { cwd: at('unnamed') });
    const data = at('unnamed/perf.data');
    const record = ['record', '-q', '-N', '-F', '999', '-g', '-e', 'cpu-clock:u', '-o', data];
    execFileSync('perf', [...record, at('unnamed/hot'), '3000000'], { stdio: 'ignore' });
    const made = await elsewhere(async () => {
      const run = await laboratory('here').import(data, {}, recordingContext());
      return laboratory('here').pack(run, { sources: true, programs: true }, recordingContext());
    });
    expect(made.missing).toEqual([expect.stringMatching(/unnamed\/hot has no build ID, so nothing tells/)]);
    renameSync(at('unnamed'), at('unnamed.gone'));
    const { run, profile } = await read(write(`unnamed${packEnding}`, made.data));
    const { lab } = await elsewhere(() => laboratory('there').forRun(run));
    const event = ofEvent(profile);
    const hot = functionNamed(event, 'hot');
    const code = await withSymbolFolder(lab.packed?.symbols, () =>
      machineCode(event, hot, {}, recordingContext()),
    );
    expect(code.frames.flat().map(({ line }) => line)).toContain(3);
  });

  it('leaves out what is not wanted', async () => {
    const options = { sources: false, programs: false };
    const { data, sources, programs } = await laboratory('here').pack(recorded, options, recordingContext());
    expect({ sources, programs }).toEqual({ sources: 0, programs: [] });
    expect(gunzipSync(data).includes('noinline')).toBe(false);
  });

  it('says what is damaged, and leaves nothing behind', async () => {
    const before = readdirSync(at('state/hakmem-lab/packs'));
    const step = Math.ceil(packed.data.length / 12);
    for (let length = 40; length < packed.data.length; length += step) {
      const cut = write(`cut${packEnding}`, packed.data.subarray(0, length));
      await expect(read(cut), `${length} bytes`).rejects.toMatchObject({
        code: expect.stringMatching(/^(profile-corrupt|format-unsupported)$/) as string,
      });
    }
    for (let i = 0; i < 12; i++) {
      const wrong = Buffer.from(packed.data);
      wrong[100 + i * step] = (wrong[100 + i * step] as number) ^ 0x55;
      await expect(read(write(`wrong${packEnding}`, wrong))).rejects.toMatchObject({
        code: expect.stringMatching(/corrupt|unsupported/) as string,
      });
    }
    expect(readdirSync(at('state/hakmem-lab/packs'))).toEqual(before);
  });

  it('says that it has a file twice, not that the disk is full', async () => {
    const own = gunzipSync(packed.data);
    const name = `.build-id/ab/${'cd'.repeat(19)}`;
    const twice = await tarOf([1, 2].map(() => ({ name, content: 'x' })));
    const joined = Buffer.concat([own.subarray(0, own.length - 1024), gunzipSync(twice)]);
    await expect(read(write(`twice${packEnding}`, gzipSync(joined)))).rejects.toMatchObject({
      code: 'profile-corrupt',
      detail: `It has ${name} twice.`,
    });
  });

  it('writes nothing but its own files, whatever it says', async () => {
    const own = gunzipSync(packed.data);
    const evil = '../../../../evil';
    const tar = pack();
    // The true entries come first, as tar: its end mark is two empty blocks.
    const names = [
      evil,
      `/${evil}`,
      at('evil'),
      `.build-id/${evil}`,
      'sources/../evil',
      `sources/${'a'.repeat(40)}/..`,
    ];
    for (const name of names) tar.entry({ name }, 'evil');
    tar.entry({ name: `.build-id/ab/${'cd'.repeat(19)}`, type: 'symlink', linkname: '/etc/passwd' });
    tar.finalize();
    const end = own.length - 1024;
    const joined = Buffer.concat([own.subarray(0, end), await buffer(tar)]);
    const { run } = await read(write(`evil${packEnding}`, gzipSync(joined)));
    const { lab } = await elsewhere(() => laboratory('there').forRun(run));
    const unpacked = execFileSync('find', [lab.packed?.symbols as string, '-printf', '%y %P\n'], {
      encoding: 'utf8',
    });
    expect(unpacked).not.toMatch(/evil|^l/m);
    expect(existsSync(at('evil'))).toBe(false);
  });

  it('needs a run and a profile; another tar is none', async () => {
    const half = await tarOf([{ name: runEntry, content: '{"id":"x"}' }]);
    await expect(read(write(`half${packEnding}`, half))).rejects.toMatchObject({ code: 'profile-corrupt' });
    const other = await tarOf([{ name: 'README', content: 'x' }]);
    await expect(read(write(`other${packEnding}`, other))).rejects.toMatchObject({
      code: 'format-unsupported',
      message: expect.stringMatching(/tar/) as string,
    });
  });
});
