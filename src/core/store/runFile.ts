import * as z from 'zod';
import { RUN_FORMAT_VERSION, type RunDocument } from '../../model/run.js';
import { LabError } from '../labError.js';
import { benchResult, savedEnvironment, savedPreset, savedStat } from './savedParts.js';
import type { Sealed } from './seal.js';

/** A run that differs is refused as a whole. */
const document = z.looseObject({
  formatVersion: z.number().int(),
  id: z.string(),
  kind: z.enum(['bench', 'profile']),
  createdAt: z.string(),
  lab: z.string().nullish(),
  importedFrom: z.string().nullish(),
  preset: savedPreset,
  environment: savedEnvironment,
  results: z.array(benchResult),
  samples: z.number().nullable(),
  events: z.array(z.string()).nullish(),
  stat: savedStat.nullable(),
  sources: z.record(z.string(), z.string().nullable()).nullish(),
  pack: z.string().optional(),
  ended: z.looseObject({ exitStatus: z.number().nullable(), signal: z.string().nullable() }).nullish(),
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
