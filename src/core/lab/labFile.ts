import * as z from 'zod';

/**
 * A lab file describes what to measure: how to build it, its presets, and its categories. `native/hakmem-lab.json`
 * describes HAKMEM; a file of the same name describes a user's own program.
 */
export const LAB_FILE_NAME = 'hakmem-lab.json';
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

export const presetSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.+-]+$/, 'must consist of letters, digits, and _ . + -')
      .describe('Unique name.'),
    description: z.string().default(''),
    environment: z
      .record(z.string(), z.string())
      .default({})
      .describe('Environment variables of the program.'),
    program: z.string().min(1).describe('Path relative to the lab file, absolute path, or command on PATH.'),
    args: z.array(z.string()).default([]),
    profileArgs: z
      .array(z.string())
      .optional()
      .describe('Arguments for counting and sampling, usually for a longer execution. Defaults to `args`.'),
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

export const labFileSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(LAB_FORMAT_VERSION),
  name: z.string().min(1).describe('Shown in the sidebar.'),
  build: z
    .strictObject({ command: z.string().min(1), args: z.array(z.string()).default([]) })
    .optional()
    .describe('Command that is run in the folder of the lab file before every measurement.'),
  sourceRoots: z
    .array(z.string())
    .default(['.'])
    .describe('Folders to search for source files with relative paths in the debug information.'),
  presets: z.array(presetSchema).min(1),
  categories: z.array(categorySchema).default([]),
  whatIf: z.array(scenarioSchema).default([]),
});

export type LabFile = z.infer<typeof labFileSchema>;
export type Preset = z.infer<typeof presetSchema>;
export type Scenario = z.infer<typeof scenarioSchema>;
export type Category = z.infer<typeof categorySchema>;
