import * as z from 'zod';
import { RUN_FORMAT_VERSION, type RunDocument } from '../../model/run.js';
import { LabError } from '../labError.js';

/** What every reader of a run relies on; a run without it is refused as a whole. */
const header = z.object({
  formatVersion: z.number().int(),
  id: z.string(),
  kind: z.enum(['bench', 'profile']),
  createdAt: z.string(),
  preset: z.object({
    name: z.string(),
    description: z.string(),
    environment: z.record(z.string(), z.string()),
    program: z.string(),
    args: z.array(z.string()),
  }),
  environment: z.object({
    host: z
      .object({ cpu: z.string(), cores: z.number(), kernel: z.string(), memoryBytes: z.number() })
      .nullable(),
    variables: z.record(z.string(), z.string()),
  }),
  results: z.array(
    z.object({
      allocator: z.string(),
      opsPerSec: z.object({
        median: z.number(),
        ci95: z.tuple([z.number(), z.number()]),
        samples: z.array(z.number()),
      }),
      peakRssBytes: z.number(),
    }),
  ),
  samples: z.number().nullable(),
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
  const parsed = header.safeParse(json);
  if (!parsed.success) throw corrupt(z.prettifyError(parsed.error));
  if (parsed.data.formatVersion > RUN_FORMAT_VERSION) throw newerVersion(file, parsed.data.formatVersion);
  if (parsed.data.id !== id) throw corrupt(`Its ID is ${parsed.data.id}, but its folder is named ${id}.`);
  return json as RunDocument;
}

/** A saved file of a format that this version doesn't know yet. */
export function newerVersion(file: string, format: number): LabError {
  return new LabError('newer-version', `${file} was saved by a newer version of HAKMEM Lab.`, {
    detail: `It has format ${format}, which this version doesn't support.`,
    remedy: { text: 'Update HAKMEM Lab.' },
  });
}
