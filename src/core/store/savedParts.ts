import * as z from 'zod';

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
  profileArgs: z.array(z.string()).nullish(),
  cwd: z.string().nullish(),
  stdin: z.string().nullish(),
});

export const savedEnvironment = z.looseObject({
  host: z
    .looseObject({ cpu: z.string(), cores: z.number(), kernel: z.string(), memoryBytes: z.number() })
    .nullable(),
  perf: z.string().nullish(),
  compiler: z.string().nullish(),
  variables: texts,
  programHash: z.string().nullish(),
  buildId: z.string().nullish(),
  machine: texts.nullish(),
  source: z.looseObject({ commit: z.string(), diffHash: z.string().nullish() }).nullish(),
});

export const benchResult = z.looseObject({
  allocator: z.string(),
  opsPerSec: statistics,
  operation: z.enum(['execution', 'cases']).nullish(),
  peakRssBytes: z.number().nullable(),
  process: z
    .looseObject({
      wallSeconds: statistics,
      userSeconds: statistics,
      systemSeconds: statistics,
      pageFaults: statistics,
    })
    .nullish(),
  cases: z.array(z.looseObject({ name: z.string(), unit: z.string(), value: statistics })).nullish(),
});

export const savedStat = z.looseObject({
  counters: z.array(
    z.looseObject({
      event: z.string(),
      value: z.number(),
      unit: z.string(),
      runningPercent: z.number().nullish(),
    }),
  ),
  unavailable: z.array(z.looseObject({ event: z.string(), reason: z.string() })),
  derived: z.looseObject({
    ipc: z.number().nullish(),
    cyclesPerOp: z.number().nullish(),
    instructionsPerOp: z.number().nullish(),
    instructionsPerOpSource: z.string().nullish(),
  }),
  operations: z.number().nullable(),
});
