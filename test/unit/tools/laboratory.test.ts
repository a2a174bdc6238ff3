import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BuildError } from '../../../src/core/build/build.js';
import { LabError } from '../../../src/core/labError.js';
import { endSymbolTools } from '../../../src/core/symbols/frameCache.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { recordingContext, root } from '../support/fixtures.js';
import { TempLab, withEnvironment } from '../support/tempLab.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';

async function failure(action: Promise<unknown>): Promise<LabError> {
  const error = await action.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(LabError);
  return error as LabError;
}

describe('a laboratory with the real tools', () => {
  let lab: TempLab;
  beforeAll(() => {
    lab = new TempLab();
  });
  afterAll(() => lab.dispose());

  it('saves a profile of another tool as a run, without claiming to know its machine', async () => {
    const laboratory = await lab.open();
    const file = path.join(root, 'test/fixtures/calls.perf.data');
    const { run, profile } = await laboratory.import(file, {}, recordingContext());
    expect(run).toMatchObject({ kind: 'profile', importedFrom: file, samples: profile.samples.length });
    expect(run.preset.name).toBe('calls.perf.data');
    expect(run.environment).toMatchObject({ host: null, perf: null, compiler: null, programHash: null });
    expect(await laboratory.store.load(run.id)).toEqual(run);
    expect((await laboratory.store.loadProfile(run.id)).samples.length).toBe(profile.samples.length);

    const before = await laboratory.store.list();
    const damaged = path.join(lab.folder, 'damaged.perf.data');
    writeFileSync(damaged, readFileSync(file).subarray(0, 200));
    const error = await failure(laboratory.import(damaged, {}, recordingContext()));
    expect(error.code).toBe('profile-corrupt');
    expect(await laboratory.store.list()).toEqual(before);
  });

  it('builds, benchmarks, counts, samples and saves', async () => {
    const laboratory = await lab.open();
    const context = recordingContext();
    const { run, profile } = await laboratory.profile('RUN', { repeats: 3 }, context);
    expect(run.results[0]?.opsPerSec.samples).toHaveLength(3);
    expect(run.samples).toBeGreaterThan(100);
    expect(run.stat?.operations).toBe(20_000_000);
    expect(run.stat?.counters.find((c) => c.event === 'task-clock')?.value).toBeGreaterThan(0);
    const document = toDocument(ofEvent(profile), laboratory.classifier, run.stat);
    expect(document.functions.reduce((sum, f) => sum + f.selfPercent, 0)).toBeCloseTo(100, 6);
    const worker = document.functions.find((f) => f.name === 'worker_run');
    expect(worker).toMatchObject({
      file: path.join(lab.folder, 'bench.c'),
      line: 16,
      category: 'Benchmark Driver',
    });
    expect(document.functions.find((f) => f.name === 'next_random')?.line).toBe(10);
    expect(context.messages.join('\n')).toMatch(
      /Building[^]*repeat 3 of 3[^]*Counting[^]*Sampling[^]*Saving/,
    );

    const again = await lab.open();
    expect(await again.store.load(run.id)).toEqual(run);
    expect(await again.store.loadProfile(run.id)).toEqual(profile);
    expect((await again.store.latest((r) => r.kind === 'profile'))?.id).toBe(run.id);
  });

  it('finds the same functions and definitions with addr2line alone', async () => {
    const laboratory = await lab.open();
    const { profile } = await withEnvironment({ PATH: await lab.pathWithout('llvm-symbolizer') }, () =>
      laboratory.profile('RUN', { repeats: 1 }, recordingContext()),
    );
    const { functions } = toDocument(ofEvent(profile), laboratory.classifier, null);
    expect(functions.find((f) => f.name === 'worker_run')?.line).toBe(16);
    expect(functions.find((f) => f.name === 'next_random')?.line).toBe(10);
    expect(lab.survivors(), 'addr2line waits for more').toHaveLength(1);
    endSymbolTools();
    await expect.poll(() => lab.survivors()).toEqual([]);
  });

  it('measures competitors in turn', async () => {
    const context = recordingContext();
    const run = await (await lab.open()).bench('RUN', { repeats: 2, competitors: ['system'] }, context);
    expect(run.results.map((r) => [r.allocator, r.opsPerSec.samples.length])).toEqual([
      ['Test', 2],
      ['system', 2],
    ]);
    expect(context.messages.filter((m) => m.startsWith('Running benchmark'))).toEqual([
      'Running benchmark, repeat 1 of 2, Test…',
      'Running benchmark, repeat 1 of 2, system…',
      'Running benchmark, repeat 2 of 2, Test…',
      'Running benchmark, repeat 2 of 2, system…',
    ]);
    const unknown = await failure((await lab.open()).bench('RUN', { competitors: ['nomalloc'] }, context));
    expect(unknown.code).toBe('competitor-unknown');
    expect(unknown.message).toMatch(/isn't a configured competitor of RUN/);
  });

  it('profiles a program that is no benchmark, and says that it has no throughput', async () => {
    const { run, profile } = await (await lab.open()).profile('SILENT', {}, recordingContext());
    expect(run.results).toEqual([]);
    expect(run.stat?.operations).toBeNull();
    expect(profile.notes.join()).toMatch(/No throughput/);
  });

  it('tells a crash with its signal, its last words and a next step', async () => {
    const error = await failure((await lab.open()).profile('CRASH', {}, recordingContext()));
    expect(error.code).toBe('program-failed');
    expect(error.toText()).toMatch(/SIGABRT[^]*about to crash[^]*Next step/);
  });

  it('canceling ends the program and everything between', async () => {
    const controller = new AbortController();
    const context = recordingContext(controller.signal);
    const running = failure((await lab.open()).profile('HANG', {}, context));
    while (lab.survivors().length === 0) await delay(20);
    controller.abort();
    expect((await running).code).toBe('canceled');
    expect(lab.survivors()).toEqual([]);
  });

  it('lets one measurement at a time be made', async () => {
    const controller = new AbortController();
    const first = failure((await lab.open()).bench('HANG', {}, recordingContext(controller.signal)));
    while (lab.survivors().length === 0) await delay(20);
    const waiting = recordingContext();
    const second = (await lab.open()).bench('RUN', { repeats: 1 }, waiting);
    while (waiting.messages.length === 0) await delay(20);
    expect(waiting.messages[0]).toMatch(/Waiting for process/);
    controller.abort();
    expect((await first).code).toBe('canceled');
    expect((await second).results).toHaveLength(1);
  });
});

describe('what can be missing or forbidden', () => {
  let lab: TempLab;
  beforeAll(() => {
    lab = new TempLab();
  });
  afterAll(() => lab.dispose());

  const profileWith = async (changes: Record<string, string>) => {
    const laboratory = await lab.open();
    return withEnvironment(changes, () =>
      failure(laboratory.profile('RUN', { repeats: 1 }, recordingContext())),
    );
  };

  it.each([
    ['cc', /^cc isn't installed/, /apt-get install -y gcc$/],
    ['make', /^make isn't installed/, /apt-get install -y make$/],
    ['perf', /^perf isn't installed/, /apt-get install -y linux-perf$/],
    ['addr2line', /^addr2line isn't installed/, /apt-get install -y binutils$/],
  ])('without %s the message names it and the package', async (tool, message, command) => {
    const error = await profileWith({ PATH: await lab.pathWithout(tool) });
    expect(error.code).toBe('tool-missing');
    expect(error.message).toMatch(message);
    expect(error.remedy?.command).toMatch(command);
    if (tool === 'cc') await (await lab.open()).bench('RUN', { repeats: 1 }, recordingContext());
  });

  it('a refusal of perf is reported with its remedy', async () => {
    const error = await profileWith({ LD_PRELOAD: lab.compileShim('refuse_perf') });
    expect(error.code).toBe('perf-not-permitted');
    expect(error.toText()).toMatch(/isn't permitted[^]*perf_event_paranoid is[^]*Next step/);
  });

  it('a failing build lists the compiler’s errors with absolute places', async () => {
    const source = path.join(lab.folder, 'bench.c');
    writeFileSync(source, 'int main(void) {\n  return nothing;\n}\n');
    const error = await failure((await lab.open()).profile('RUN', {}, recordingContext()));
    expect(error).toBeInstanceOf(BuildError);
    expect((error as BuildError).diagnostics[0]).toMatchObject({
      file: source,
      line: 2,
      column: 10,
      severity: 'error',
    });
    expect(error.toText()).toMatch(/failed with 1 error[^]*bench\.c:2: 'nothing' undeclared[^]*Next step/);
  });

  it('a run store that cannot be written is reported', async () => {
    const other = new TempLab();
    other.write('.hakmem-lab', 'a file where the folder should be');
    const error = await failure((await other.open()).bench('RUN', { repeats: 1 }, recordingContext()));
    expect(error.code).toBe('write-failed');
    other.dispose();
  });

  it('an unknown run and a damaged one are told apart', async () => {
    const { store } = await lab.open();
    expect((await failure(store.load('nothing'))).code).toBe('run-unknown');
    expect((await failure(store.load('../../etc'))).code).toBe('run-unknown');
  });
});
