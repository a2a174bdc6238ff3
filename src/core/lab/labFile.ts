import * as z from '../zod.js';

export const LAB_FORMAT_VERSION = 1;

const regex = z.string().check(
  z.maxLength(10_000),
  z.superRefine((source, context) => {
    try {
      new RegExp(source);
    } catch (error) {
      // V8 repeats the expression before its reason.
      const reason = error instanceof Error ? error.message.replace(/^.*: /s, '') : String(error);
      context.addIssue({ code: 'custom', message: `not a valid regular expression: ${reason}` });
    }
  }),
);

const categoryRule = z
  .strictObject({
    symbol: z.optional(regex).check(z.describe('Regular expression that matches the function name.')),
    module: z
      .optional(regex)
      .check(z.describe('Regular expression that matches the path of the executable or library.')),
    file: z.optional(regex).check(z.describe('Regular expression that matches the path of the source file.')),
  })
  .check(
    z.refine((rule) => rule.symbol ?? rule.module ?? rule.file, {
      error: 'a rule needs at least one of symbol, module, or file',
    }),
    z.describe('All patterns of a rule must match.'),
  );

export const categorySchema = z
  .strictObject({
    name: z
      .string()
      .check(
        z.minLength(1),
        z.describe('Shown in charts and tables. Entries with the same name are one category.'),
      ),
    color: z
      .optional(
        z
          .string()
          .check(
            z.regex(/^#[0-9a-fA-F]{6}$/, 'must be a color like #7fb7e6'),
            z.meta({ format: 'color-hex' }),
          ),
      )
      .check(z.describe('Color of boxes and bars. Automatic if omitted.')),
    rules: z.array(categoryRule).check(z.minLength(1)),
  })
  .check(z.describe('A named set of rules. A function belongs to the first category with a matching rule.'));

const buildStep = z.strictObject({
  command: z.string().check(z.minLength(1)),
  args: z._default(z.array(z.string()), []),
});

const outputFormat = z
  .strictObject({
    file: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('File that the program writes, relative to `cwd`. Standard output by default.')),
    regex: z.optional(regex).check(z.describe('The last match, or its first group, is the figure.')),
    jsonPath: z
      .optional(
        z.string().check(z.regex(/^\$?(?:\.?[^.[\]$]+|\[\d+\])+$/, 'must be a path like $.results[0].mean')),
      )
      .check(z.describe('Place of the figure in printed JSON, such as `$.results[0].mean`.')),
    unit: z
      .optional(z.string().check(z.minLength(1), z.maxLength(20)))
      .check(
        z.describe(
          'Unit of the figure: `s` (default), `ms`, `us`, or `ns` for a time, which is better if shorter; `ops/s` or anything else if more is better.',
        ),
      ),
    name: z.optional(z.string().check(z.minLength(1))).check(z.describe('Name of the figure.')),
  })
  .check(
    z.refine(({ regex: pattern, jsonPath }) => pattern === undefined || jsonPath === undefined, {
      error: 'either regex or jsonPath, not both',
    }),
    z.describe(
      'Where the program prints its result. Without it, the JSON of Google Benchmark, hyperfine, and this lab, and the XML of Catch2 are recognized; any other program is measured by the time of its execution.',
    ),
  );

export const presetSchema = z
  .strictObject({
    name: z
      .string()
      .check(
        z.regex(/^[\w.+-]+$/, 'must consist of letters, digits, and _ . + -'),
        z.describe('Unique name.'),
      ),
    description: z._default(z.string(), ''),
    group: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('Heading under which the sidebar lists the preset, with others of the same group.')),
    environment: z
      ._default(z.record(z.string(), z.string()), {})
      .check(z.describe('Environment variables of the program.')),
    program: z
      .string()
      .check(
        z.minLength(1),
        z.describe('Path relative to the folder of the lab, absolute path, or command on PATH.'),
      ),
    args: z._default(z.array(z.string()), []),
    profileArgs: z
      .optional(z.array(z.string()))
      .check(
        z.describe(
          'Arguments for counting and sampling, usually for a longer execution. Defaults to `args`.',
        ),
      ),
    cwd: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('Folder to run in, relative to the folder of the lab, which is the default.')),
    stdin: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('File that the program reads from, relative to `cwd`. Nothing by default.')),
    output: z.optional(outputFormat),
    build: z
      .optional(buildStep)
      .check(z.describe("Command that is run before this preset is measured, instead of the lab's.")),
    iterationsArg: z
      .optional(z.int().check(z.nonnegative()))
      .check(
        z.describe(
          'Index in `args`, counted from 0, of the number of iterations. Counting instructions varies it to subtract the cost of startup.',
        ),
      ),
    rivals: z
      ._default(z.record(z.string(), z.string()), {})
      .check(z.describe('Competitors: other builds of the same benchmark, by allocator name.')),
  })
  .check(z.describe('A program with its arguments and environment, under a name.'));

export const scenarioSchema = z
  .strictObject({
    name: z.string().check(z.minLength(1)),
    description: z._default(z.string(), ''),
    targets: z
      .array(
        z.strictObject({
          category: z.string().check(z.minLength(1)),
          percent: z
            .number()
            .check(
              z.minimum(0),
              z.maximum(100),
              z.describe('Target self share, in percent of the current total.'),
            ),
        }),
      )
      .check(z.minLength(1)),
  })
  .check(
    z.describe(
      'A what-if scenario: the throughput that would result if categories were reduced to these shares.',
    ),
  );

const criterionSchema = z
  .strictObject({
    name: z.string().check(z.minLength(1), z.describe('Shown with the result.')),
    preset: z.string().check(z.minLength(1)),
    measure: z
      .enum(['share', 'throughput', 'memory'])
      .check(z.describe('Share of a category in percent, operations per second, or peak memory in MiB.')),
    category: z.optional(z.string()).check(z.describe('Category of a share.')),
    relativeTo: z
      .optional(z.string())
      .check(
        z.describe('Competitor that the measure is divided by. It must have been measured in the same run.'),
      ),
    atLeast: z.optional(z.number()),
    atMost: z.optional(z.number()),
  })
  .check(
    z.refine((one) => (one.atLeast === undefined) !== (one.atMost === undefined), {
      error: 'needs either atLeast or atMost',
    }),
    z.refine((one) => (one.measure === 'share') === (one.category !== undefined), {
      error: 'a share needs a category, and nothing else has one',
    }),
    z.describe(
      'What is to be achieved, fixed before it is measured: met, missed, or unclear by the interval.',
    ),
  );

const matrixSchema = z
  .strictObject({
    name: z.string().check(z.minLength(1)),
    preset: z.string().check(z.minLength(1), z.describe('What all combinations run.')),
    options: z
      .array(
        z.strictObject({
          name: z.string().check(z.minLength(1), z.describe('Environment variable.')),
          values: z
            .array(z.string())
            .check(z.minLength(2), z.describe('The first is what the others are compared with.')),
        }),
      )
      .check(z.minLength(1), z.maxLength(23)),
  })
  .check(
    z.describe(
      'Every combination of these options; of more than four, which then have two values each, a Plackett–Burman design.',
    ),
  );

const keepSchema = z
  .strictObject({
    runs: z.optional(z.int().check(z.minimum(1))).check(z.describe('The newest, this many.')),
    days: z.optional(z.number().check(z.positive())).check(z.describe("Those that aren't older.")),
    mebibytes: z
      .optional(z.number().check(z.positive()))
      .check(z.describe('The newest that take this much together.')),
  })
  .check(
    z.describe(
      'Which saved runs are kept; all by default. When a run is saved, others go to the trash for 30 days. Runs with a title, note, or tags always stay.',
    ),
  );

export const labFileSchema = z.strictObject({
  $schema: z.optional(z.string()),
  formatVersion: z.literal(LAB_FORMAT_VERSION),
  name: z.string().check(z.minLength(1), z.describe('Shown in the sidebar.')),
  build: z
    .optional(buildStep)
    .check(z.describe('Command that is run in the folder of the lab before every measurement.')),
  sourceRoots: z
    ._default(z.array(z.string()), ['.'])
    .check(z.describe('Folders to search for source files with relative paths in the debug information.')),
  describe: z
    .optional(
      z.strictObject({
        program: z.string().check(z.minLength(1)),
        args: z._default(z.array(z.string()), []),
      }),
    )
    .check(
      z.describe(
        'Program that prints, as JSON under the environment of a preset, its effective options and routes: `effectiveOptions` (name, value, effect) and `routes` (class, box, reason).',
      ),
    ),
  presets: z.array(presetSchema).check(z.minLength(1)),
  categories: z._default(z.array(categorySchema), []),
  whatIf: z._default(z.array(scenarioSchema), []),
  criteria: z._default(z.array(criterionSchema), []),
  matrix: z._default(z.array(matrixSchema), []),
  keep: z.optional(keepSchema),
});

export type OutputFormat = z.infer<typeof outputFormat>;
export type BuildStep = z.infer<typeof buildStep>;
export type LabFile = z.infer<typeof labFileSchema>;
export type Preset = z.infer<typeof presetSchema>;
export type Matrix = z.infer<typeof matrixSchema>;
export type Criterion = z.infer<typeof criterionSchema>;
export type Scenario = z.infer<typeof scenarioSchema>;
export type Category = z.infer<typeof categorySchema>;
