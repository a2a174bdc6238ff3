import * as z from 'zod';

/**
 * A lab file describes something to measure: how it is built, its presets and its categories.
 * `native/hakmem-lab.json` describes HAKMEM; a user's own program is described by a file of the same name.
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
    symbol: regex.optional().describe('Regular expression over the function name.'),
    module: regex.optional().describe('Regular expression over the path of the executable or library.'),
    file: regex.optional().describe('Regular expression over the path of the source file.'),
  })
  .refine((rule) => rule.symbol ?? rule.module ?? rule.file, {
    error: 'a rule needs at least one of symbol, module, file',
  })
  .describe('All patterns that are given must match.');

export const categorySchema = z
  .strictObject({
    name: z.string().min(1).describe('Shown in charts and tables. Entries of one name are one category.'),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'a colour like #7fb7e6')
      .meta({ format: 'color-hex' })
      .optional()
      .describe('Of its boxes and bars; chosen by the lab when absent.'),
    rules: z.array(categoryRule).min(1),
  })
  .describe('A named set of symbol rules; a function belongs to the first category with a matching rule.');

export const presetSchema = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w.+-]+$/, 'letters, digits and _ . + - only')
      .describe('Unique name.'),
    description: z.string().default(''),
    environment: z.record(z.string(), z.string()).default({}).describe('Variables set for the program.'),
    program: z.string().min(1).describe('Path relative to the lab file, absolute, or a command on PATH.'),
    args: z.array(z.string()).default([]),
    profileArgs: z
      .array(z.string())
      .optional()
      .describe('Arguments of the longer run that is counted and sampled; `args` when absent.'),
    iterationsArg: z
      .int()
      .nonnegative()
      .optional()
      .describe(
        'Which of the arguments, counted from 0, is the number of iterations: instructions are counted with numbers that suit, and what start-up costs is subtracted.',
      ),
    rivals: z
      .record(z.string(), z.string())
      .default({})
      .describe('Other builds of the same benchmark, by allocator name.'),
  })
  .describe('A named environment plus a program and its arguments.');

export const scenarioSchema = z
  .strictObject({
    name: z.string().min(1),
    description: z.string().default(''),
    targets: z
      .array(
        z.strictObject({
          category: z.string().min(1),
          percent: z.number().min(0).max(100).describe('Wanted self share, in percent of the present time.'),
        }),
      )
      .min(1),
  })
  .describe(
    'An example for "what if": what would the throughput be if categories came down to these shares?',
  );

export const labFileSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(LAB_FORMAT_VERSION),
  name: z.string().min(1).describe('Shown in the sidebar.'),
  build: z
    .strictObject({ command: z.string().min(1), args: z.array(z.string()).default([]) })
    .optional()
    .describe('Run in the folder of the lab file before anything is measured.'),
  sourceRoots: z
    .array(z.string())
    .default(['.'])
    .describe('Folders in which source files are looked up when debug information names them relatively.'),
  presets: z.array(presetSchema).min(1),
  categories: z.array(categorySchema).default([]),
  whatIf: z.array(scenarioSchema).default([]),
});

export type LabFile = z.infer<typeof labFileSchema>;
export type Preset = z.infer<typeof presetSchema>;
export type Scenario = z.infer<typeof scenarioSchema>;
export type Category = z.infer<typeof categorySchema>;
