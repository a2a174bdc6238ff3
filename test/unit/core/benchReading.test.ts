import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readOutput } from '../../../src/core/bench/reading.js';
import type { OutputFormat } from '../../../src/core/lab/labFile.js';
import { fixtureText } from '../support/fixtures.js';

const folder = mkdtempSync(path.join(os.tmpdir(), 'hakmem-lab-reading-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string, format?: OutputFormat) => readOutput(text, './b', format, folder);

interface GoogleBenchmark {
  readonly benchmarks: readonly { readonly name: string; readonly real_time: number }[];
}

describe('the output of a benchmark', () => {
  it('of Google Benchmark is a time per case', async () => {
    const text = fixtureText('google-benchmark.json');
    const [sort] = (JSON.parse(text) as GoogleBenchmark).benchmarks;
    const { cases } = await read(`2026-11-26 Running ./gb {1}\n${text}`);
    expect(cases.map(({ name }) => name)).toEqual(['BM_sort/100', 'BM_sort/1000', 'BM_ms']);
    expect(cases[0]?.unit).toBe('s');
    expect(cases[0]?.value).toBeCloseTo((sort?.real_time ?? 0) * 1e-9, 12);
    // Its unit is milliseconds, and it takes nanoseconds.
    expect(cases[2]?.value).toBeLessThan(1e-6);
  });

  it('of Google Benchmark with repetitions is their median, without its own aggregates', async () => {
    const one = (name: string, real_time: number, run_type = 'iteration') => ({ name, real_time, run_type });
    const benchmarks = [one('A', 3), one('A', 1), one('A', 2), one('A_mean', 2, 'aggregate')];
    const { cases } = await read(JSON.stringify({ context: {}, benchmarks }));
    expect(cases).toEqual([{ name: 'A', unit: 's', value: 2e-9 }]);
  });

  it('of hyperfine is the median time of each command', async () => {
    const { cases } = await read(fixtureText('hyperfine.json'));
    expect(cases).toEqual([
      { name: '/bin/true', unit: 's', value: 0.0030103160000000003 },
      { name: '/bin/ls /', unit: 's', value: 0.0050625850000000005 },
    ]);
  });

  it('of Catch2 is the mean of each benchmark', async () => {
    const { cases } = await read(fixtureText('catch2.xml'));
    expect(cases).toEqual([
      { name: 'fib 15', unit: 's', value: 2760.12 * 1e-9 },
      { name: 'fib "18"', unit: 's', value: 62597.4 * 1e-9 },
    ]);
  });

  it('is found where the preset says', async () => {
    const text = 'warm-up: 9 ms\nrate: 1,234.5 per second\n';
    expect((await read(text, { regex: 'rate: ([\\d.,]+)', unit: 'requests/s', name: 'rate' })).cases).toEqual(
      [{ name: 'rate', unit: 'requests/s', value: 1234.5 }],
    );
    const json = '{"a": {"b": [{"c": "12"}]}}';
    expect((await read(json, { jsonPath: '$.a.b[0].c', unit: 'ms' })).cases).toEqual([
      { name: 'result', unit: 's', value: 0.012 },
    ]);
    writeFileSync(path.join(folder, 'out.json'), '{"t": 2}');
    expect((await read('', { file: 'out.json', jsonPath: 't' })).cases[0]?.value).toBe(2);
  });

  it('is missed where the preset says and it is not', async () => {
    await expect(read('done', { regex: 'rate: (\\d+)' })).rejects.toThrow(/nothing that matches rate/);
    await expect(read('{}', { jsonPath: '$.a[0]' })).rejects.toThrow(/no number at \$\.a\[0\]/);
    await expect(read('{"a": 1}', { jsonPath: 'constructor.name' })).rejects.toThrow(/no number/);
    await expect(read('', { file: 'absent.json' })).rejects.toThrow(/wrote no absent\.json/);
  });

  it('is not searched for ever by a pattern that backtracks, nor kept for each match', async () => {
    await expect(read('a'.repeat(60), { regex: '(a+)+$b' })).rejects.toMatchObject({
      code: 'program-output',
      message: expect.stringMatching(/takes too long/) as unknown,
    });
    const million = 'rate: 1\n'.repeat(1_000_000);
    expect((await read(`${million}rate: 7\n`, { regex: 'rate: (\\d+)' })).cases[0]?.value).toBe(7);
  });

  it.each(['', 'done', '{', '{}', '<Catch name="x"></Catch>', '{"results": []}', '{"context": 1}'])(
    '%j has no result',
    async (text) => {
      expect(await read(text)).toEqual({ cases: [] });
    },
  );
});
