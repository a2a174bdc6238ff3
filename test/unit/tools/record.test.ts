import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runDoctor } from '../../../src/core/doctor/doctor.js';
import { folderLab } from '../../../src/core/lab/folderLab.js';
import { Laboratory } from '../../../src/core/laboratory.js';
import { LabError } from '../../../src/core/labError.js';
import { defaultRecordOptions } from '../../../src/core/perf/options.js';
import { planRecording } from '../../../src/core/perf/plan.js';
import { probeEvent } from '../../../src/core/perf/probe.js';
import { perfRecordTarget } from '../../../src/core/perf/record.js';
import { resolveTarget } from '../../../src/core/perf/target.js';
import { openFile } from '../../../src/core/perfData/byteSource.js';
import { readPerfData } from '../../../src/core/perfData/reader.js';
import { listProcesses } from '../../../src/core/process/processes.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { recordingContext } from '../support/fixtures.js';
import { TempLab, withEnvironment } from '../support/tempLab.js';

/** `spin SECONDS MODE`: two threads that work for so much processor time each, however busy the machine is; status 3 at the end; `stubborn` ignores a polite request to end. */
const source = `
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static volatile long sink;
static double end;
static double now(void) { struct timespec t; clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t); return t.tv_sec + t.tv_nsec / 1e9; }
__attribute__((noinline)) static void first_work(void) { for (long i = 0; i < 100000; i++) sink += i; }
__attribute__((noinline)) static void second_work(void) { for (long i = 0; i < 100000; i++) sink -= i; }
static void *other(void *unused) { while (now() < end) second_work(); return unused; }
int main(int argc, char **argv) {
  pthread_t thread;
  end = atof(argv[1]);
  if (argc > 2 && strcmp(argv[2], "stubborn") == 0) signal(SIGTERM, SIG_IGN);
  pthread_create(&thread, 0, other, 0);
  while (now() < end) first_work();
  pthread_join(thread, 0);
  return 3;
}`;

async function failure(action: Promise<unknown>): Promise<LabError> {
  const error = await action.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
}

describe('recording any program in a folder without a lab', () => {
  const folder = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-record-')));
  const program = path.join(folder, 'spin');
  const laboratory = new Laboratory(folderLab(folder));
  let running: ChildProcess | undefined;

  beforeAll(() => {
    writeFileSync(`${program}.c`, source);
    execFileSync('cc', ['-O1', '-g', '-fno-omit-frame-pointer', '-o', program, `${program}.c`, '-lpthread']);
  });
  afterEach(() => running?.kill('SIGKILL'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const functionsOf = (profiled: Awaited<ReturnType<Laboratory['record']>>) =>
    toDocument(ofEvent(profiled.profile), laboratory.classifier, null).functions.map((f) => f.name);
  const survivors = () => {
    try {
      return execFileSync('pgrep', ['-f', program], { encoding: 'utf8' }).trim().split('\n');
    } catch {
      return [];
    }
  };
  const attachable = async (...args: string[]): Promise<number> => {
    running = spawn(program, args, { stdio: 'ignore' });
    await delay(150);
    return running.pid ?? -1;
  };

  it('keeps the run, its threads and the status with which the program ended', async () => {
    const recorded = await laboratory.record(
      { kind: 'program', program, args: ['0.4'] },
      defaultRecordOptions,
      recordingContext(),
    );
    expect(functionsOf(recorded)).toEqual(expect.arrayContaining(['first_work', 'second_work']));
    const { profile, run } = recorded;
    expect(new Set(profile.threads.map((t) => t.tid)).size).toBeGreaterThan(1);
    expect(profile.notes[0]).toMatch(/exited with status 3/);
    expect(run.preset).toMatchObject({ name: 'spin', program, args: ['0.4'] });
    expect(await laboratory.store.list()).toContain(run.id);
    expect((await laboratory.store.loadProfile(run.id)).samples.length).toBe(run.samples);
  });

  it('leaves no copies of what it recorded behind, and knows its programs by their build ids', async () => {
    const home = path.join(folder, 'home');
    mkdirSync(home);
    const data = path.join(folder, 'kept.data');
    await withEnvironment({ HOME: home }, async () => {
      const plan = await planRecording(defaultRecordOptions, recordingContext());
      const target = await resolveTarget({ kind: 'program', program, args: ['0.3'] });
      await perfRecordTarget(target, plan, data, {}, recordingContext());
    });
    expect(readdirSync(home)).toEqual([]);
    const file = await openFile(data);
    const { locations } = await readPerfData(file);
    await file.close();
    const own = locations.filter(({ module }) => module === program);
    expect(own.length).toBeGreaterThan(0);
    for (const { buildId } of own) expect(buildId).toMatch(/^[0-9a-f]{40}$/);
  });

  it('counts several events and finds callers without frame pointers', async () => {
    const bare = path.join(folder, 'bare');
    execFileSync('cc', ['-O1', '-g', '-fomit-frame-pointer', '-o', bare, `${program}.c`, '-lpthread']);
    const recorded = await laboratory.record(
      { kind: 'program', program: bare, args: ['0.4'] },
      { callGraph: 'dwarf', events: ['cpu-clock', 'page-faults'], scope: 'user' },
      recordingContext(),
    );
    const { profile } = recorded;
    expect(profile.events.map((e) => e.name)).toEqual(['cpu-clock:u', 'page-faults:u']);
    const classifier = laboratory.classifier;
    const clock = toDocument(ofEvent(profile, 0), classifier, null);
    // main itself does little: what it has in all it has through its callees, which were unwound to it. Where they
    // could not be, that is said.
    const main = clock.functions.find((f) => f.name === 'main');
    if (profile.notes.every((note) => !note.startsWith('Callers are missing'))) {
      expect(main?.totalPercent).toBeGreaterThan(20);
      expect(main?.selfPercent).toBeLessThan(20);
    }
    const faults = toDocument(ofEvent(profile, 1), classifier, null);
    expect(faults.samples).toBeGreaterThan(0);
    expect(faults.functions.find((f) => f.name === 'first_work')?.selfPercent ?? 0).toBeLessThan(50);
  });

  it('stopping keeps what was recorded and leaves no child, even one that will not end', async () => {
    const stop = new AbortController();
    const context = recordingContext();
    const progress = (message: string) => {
      context.progress(message);
      if (message.startsWith('Sampling')) setTimeout(() => stop.abort(), 2500);
    };
    const recorded = await laboratory.record(
      { kind: 'program', program, args: ['30', 'stubborn'] },
      { ...defaultRecordOptions, stop: stop.signal },
      { ...context, progress },
    );
    expect(recorded.run.samples).toBeGreaterThan(20);
    expect(recorded.profile.notes.join()).toMatch(/stopped by the user/);
    expect(survivors()).toEqual([]);
  });

  it.each(['program', 'process'] as const)(
    'tells of a %s how much of its time was in the kernel',
    async (kind) => {
      const copy = ['dd', 'if=/dev/zero', 'of=/dev/null', 'bs=1', 'count=100M', 'status=none'] as const;
      const [file, ...args] = copy;
      if (kind === 'process') running = spawn(file, args, { stdio: 'ignore' });
      const target =
        kind === 'program'
          ? ({ kind, program: file, args } as const)
          : ({ kind, pid: running?.pid ?? 0 } as const);
      const options = { ...defaultRecordOptions, seconds: 2 };
      const user = await laboratory.record(target, options, recordingContext());
      expect(user.profile.notes[0]).toMatch(/^\d\d\.\d% of the processor time was spent in the kernel/);
    },
  );

  it('names the processes that work for one that only waits, as those of a server do', async () => {
    running = spawn('/bin/sh', ['-c', `${program} 30 & echo $!; wait`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const worker = await new Promise<string>((resolve) =>
      running?.stdout?.once('data', (line: Buffer) => resolve(line.toString().trim())),
    );
    try {
      const target = { kind: 'process', pid: running.pid ?? 0 } as const;
      const options = { ...defaultRecordOptions, seconds: 1 };
      const error = await failure(laboratory.record(target, options, recordingContext()));
      expect(error.code).toBe('no-samples');
      expect(error.remedy?.text).toContain(`(${worker}) weren't recorded with it`);
    } finally {
      process.kill(Number(worker));
    }
  });

  it('canceling keeps nothing and leaves no child', async () => {
    const before = await laboratory.store.list();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 400);
    const record = laboratory.record(
      { kind: 'program', program, args: ['30'] },
      defaultRecordOptions,
      recordingContext(controller.signal),
    );
    expect((await failure(record)).code).toBe('canceled');
    expect(survivors()).toEqual([]);
    expect(await laboratory.store.list()).toEqual(before);
  });

  it('attaches to a process, which lives on', async () => {
    const pid = await attachable('30');
    expect((await listProcesses()).find((p) => p.pid === pid)).toMatchObject({
      name: 'spin',
      args: [program, '30'],
    });
    const options = { ...defaultRecordOptions, seconds: 2 };
    const recorded = await laboratory.record({ kind: 'process', pid }, options, recordingContext());
    expect(functionsOf(recorded)).toEqual(expect.arrayContaining(['first_work', 'second_work']));
    expect(recorded.run.preset).toMatchObject({ name: 'spin', args: ['30'] });
    expect(recorded.profile.threads.every((t) => t.pid === pid)).toBe(true);
    expect(running?.exitCode).toBeNull();
    expect(running?.signalCode).toBeNull();
  });

  it('says what a program left running, as a daemon does', async () => {
    const script = `${program} 0.3; setsid sleep 20 & echo $! >${folder}/left`;
    const recorded = await laboratory.record(
      { kind: 'program', program: 'sh', args: ['-c', script] },
      defaultRecordOptions,
      recordingContext(),
    );
    const left = Number(readFileSync(path.join(folder, 'left'), 'utf8'));
    expect(recorded.profile.notes[0]).toMatch(
      new RegExp(`left others running \\(PID ${left}\\).*foreground.*--pid`),
    );
    process.kill(left, 'SIGKILL');
  });

  it('says why there is nothing to see where the program fails at once', async () => {
    const recording = laboratory.record(
      { kind: 'program', program: 'sh', args: ['-c', 'kill -SEGV $$'] },
      { ...defaultRecordOptions, frequency: 1 },
      recordingContext(),
    );
    expect((await failure(recording)).toText()).toMatch(/killed by SIGSEGV[^]*Run the program by itself/);
  });

  it('takes the samples of a process that ends early', async () => {
    const pid = await attachable('3');
    const options = { ...defaultRecordOptions, seconds: 60 };
    const recorded = await laboratory.record({ kind: 'process', pid }, options, recordingContext());
    expect(recorded.run.samples).toBeGreaterThan(100);
    expect(recorded.profile.notes.join()).toMatch(/exited before the time limit/);
  });

  it('tells a process and a program that are not there', async () => {
    const missing = laboratory.record(
      { kind: 'process', pid: 2 ** 22 },
      defaultRecordOptions,
      recordingContext(),
    );
    expect((await failure(missing)).code).toBe('process-unknown');
    const absent = laboratory.record(
      { kind: 'program', program: './nothing', args: [] },
      defaultRecordOptions,
      recordingContext(),
    );
    expect((await failure(absent)).code).toBe('program-missing');
  });
});

describe('what is asked for and what the machine counts', () => {
  const context = recordingContext();

  it('names what is not counted and why, and samples the rest', async () => {
    const plan = await planRecording(
      {
        callGraph: 'fp',
        events: ['cycles', 'branch-misses', 'page-faults', 'context-switches'],
        scope: 'user',
      },
      context,
    );
    const pmu = (await probeEvent('cycles:u', context)).counted;
    const names = plan.events.map((e) => e.name);
    expect(names).toContain('page-faults:u');
    expect(plan.notes.join('\n')).toMatch(
      /context-switches:u was not sampled: context switches happen in the kernel/,
    );
    if (pmu) expect(names[0]).toBe('cycles:u');
    else {
      expect(plan.events[0]).toMatchObject({ name: 'cpu-clock:u', fallback: { requested: 'cycles:u' } });
      expect(plan.notes.join('\n')).toMatch(/branch-misses:u was not sampled: .*no hardware counters/);
    }
  });

  it('refuses LBR before anything runs where the processor has none', async () => {
    if ((await probeEvent('cycles:u', context)).counted) return;
    const error = await failure(planRecording({ ...defaultRecordOptions, callGraph: 'lbr' }, context));
    expect(error.code).toBe('not-supported');
    expect(error.toText()).toMatch(/LBR[^]*no hardware counters[^]*call graph "fp"/);
    expect(
      (await failure(planRecording({ ...defaultRecordOptions, events: ['cache-misses'] }, context))).code,
    ).toBe('not-supported');
  });

  it('bounds the frequency by what the kernel allows and says so', async () => {
    const plan = await planRecording({ ...defaultRecordOptions, frequency: 1_000_000 }, context);
    expect(plan.frequency).toBeLessThan(1_000_000);
    expect(plan.notes.join()).toMatch(/max_sample_rate/);
    expect((await planRecording({ ...defaultRecordOptions, callGraph: 'dwarf' }, context)).frequency).toBe(
      997,
    );
  });
});

describe('the doctor', () => {
  it('has a verdict for every event and call graph, and a remedy where one helps', async () => {
    const { checks, machine } = await runDoctor({});
    const check = (name: string) => checks.find((c) => c.name === name);
    expect(machine).toMatch(/Linux/);
    expect(check('Event page-faults')?.status).toBe('ok');
    expect(check('Call graph fp')?.status).toBe('ok');
    expect(check('Exact instruction counts')?.status).toBe('ok');
    for (const name of ['cycles', 'instructions', 'cache-misses', 'branch-misses'])
      if (check(`Event ${name}`)?.status !== 'ok')
        expect(check(`Event ${name}`)?.remedy?.text).toMatch(/PMU/);
    expect(checks.filter((c) => c.status === 'missing')).toEqual([]);
  });

  it('explains a refusal as the error of perf does', async () => {
    const lab = new TempLab();
    const shim = lab.compileShim('refuse_perf');
    const { checks } = await withEnvironment({ LD_PRELOAD: shim }, () => runDoctor({}));
    const permission = checks.find((c) => c.name === 'Permission to measure');
    const refused = await withEnvironment({ LD_PRELOAD: shim }, () =>
      failure(planRecording(defaultRecordOptions, recordingContext())),
    );
    lab.dispose();
    expect(permission).toMatchObject({ status: 'missing', remedy: refused.remedy });
    expect(refused.detail).toContain(permission?.detail);
    expect(checks.find((c) => c.name === 'Event cpu-clock')?.detail).toMatch(/not permitted/);
  });
});
