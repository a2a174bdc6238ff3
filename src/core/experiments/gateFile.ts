import * as z from 'zod';
import { readRegularText } from '../files.js';
import { LabError, messageOf } from '../labError.js';

/** The gate's file beside the lab file, made to be committed. */
export const GATE_FILE_NAME = 'hakmem-lab-gate.json';

const against = z
  .strictObject({
    commit: z.string().min(1).optional().describe('Revision that is built and measured: `origin/main`.'),
    preset: z.string().min(1).optional().describe('Another preset of the working tree.'),
    allocator: z.string().min(1).optional().describe('Allocator that runs the same preset.'),
  })
  .refine((one) => Object.values(one).filter((value) => value !== undefined).length === 1, {
    error: 'needs exactly one of commit, preset, or allocator',
  })
  .describe('What the preset is measured beside, on the same machine at the same time.');

const percentage = z.number().positive().max(100);

const checkSchema = z
  .strictObject({
    name: z.string().min(1).describe('Shown in reports, and the name of the benchmark in other tools.'),
    preset: z.string().min(1).describe('Preset of the working tree.'),
    against,
    marginPercent: percentage
      .optional()
      .describe("Difference that doesn't matter. Default: that of the file."),
    instructions: z
      .strictObject({
        perOp: z.number().positive().describe('Instructions per operation, as `gate --record` counted them.'),
        iterations: z
          .number()
          .int()
          .positive()
          .optional()
          .describe('Of the execution that was counted, which is repeated.'),
        tolerancePercent: percentage.default(0.5).describe("Difference that doesn't matter."),
        compiler: z.string().default('').describe('Compiler of the recorded count.'),
      })
      .optional()
      .describe('A recorded count, which needs no second build and has no noise.'),
  })
  .describe('A preset that must not become slower.');

export const gateFileSchema = z.strictObject({
  $schema: z.string().optional(),
  formatVersion: z.literal(1),
  marginPercent: percentage.default(2).describe("Difference of speed that doesn't matter."),
  secondsPerCheck: z
    .number()
    .positive()
    .default(60)
    .describe('How long a check may take; it ends before when its verdict is clear.'),
  checks: z.array(checkSchema).min(1).describe('Presets that must not become slower.'),
  history: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        preset: z.string().min(1),
        opsPerSec: z.number().positive(),
        source: z.string().min(1).describe('Where and when it was measured.'),
      }),
    )
    .default([])
    .describe('Figures that were measured elsewhere. They are shown, and never compared.'),
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
