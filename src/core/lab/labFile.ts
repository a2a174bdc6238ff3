import * as z from 'zod';

export const LAB_FORMAT_VERSION = 1;

const regex = z
  .string()
  .max(10_000)
  .superRefine((source, context) => {
    try {
      new RegExp(source);
    } catch (error) {
      // V8 repeats the expression before its reason.
      const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error);
      context.addIssue({ code: 'custom', message: `not a valid regular expression: ${reason}` });
    }
  });

const categoryRule = z
  .strictObject({
    symbol: regex.optional().describe('Regular expression that matches the function name.'),
    module: regex
      .optional()
      .describe('Regular expression that matches the path of the executable or library.'),
    file: regex.optional().describe('Regular expression that matches the path of the source file.'),
  })
  .refine((rule) => rule.symbol ?? rule.module ?? rule.file, {
    error: 'a rule needs at least one of symbol, module, or file',
  })
  .describe('All patterns of a rule must match.');

export const categorySchema = z
  .strictObject({
    name: z
      .string()
      .min(1)
      .describe('Shown in charts and tables. Entries with the same name are one category.'),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'must be a color like #7fb7e6')
      .meta({ format: 'color-hex' })
      .optional()
      .describe('Color of boxes and bars. Automatic if omitted.'),
    rules: z.array(categoryRule).min(1),
  })
  .describe('A named set of rules. A function belongs to the first category with a matching rule.');

const buildStep = z.strictObject({ command: z.string().min(1), args: z.array(z.string()).default([]) });

const outputFormat = z
  .strictObject({
    file: z
      .string()
      .min(1)
      .optional()
      .describe('File that the program writes, relative to `cwd`. Standard output by default.'),
    regex: regex.optional().describe('The last match, or its first group, is the figure.'),
    jsonPath: z
      .string()
      .regex(/^\$?(?:\.?[^.[\]$]+|\[\d+\])+$/, 'must be a path like $.results[0].mean')
      .optional()
      .describe('Place of the figure in printed JSON, such as `$.results[0].mean`.'),
    unit: z
      .string()
      .min(1)
      .max(20)
      .optional()
      .describe(
        'Unit of the figure: `s` (default), `ms`, `us`, or `ns` for a time, which is better if shorter; `ops/s` or anything else if more is better.',
      ),
    name: z.string().min(1).optional().describe('Name of the figure.'),
  })
  .refine(({ regex: pattern, jsonPath }) => pattern === undefined || jsonPath === undefined, {
    error: 'either regex or jsonPath, not both',
  })
  .describe(
    'Where the program prints its result. Without it, the JSON of Google Benchmark, hyperfine, and this lab, and the XML of Catch2 are recognized; any other program is measured by the time of its execution.',
  );

export const presetSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.+-]+$/, 'must consist of letters, digits, and _ . + -')
      .describe('Unique name.'),
    description: z.string().default(''),
    group: z
      .string()
      .min(1)
      .optional()
      .describe('Heading under which the sidebar lists the preset, with others of the same group.'),
    environment: z
      .record(z.string(), z.string())
      .default({})
      .describe('Environment variables of the program.'),
    program: z
      .string()
      .min(1)
      .describe('Path relative to the folder of the lab, absolute path, or command on PATH.'),
    args: z.array(z.string()).default([]),
    profileArgs: z
      .array(z.string())
      .optional()
      .describe('Arguments for counting and sampling, usually for a longer execution. Defaults to `args`.'),
    cwd: z
      .string()
      .min(1)
      .optional()
      .describe('Folder to run in, relative to the folder of the lab, which is the default.'),
    stdin: z
      .string()
      .min(1)
      .optional()
      .describe('File that the program reads from, relative to `cwd`. Nothing by default.'),
    output: outputFormat.optional(),
    build: buildStep
      .optional()
      .describe("Command that is run before this preset is measured, instead of the lab's."),
    iterationsArg: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'Index in `args`, counted from 0, of the number of iterations. Counting instructions varies it to subtract the cost of startup.',
      ),
    rivals: z
      .record(z.string(), z.string())
      .default({})
      .describe('Competitors: other builds of the same benchmark, by allocator name.'),
  })
  .describe('A program with its arguments and environment, under a name.');

export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().default(''),
    targets: z
      .array(
        z.strictObject({
          category: z.string().min(1),
          percent: z.number().min(0).max(100).describe('Target self share, in percent of the current total.'),
        }),
      )
      .min(1),
  })
  .describe(
    'A what-if scenario: the throughput that would result if categories were reduced to these shares.',
  );

const criterionSchema = z
  .strictObject({
    name: z.string().min(1).describe('Shown with the result.'),
    preset: z.string().min(1),
    measure: z
      .enum(['share', 'throughput', 'memory'])
      .describe('Share of a category in percent, operations per second, or peak memory in MiB.'),
    category: z.string().optional().describe('Category of a share.'),
    relativeTo: z
      .string()
      .optional()
      .describe('Competitor that the measure is divided by. It must have been measured in the same run.'),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
  })
  .refine((one) => (one.atLeast === undefined) !== (one.atMost === undefined), {
    error: 'needs either atLeast or atMost',
  })
  .refine((one) => (one.measure === 'share') === (one.category !== undefined), {
    error: 'a share needs a category, and nothing else has one',
  })
  .describe('What is to be achieved, fixed before it is measured: met, missed, or unclear by the interval.');

const matrixSchema = z
  .strictObject({
    name: z.string().min(1),
    preset: z.string().min(1).describe('What all combinations run.'),
    options: z
      .array(
        z.strictObject({
          name: z.string().min(1).describe('Environment variable.'),
          values: z.array(z.string()).min(2).describe('The first is what the others are compared with.'),
        }),
      )
      .min(1)
      .max(23),
  })
  .describe(
    'Every combination of these options; of more than four, which then have two values each, a Plackett–Burman design.',
  );

const keepSchema = z
  .strictObject({
    runs: z.int().min(1).optional().describe('The newest, this many.'),
    days: z.number().positive().optional().describe("Those that aren't older."),
    mebibytes: z.number().positive().optional().describe('The newest that take this much together.'),
  })
  .describe(
    'Which saved runs are kept; all by default. When a run is saved, others go to the trash for 30 days. Runs with a title, note, or tags always stay.',
  );

export const labFileSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(LAB_FORMAT_VERSION),
  name: z.string().min(1).describe('Shown in the sidebar.'),
  build: buildStep
    .optional()
    .describe('Command that is run in the folder of the lab before every measurement.'),
  sourceRoots: z
    .array(z.string())
    .default(['.'])
    .describe('Folders to search for source files with relative paths in the debug information.'),
  describe: z
    .strictObject({ program: z.string().min(1), args: z.array(z.string()).default([]) })
    .optional()
    .describe(
      'Program that prints, as JSON under the environment of a preset, its effective options and routes: `effectiveOptions` (name, value, effect) and `routes` (class, box, reason).',
    ),
  presets: z.array(presetSchema).min(1),
  categories: z.array(categorySchema).default([]),
  whatIf: z.array(scenarioSchema).default([]),
  criteria: z.array(criterionSchema).default([]),
  matrix: z.array(matrixSchema).default([]),
  keep: keepSchema.optional(),
});

export type OutputFormat = z.infer<typeof outputFormat>;
export type BuildStep = z.infer<typeof buildStep>;
export type LabFile = z.infer<typeof labFileSchema>;
export type Preset = z.infer<typeof presetSchema>;
export type Matrix = z.infer<typeof matrixSchema>;
export type Criterion = z.infer<typeof criterionSchema>;
export type Scenario = z.infer<typeof scenarioSchema>;
export type Category = z.infer<typeof categorySchema>;
