import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { importProfile } from '../../../src/core/import/importProfile.js';
import { LabError } from '../../../src/core/labError.js';
import { readRegular } from '../../../src/core/files.js';
import { findCommand } from '../../../src/core/process/tools.js';
import { newRunId } from '../../../src/core/store/runStore.js';
import { recordingContext } from '../support/fixtures.js';
import { TempLab, withEnvironment } from '../support/tempLab.js';
import { failure } from '../support/refusal.js';

describe('bad luck', () => {
  let lab: TempLab;
  let real: string | undefined;
  beforeAll(async () => {
    lab = new TempLab();
    real = await findCommand('perf');
  });
  afterAll(() => lab.dispose());
  afterEach(() => vi.useRealTimers());
  const at = (...names: string[]) => path.join(lab.folder, ...names);

  /** A perf that is real but for what it does when it records. */
  const perfThat = (records: string) => {
    rmSync(at('fake'), { recursive: true, force: true });
    mkdirSync(at('fake'));
    // Probes record into /dev/null.
    lab.write(
      'fake/perf',
      `#!/bin/sh
       case "$1 $*" in record*perf.data*) ${records} ;; esac
       exec ${real} "$@"\n`,
    );
    chmodSync(at('fake/perf'), 0o755);
    return { PATH: `${at('fake')}:${process.env['PATH'] ?? ''}` };
  };
  const output = `while [ "$1" != -o ]; do shift; done`;

  it.each([
    ['is too old for an option', `echo "Error: unknown option 'call-graph'" >&2; exit 129`, /unknown option/],
    ['is killed', 'kill -KILL $$', /perf record/],
    [
      'writes garbage',
      `${output}; head -c 5000 /dev/urandom >"$2"; echo '[ perf record: Captured and wrote 1 MB ]' >&2; exit 0`,
      /perf\.data/,
    ],
    [
      'writes half of a recording',
      `${output}; printf PERFILE2 >"$2"; echo '[ perf record: Captured and wrote 1 MB ]' >&2; exit 0`,
      /perf\.data/,
    ],
    ['writes nothing', `echo '[ perf record: Captured and wrote 0 MB ]' >&2; exit 0`, /perf\.data/],
  ])('perf %s: an error that says so, and nothing is left', async (_, records, says) => {
    const error = await withEnvironment(perfThat(records), async () =>
      failure((await lab.open()).profile('RUN', { repeats: 1 }, recordingContext())),
    );
    expect(error.toText()).toMatch(says);
    expect(readdirSync(at('.hakmem-lab')).sort()).toEqual(['.gitignore', 'runs']);
  });

  it.each([
    ['perf', perfHangs],
    ['compiler', compilerHangs],
  ])('a %s that hangs ends when it is canceled', async (_, hang) => {
    const controller = new AbortController();
    const changes = hang();
    await withEnvironment(changes, async () => {
      const context = recordingContext(controller.signal);
      const running = failure((await lab.open()).profile('RUN', { repeats: 1 }, context));
      const marker = at('hanging');
      while (!exists(marker)) await delay(20);
      controller.abort();
      expect((await running).code).toBe('canceled');
      const pid = Number(readFileSync(marker, 'utf8'));
      expect(isRunning(pid)).toBe(false);
      rmSync(marker);
    });
  });
  function perfHangs() {
    return perfThat(`echo $$ >'${at('hanging')}'; exec sleep 600`);
  }
  function compilerHangs() {
    rmSync(at('build'), { recursive: true, force: true });
    mkdirSync(at('fake'), { recursive: true });
    lab.write('fake/cc', `#!/bin/sh\necho $$ >'${at('hanging')}'\nexec sleep 600\n`);
    chmodSync(at('fake/cc'), 0o755);
    rmSync(at('fake/perf'), { force: true });
    return { PATH: `${at('fake')}:${process.env['PATH'] ?? ''}` };
  }
  /** One that has ended may not have been reaped yet. */
  const isRunning = (pid: number) => {
    try {
      return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    } catch {
      return false;
    }
  };
  const exists = (file: string) => {
    try {
      return readFileSync(file, 'utf8') !== '';
    } catch {
      return false;
    }
  };

  it.each([
    ['prints garbage', 'head -c 3000000 /dev/urandom'],
    ['prints half of a result', `printf '{"ops_per_sec":100,"seco'`],
    ['asks for input', 'read answer; echo "$answer"'],
  ])('a program that %s is measured by its time, as one that prints no result', async (_, script) => {
    const target = { program: '/bin/sh', args: ['-c', script], environment: {} };
    const run = await (await lab.open()).benchProgram(target, { repeats: 1 }, recordingContext());
    expect(run.results[0]?.opsPerSec.median).toBeGreaterThan(0);
  });

  it('a file that vanishes while it is read is a profile or an error, and soon', async () => {
    const file = at('large.folded');
    writeFileSync(
      file,
      Array.from({ length: 300_000 }, (_, i) => `main;work${i % 997};leaf${i} 1\n`).join(''),
    );
    const reading = importProfile(file, {}, { signal: undefined, progress: () => undefined }).then(
      (profile) => profile.samples.length > 0,
      (error: unknown) => error instanceof LabError,
    );
    await delay(5);
    truncateSync(file, 100);
    expect(await reading).toBe(true);
    // Between its first bytes and the rest.
    const vanish = () => rmSync(file, { force: true });
    await expect(importProfile(file, {}, { signal: undefined, progress: vanish })).rejects.toMatchObject({
      code: 'read-failed',
      message: expect.stringContaining('large.folded') as unknown,
    });
    await expect(readRegular(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('a clock that jumps back gives no run the ID of another one, and no measurement a negative time', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-01-31T12:00:00Z') });
    const laboratory = await lab.open();
    const bench = async () => {
      vi.setSystemTime(new Date('2026-01-31T12:00:00Z'));
      return laboratory.bench('RUN', { repeats: 1 }, recordingContext());
    };
    const [first, second] = [await bench(), await bench()];
    expect(second.id).not.toBe(first.id);
    expect(await laboratory.store.list()).toEqual(expect.arrayContaining([first.id, second.id]));
    for (const { results } of [first, second]) expect(results[0]?.opsPerSec.median).toBeGreaterThan(0);
    expect(newRunId('A', new Date()) === newRunId('A', new Date())).toBe(false);
  });

  it('a run is never saved over another one', async () => {
    const { store } = await lab.open();
    const run = await (await lab.open()).bench('RUN', { repeats: 1 }, recordingContext());
    const { save } = store as unknown as { save: (run: object, profile: undefined) => Promise<void> };
    await expect(save.call(store, { ...run, lab: 'other' }, undefined)).rejects.toMatchObject({
      code: 'write-failed',
    });
    expect((await store.load(run.id)).lab).toBe(run.lab);
  });
});
