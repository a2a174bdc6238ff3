import * as z from '../zod.js';
import type { RunStore } from '../store/runStore.js';
import { savedEnvironment, savedPreset, statistics } from '../store/savedParts.js';
import type { Comparison } from './comparison.js';
import { finishedExperiments } from './experimentLog.js';
import type { MatrixResult } from './matrixResult.js';
import type { Details } from './whereDifferent.js';

/** A finished comparison, with what was found out afterwards. */
export type SavedComparison = Comparison & { readonly details?: Details };

const verdict = z.enum(['slower', 'faster', 'equivalent', 'unclear']);
const metric = z.enum(['throughput', 'time']);
const estimate = z.looseObject({ value: z.number(), low: z.number(), high: z.number() });
const side = z.looseObject({
  label: z.string(),
  preset: savedPreset,
  environment: savedEnvironment,
  speed: z.nullable(statistics),
  peakRssBytes: z.nullable(z.number()),
});
const process = z.looseObject({
  wallSeconds: z.number(),
  bench: z.nullish(z.looseObject({ opsPerSec: z.number(), peakRssBytes: z.nullish(z.number()) })),
});
const disturbance = z.looseObject({
  steal: z.number(),
  pressure: z.nullish(z.number()),
  throttled: z.nullish(z.number()),
  load: z.number(),
});
const parts = z.array(
  z.looseObject({
    name: z.string(),
    a: z.number(),
    b: z.number(),
    delta: estimate,
    significant: z.boolean(),
  }),
);
const details = z.looseObject({
  instructions: z.nullable(z.looseObject({ a: z.number(), b: z.number() })),
  profile: z.nullable(
    z.looseObject({
      a: z.string(),
      b: z.string(),
      event: z.string(),
      unit: z.enum(['ns/op', 'share']),
      categories: parts,
      functions: parts,
    }),
  ),
  notes: z.array(z.string()),
});
const comparison = z.looseObject({
  kind: z.literal('comparison'),
  formatVersion: z.literal(1),
  experiment: z.string(),
  createdAt: z.string(),
  a: side,
  b: side,
  metric,
  verdict,
  margin: z.number(),
  ratio: z.nullable(estimate),
  hodgesLehmann: z.nullish(z.number()),
  logEvidence: z.number(),
  pairs: z.array(z.looseObject({ first: z.enum(['A', 'B']), a: process, b: process, disturbance })),
  seed: z.number(),
  ending: z.enum(['settled', 'time', 'pairs', 'interrupted']),
  differences: z.array(
    z.looseObject({ what: z.string(), a: z.nullable(z.string()), b: z.nullable(z.string()) }),
  ),
  noise: z.nullable(
    z.looseObject({
      spread: z.number(),
      steal: z.number(),
      pressure: z.nullable(z.number()),
      load: z.number(),
      throttled: z.number(),
    }),
  ),
  notes: z.array(z.string()),
  details: z.nullish(details),
});
const matrix = z
  .looseObject({
    kind: z.literal('matrix'),
    formatVersion: z.literal(1),
    experiment: z.string(),
    createdAt: z.string(),
    name: z.string(),
    preset: z.string(),
    options: z.array(z.looseObject({ name: z.string(), values: z.array(z.string()) })),
    cells: z.array(z.array(z.number())),
    args: z.array(z.string()),
    metric,
    margin: z.number(),
    instructions: z.nullish(z.array(z.number())),
    blocks: z.number(),
    speeds: z.array(z.number()),
    ranking: z.array(z.number()),
    best: verdict,
    effects: z.array(
      z.looseObject({
        name: z.string(),
        options: z.array(z.string()),
        ratio: z.number(),
        low: z.number(),
        high: z.number(),
        shown: z.boolean(),
      }),
    ),
    reasons: z.array(z.record(z.string(), z.string())),
    dead: z.array(
      z.looseObject({
        name: z.string(),
        cells: z.number(),
        reason: z.string(),
        measured: z.boolean(),
        instructionsDiffer: z.nullish(z.number()),
      }),
    ),
    notes: z.array(z.string()),
  })
  .check(
    z.refine(
      ({ options, cells, speeds, ranking }) =>
        speeds.length === cells.length &&
        ranking.every((at) => at in cells) &&
        cells.every(
          (cell) =>
            cell.length === options.length && cell.every((value, i) => value in (options[i]?.values ?? [])),
        ),
    ),
  );

/** Finished comparisons, oldest first. What isn't one, though it says so, is left out: files may come with a workspace. */
export async function savedComparisons(store: Pick<RunStore, 'folder'>): Promise<SavedComparison[]> {
  const all = await finishedExperiments<SavedComparison>(store, 'comparison');
  return all.filter((one) => comparison.safeParse(one).success);
}

/** Finished matrices, likewise. */
export async function savedMatrices(store: Pick<RunStore, 'folder'>): Promise<MatrixResult[]> {
  const all = await finishedExperiments<MatrixResult>(store, 'matrix');
  return all.filter((one) => matrix.safeParse(one).success);
}
