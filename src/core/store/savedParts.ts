import * as z from '../zod.js';

/**
 * What every reader of a saved file relies on. Files may come with a workspace, so whatever is read is checked: what is
 * optional in a type may be absent or null here, since older versions didn't write it.
 */
const texts = z.record(z.string(), z.string());

export const statistics = z.looseObject({
  median: z.number(),
  ci95: z.tuple([z.number(), z.number()]),
  samples: z.array(z.number()),
});

export const savedPreset = z.looseObject({
  name: z.string(),
  description: z.string(),
  environment: texts,
  program: z.string(),
  args: z.array(z.string()),
  profileArgs: z.nullish(z.array(z.string())),
  cwd: z.nullish(z.string()),
  stdin: z.nullish(z.string()),
});

export const savedEnvironment = z.looseObject({
  host: z.nullable(
    z.looseObject({ cpu: z.string(), cores: z.number(), kernel: z.string(), memoryBytes: z.number() }),
  ),
  perf: z.nullish(z.string()),
  compiler: z.nullish(z.string()),
  variables: texts,
  programHash: z.nullish(z.string()),
  buildId: z.nullish(z.string()),
  machine: z.nullish(texts),
  source: z.nullish(z.looseObject({ commit: z.string(), diffHash: z.nullish(z.string()) })),
});

export const benchResult = z.looseObject({
  allocator: z.string(),
  opsPerSec: statistics,
  operation: z.nullish(z.enum(['execution', 'cases'])),
  peakRssBytes: z.nullable(z.number()),
  process: z.nullish(
    z.looseObject({
      wallSeconds: statistics,
      userSeconds: statistics,
      systemSeconds: statistics,
      pageFaults: statistics,
    }),
  ),
  cases: z.nullish(z.array(z.looseObject({ name: z.string(), unit: z.string(), value: statistics }))),
});

export const savedStat = z.looseObject({
  counters: z.array(
    z.looseObject({
      event: z.string(),
      value: z.number(),
      unit: z.string(),
      runningPercent: z.nullish(z.number()),
    }),
  ),
  unavailable: z.array(z.looseObject({ event: z.string(), reason: z.string() })),
  derived: z.looseObject({
    ipc: z.nullish(z.number()),
    cyclesPerOp: z.nullish(z.number()),
    instructionsPerOp: z.nullish(z.number()),
    instructionsPerOpSource: z.nullish(z.string()),
  }),
  operations: z.nullable(z.number()),
});
