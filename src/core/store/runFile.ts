import * as z from '../zod.js';
import { RUN_FORMAT_VERSION, type RunDocument } from '../../model/run.js';
import { LabError } from '../labError.js';
import { benchResult, savedEnvironment, savedPreset, savedStat } from './savedParts.js';
import type { Sealed } from './seal.js';

/** A run that differs is refused as a whole. */
const document = z.looseObject({
  formatVersion: z.int(),
  id: z.string(),
  kind: z.enum(['bench', 'profile']),
  createdAt: z.string(),
  lab: z.nullish(z.string()),
  importedFrom: z.nullish(z.string()),
  preset: savedPreset,
  environment: savedEnvironment,
  results: z.array(benchResult),
  samples: z.nullable(z.number()),
  events: z.nullish(z.array(z.string())),
  counted: z.optional(z.looseObject({ event: z.string(), amount: z.number() })),
  stat: z.nullable(savedStat),
  sources: z.nullish(z.record(z.string(), z.nullable(z.string()))),
  pack: z.optional(z.string()),
  ended: z.nullish(z.looseObject({ exitStatus: z.nullable(z.number()), signal: z.nullable(z.string()) })),
});

/**
 * Parses a run.json file.
 * @param id the name of its folder, which the run must have as its ID
 * @throws LabError `run-corrupt`, `newer-version`
 */
export function parseRun(text: string, file: string, id: string): RunDocument {
  const corrupt = (detail: string) =>
    new LabError('run-corrupt', `The saved run ${file} can't be read.`, {
      detail,
      remedy: { text: 'Delete the run, or restore the file from a backup.' },
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const parsed = document.safeParse(json);
  if (!parsed.success) throw corrupt(z.prettifyError(parsed.error));
  if (parsed.data.formatVersion > RUN_FORMAT_VERSION) throw newerVersion(file, parsed.data.formatVersion);
  if (parsed.data.id !== id) throw corrupt(`Its ID is ${parsed.data.id}, but its folder is named ${id}.`);
  const { seal: _, ...run } = json as Sealed<RunDocument>;
  return run;
}

/** A saved file of a format that this version doesn't know yet. */
export function newerVersion(file: string, format: number): LabError {
  return new LabError('newer-version', `${file} was saved by a newer version of HAKMEM Lab.`, {
    detail: `It has format ${format}, which this version doesn't support.`,
    remedy: { text: 'Update HAKMEM Lab.' },
  });
}
