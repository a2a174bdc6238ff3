import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Subject } from '../../../src/core/bench/subject.js';
import { countInstructions } from '../../../src/core/callgrind/countInstructions.js';
import { readCounts, subtract, totalOf } from '../../../src/core/callgrind/counts.js';
import { expandInlined } from '../../../src/core/callgrind/inlined.js';
import { runCallgrind, type CallgrindRun } from '../../../src/core/callgrind/valgrind.js';
import type { CallgrindFunction } from '../../../src/core/import/callgrindParser.js';
import { LabError } from '../../../src/core/labError.js';
import { toDocument } from '../../../src/views/toDocument.js';
import { ofEvent } from '../../../src/views/sampleFilter.js';
import { stripCloneSuffix } from '../../../src/core/symbols/cloneSuffix.js';
import { findSymbolTool } from '../../../src/core/symbols/symbolizer.js';
import { recordingContext, root } from '../support/fixtures.js';
import { TempLab, withEnvironment } from '../support/tempLab.js';

describe('counting instructions with callgrind', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-callgrind-'));
  const program = path.join(folder, 'calls');
  const source = path.join(root, 'test/fixtures/src/calls.c');
  const subject = (...args: string[]): Subject => ({
    allocator: '',
    program,
    args,
    cwd: folder,
    environment: {},
  });
  const temporary = (name: string) => path.join(folder, name);
  let counted: CallgrindRun;

  beforeAll(async () => {
    execFileSync('cc', ['-O2', '-g', '-fno-omit-frame-pointer', '-o', program, source]);
    counted = await runCallgrind(subject('20000'), temporary('out'), recordingContext());
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What callgrind_annotate says of the same file: instructions by `FILE:FUNCTION` and by line of the source. */
  function annotate(): { functions: Map<string, number>; lines: Map<number, number>; total: number } {
    const file = temporary('annotate.out');
    writeFileSync(file, counted.dumps[0]?.text ?? '');
    const text = execFileSync(
      'callgrind_annotate',
      ['--threshold=100', '--show-percs=no', '--auto=no', '--context=0', file, source],
      { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const number = (digits = '') => Number(digits.replaceAll(',', ''));
    const functions = new Map<string, number>();
    for (const [, cost, name = ''] of text.matchAll(/^ *([\d,]+) {2}(\S*?:.*?)(?: \[.*\])?$/gm)) {
      functions.set(name, (functions.get(name) ?? 0) + number(cost));
    }
    const lines = new Map<number, number>();
    const listing = text.slice(text.indexOf('-- User-annotated source: '));
    for (const [, line, cost] of listing.matchAll(/^-- line (\d+) -+\n *([\d,]+) {2}/gm)) {
      lines.set(Number(line), number(cost));
    }
    return {
      functions,
      lines,
      total: number(/^([\d,]+) {2}PROGRAM TOTALS/m.exec(text.replace(/^ +/gm, ''))?.[1]),
    };
  }

  it('agrees with callgrind_annotate in total, for every function and for every line', () => {
    const [thread] = readCounts(counted);
    const expected = annotate();
    expect(thread?.total).toBe(expected.total);
    // callgrind_annotate lists a function once for each file that parts of it come from.
    const ours = new Map<string, number>();
    const lines = new Map<number, number>();
    for (const { name, costs } of thread?.functions ?? []) {
      for (const [place, cost] of costs) {
        const [line, file = ''] = place.split('\0');
        const key = `${file || '???'}:${name}`;
        ours.set(key, (ours.get(key) ?? 0) + cost);
        if (file.endsWith('calls.c')) lines.set(Number(line), (lines.get(Number(line)) ?? 0) + cost);
      }
    }
    expect(expected.functions.size).toBeGreaterThan(20);
    for (const [name, cost] of expected.functions) expect([name, ours.get(name)]).toEqual([name, cost]);
    expect(expected.lines.size).toBeGreaterThan(10);
    expect(lines.size).toBe(expected.lines.size);
    for (const [line, cost] of expected.lines) expect([line, lines.get(line)]).toEqual([line, cost]);
  });

  it('counts the same again', async () => {
    const again = await runCallgrind(subject('20000'), temporary('again'), recordingContext());
    expect(totalOf(readCounts(again))).toBe(totalOf(readCounts(counted)));
  });

  it('gives inlined functions their part and keeps every sum', async () => {
    const [thread] = readCounts(counted);
    const before = thread?.functions ?? [];
    const parts = await expandInlined(before, await findSymbolTool(), recordingContext());
    const sum = (functions: typeof before) =>
      functions.reduce((all, f) => [...f.costs.values()].reduce((a, b) => a + b, all), 0);
    expect(sum(parts)).toBe(thread?.total);
    const inlined = parts.filter((p) => p.inlined && p.object === program);
    expect(inlined.length).toBeGreaterThan(0);
    expect(sum(inlined)).toBeGreaterThan(20_000);
    // What a symbol loses of its self cost went to the functions inlined into it: with them it has what it had.
    const perSymbol = (functions: typeof before, members: (f: CallgrindFunction) => typeof before) => {
      const sums: Record<string, number> = {};
      for (const func of functions) {
        if (func.object !== program || func.inlined) continue;
        const name = stripCloneSuffix(func.name.replace(/'\d+$/, ''));
        sums[name] = (sums[name] ?? 0) + sum(members(func));
      }
      return sums;
    };
    const withInlined = (func: CallgrindFunction): typeof before => [
      func,
      ...[...func.calls.keys()].filter((callee) => callee.inlined).flatMap(withInlined),
    ];
    const [after, counts] = [perSymbol(parts, withInlined), perSymbol(before, (f) => [f])];
    for (const name of ['main', 'once', 'twice', 'recurse']) {
      expect(counts[name]).toBeGreaterThan(0);
      expect([name, after[name]]).toEqual([name, counts[name]]);
    }
  });

  it('subtracts startup: the difference is the cost of the iterations alone', async () => {
    const { profile, stat } = await countInstructions(
      { subject: subject('1'), iterationsArg: 0, seconds: 0.6 },
      temporary,
      await findSymbolTool(),
      recordingContext(),
    );
    expect(profile.events).toEqual([{ name: 'instructions (callgrind)', exact: true }]);
    const total = profile.samples.weight.reduce((a, b) => a + b, 0);
    const [, extra = '0'] =
      /^([\d,]+) instructions ran only in the shorter execution/m.exec(profile.notes.join('\n')) ?? [];
    const expected = (stat.counters[0]?.value ?? 0) + Number(extra.replaceAll(',', ''));
    expect(total).toBeCloseTo(expected, 3);
    expect(profile.notes.join('\n')).toMatch(/exclude startup[^]*exactly the same/);
    const { functions } = toDocument(
      ofEvent(profile),
      { names: ['All'], classifyAll: (p) => new Int32Array(p.functions.length) },
      stat,
    );
    const foreign = functions.filter((f) => f.selfPercent > 0.01 && f.module !== program);
    expect(foreign).toEqual([]);
    expect(functions[0]?.selfPerOp).toBeUndefined();
  });

  it('a difference leaves out nothing and tells what the shorter run did more', () => {
    const threads = readCounts(counted);
    const none = subtract(threads, threads);
    expect(none.negative).toBe(0);
    expect(totalOf(none.threads)).toBe(0);
    const all = subtract(threads, []);
    expect(totalOf(all.threads)).toBe(totalOf(threads));
    expect(subtract([{ pid: 1, thread: 1, functions: [], total: 0 }], threads).negative).toBe(
      totalOf(threads),
    );
  });

  it('refuses counts that do not add up', () => {
    const [dump] = counted.dumps;
    const text = Buffer.from(
      String(dump?.text)
        .replace(/^totals: \d+/m, 'totals: 17')
        .replace(/^summary: .*$/m, ''),
    );
    expect(() => readCounts({ dumps: [{ pid: 1, thread: 1, text }] })).toThrow(/don't add up/);
  });
});

describe('a preset counted with callgrind', () => {
  let lab: TempLab;
  beforeAll(() => {
    lab = new TempLab();
  });
  afterAll(() => lab.dispose());

  it('is a run like any other, with instructions per operation and their source', async () => {
    const laboratory = await lab.open();
    const { run } = await laboratory.count('RUN', { seconds: 0.6 }, recordingContext());
    const profile = await laboratory.store.loadProfile(run.id);
    expect(profile.events[0]).toEqual({ name: 'instructions (callgrind)', exact: true });
    const document = toDocument(ofEvent(profile), laboratory.classifier, run.stat);
    expect(run.stat?.derived.instructionsPerOpSource).toMatch(/callgrind, excluding startup/);
    const perOp = document.functions.reduce((sum, f) => sum + (f.selfPerOp ?? 0), 0);
    // The functions add up to the difference of the runs and what the shorter one alone executed, as the note says.
    const alone =
      /^([\d,]+) instructions ran only in the shorter/m.exec(profile.notes.join('\n'))?.[1] ?? '0';
    const ofShorter = Number(alone.replaceAll(',', '')) / (run.stat?.operations ?? NaN);
    expect(perOp / ((run.stat?.derived.instructionsPerOp ?? 0) + ofShorter)).toBeCloseTo(1, 9);
    expect(perOp).toBeGreaterThan(1);
    expect(document.functions.find((f) => f.name === 'next_random')?.selfPerOp).toBeGreaterThan(0);
    expect(document.exact).toBe(true);
  });

  it('without an iteration argument it says that start-up is included', async () => {
    const { run, profile } = await (await lab.open()).count('ONCE', {}, recordingContext());
    expect(run.stat?.derived.instructionsPerOpSource).toMatch(/including startup/);
    expect(profile.notes.join()).toMatch(/iterationsArg/);
  });

  it('without valgrind the message names the package', async () => {
    const PATH = await lab.pathWithout('valgrind');
    const error: unknown = await withEnvironment({ PATH }, async () =>
      (await lab.open()).count('RUN', {}, recordingContext()).catch((e: unknown) => e),
    );
    expect((error as LabError).code).toBe('tool-missing');
    expect((error as LabError).remedy?.command).toMatch(/apt-get install -y valgrind$/);
  });
});
