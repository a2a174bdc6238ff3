import * as z from '../zod.js';
import { readRegularText } from '../files.js';
import { LabError, messageOf } from '../labError.js';

/** The gate's file beside the lab file, made to be committed. */
export const GATE_FILE_NAME = 'hakmem-lab-gate.json';

const against = z
  .strictObject({
    commit: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('Revision that is built and measured: `origin/main`.')),
    preset: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('Another preset of the working tree.')),
    allocator: z
      .optional(z.string().check(z.minLength(1)))
      .check(z.describe('Allocator that runs the same preset.')),
  })
  .check(
    z.refine((one) => Object.values(one).filter((value) => value !== undefined).length === 1, {
      error: 'needs exactly one of commit, preset, or allocator',
    }),
    z.describe('What the preset is measured beside, on the same machine at the same time.'),
  );

const percentage = z.number().check(z.positive(), z.maximum(100));

const checkSchema = z
  .strictObject({
    name: z
      .string()
      .check(z.minLength(1), z.describe('Shown in reports, and the name of the benchmark in other tools.')),
    preset: z.string().check(z.minLength(1), z.describe('Preset of the working tree.')),
    against,
    marginPercent: z
      .optional(percentage)
      .check(z.describe("Difference that doesn't matter. Default: that of the file.")),
    instructions: z
      .optional(
        z.strictObject({
          perOp: z
            .number()
            .check(z.positive(), z.describe('Instructions per operation, as `gate --record` counted them.')),
          iterations: z
            .optional(z.int().check(z.positive()))
            .check(z.describe('Of the execution that was counted, which is repeated.')),
          tolerancePercent: z._default(percentage, 0.5).check(z.describe("Difference that doesn't matter.")),
          compiler: z._default(z.string(), '').check(z.describe('Compiler of the recorded count.')),
        }),
      )
      .check(z.describe('A recorded count, which needs no second build and has no noise.')),
  })
  .check(z.describe('A preset that must not become slower.'));

export const gateFileSchema = z.strictObject({
  $schema: z.optional(z.string()),
  formatVersion: z.literal(1),
  marginPercent: z._default(percentage, 2).check(z.describe("Difference of speed that doesn't matter.")),
  secondsPerCheck: z
    ._default(z.number().check(z.positive()), 60)
    .check(z.describe('How long a check may take; it ends before when its verdict is clear.')),
  checks: z.array(checkSchema).check(z.minLength(1), z.describe('Presets that must not become slower.')),
  history: z
    ._default(
      z.array(
        z.strictObject({
          name: z.string().check(z.minLength(1)),
          preset: z.string().check(z.minLength(1)),
          opsPerSec: z.number().check(z.positive()),
          source: z.string().check(z.minLength(1), z.describe('Where and when it was measured.')),
        }),
      ),
      [],
    )
    .check(z.describe('Figures that were measured elsewhere. They are shown, and never compared.')),
});

export type GateFile = z.infer<typeof gateFileSchema>;
export type GateCheck = GateFile['checks'][number];

/** @throws LabError `baselines-invalid`, naming the place in the file */
export async function loadGateFile(file: string): Promise<GateFile> {
  const invalid = (message: string, detail: string, cause: unknown) =>
    new LabError('baselines-invalid', message, {
      detail,
      remedy: { text: `See docs/gate.md for an example of ${GATE_FILE_NAME}.` },
      cause,
    });
  const text = await readRegularText(file).catch((cause: unknown) => {
    throw invalid(`The gate's file ${file} can't be read.`, messageOf(cause), cause);
  });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(`The gate's file ${file} isn't valid.`, messageOf(cause), cause);
  }
  const parsed = gateFileSchema.safeParse(json);
  if (!parsed.success)
    throw invalid(`The gate's file ${file} isn't valid.`, z.prettifyError(parsed.error), parsed.error);
  return parsed.data;
}
