/** Experiments with made-up measurements: what they conclude is computed as for real ones. */
import { concludeComparison, type Comparison } from '../../../src/core/experiments/comparison.js';
import { concludeMatrix, type MatrixResult } from '../../../src/core/experiments/matrixResult.js';
import type { PresetHistory } from '../../../src/core/experiments/history.js';
import type { RunDocument } from '../../../src/model/run.js';
import { changePoints } from '../../../src/statistics/changePoints.js';
import { pairsOf } from '../statistics/noise.js';

const side = (label: string, variables: Record<string, string>) => ({
  label,
  preset: { name: label, description: '', environment: variables, program: '/bin/bench', args: [] },
  environment: {
    host: null,
    perf: null,
    compiler: 'gcc 12',
    variables,
    programHash: null,
  },
});

/** B is as many times as fast as A. */
export function madeComparison(ratio: number, pairs = 24, labels = ['LEGACY', 'BINS']): Comparison {
  const next = pairsOf('normal', Math.log(ratio), 3);
  const process = (opsPerSec: number) => ({
    wallSeconds: 0.5,
    bench: { opsPerSec, seconds: 0.5, peakRssBytes: 5 << 20 },
  });
  return concludeComparison({
    experiment: 'made',
    createdAt: '2026-11-26T12:00:00.000Z',
    a: side(labels[0] as string, { HAKMEM_PROFILE: 'LEGACY' }),
    b: side(labels[1] as string, { HAKMEM_PROFILE: 'BINS' }),
    metric: 'throughput',
    margin: 0.02,
    pairs: Array.from({ length: pairs }, (_, i) => {
      const a = 100e6 * (1 + 0.01 * Math.sin(i));
      return {
        first: i % 2 === 0 ? ('A' as const) : ('B' as const),
        a: process(a),
        b: process(a * Math.exp(next())),
        disturbance: { steal: 0, pressure: 0, load: 0.2, throttled: 0, migrations: 0 },
      };
    }),
    seed: 3,
    ending: 'settled',
    notes: [],
  });
}

/** @param instructions of one operation, by cell */
export function madeMatrix(instructions: readonly number[] | null = null): MatrixResult {
  const options = ['FAST', 'ALSO', 'DEAD'].map((name) => ({ name, values: ['0', '1'] }));
  const cells = Array.from({ length: 8 }, (_, i) => [i >> 2, (i >> 1) & 1, i & 1]);
  const next = pairsOf('normal', 0, 5);
  const plan = {
    kind: 'matrix' as const,
    formatVersion: 1 as const,
    createdAt: '2026-11-26T12:00:00.000Z',
    name: 'flags',
    preset: 'LEGACY',
    options,
    cells,
    args: [],
    metric: 'throughput' as const,
    margin: 0.02,
    seed: 1,
    reasons: cells.map(() => ({ DEAD: 'nobody reads it' })),
    instructions,
    notes: [],
  };
  const blocks = Array.from({ length: 40 }, () => ({
    speeds: cells.map(
      ([fast = 0, also = 0]) => 1e8 * (1 + 0.1 * fast - 0.05 * fast * also) * Math.exp(0.05 * next()),
    ),
  }));
  return concludeMatrix('made', plan, blocks);
}

/** Slower by a tenth from the run `at` on. */
export function madeHistory(length: number, at: number): PresetHistory {
  const next = pairsOf('normal', 0, 7);
  const speeds = Array.from({ length }, (_, i) => 1e8 * (i < at ? 1 : 0.9) * Math.exp(0.2 * next()));
  const runs = speeds.map((median, i): RunDocument => {
    const day = new Date(Date.UTC(2026, 8, 1 + i)).toISOString();
    const { preset, environment } = side('LEGACY', { OPTION: i < at ? '0' : '1' });
    return {
      formatVersion: 1,
      id: `run-${String(i)}`,
      kind: 'run',
      createdAt: day,
      preset,
      environment,
      results: [
        {
          allocator: 'hakmem',
          opsPerSec: { median, ci95: [median * 0.99, median * 1.01], samples: [median, median] },
          peakRssBytes: null,
        },
      ],
      stat: null,
    } as unknown as RunDocument;
  });
  return { preset: 'LEGACY', runs, changes: changePoints(speeds.map(Math.log)), fewest: 30 };
}
