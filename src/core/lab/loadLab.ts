import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { LabError } from '../labError.js';
import { LAB_FILE_NAME, labFileSchema, type LabFile, type Preset } from './labFile.js';

/** A lab file that was read and found valid, and the folder its paths are relative to. */
export interface LoadedLab {
  readonly folder: string;
  readonly file: string;
  readonly definition: LabFile;
}

/** @throws LabError `lab-file-missing` or `lab-file-invalid`, naming the place in the file. */
export async function loadLab(file: string): Promise<LoadedLab> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new LabError('lab-file-missing', `Could not read the lab file ${file}.`, {
      detail: cause instanceof Error ? cause.message : String(cause),
      remedy: { text: `Open a folder that has a ${LAB_FILE_NAME}, or name one.` },
      cause,
    });
  }
  return {
    folder: path.dirname(path.resolve(file)),
    file: path.resolve(file),
    definition: parseLab(text, file),
  };
}

export function parseLab(text: string, file: string): LabFile {
  const invalid = (detail: string, cause?: unknown) =>
    new LabError('lab-file-invalid', `The lab file ${file} is not valid.`, {
      detail,
      remedy: { text: 'Correct the file; the editor completes and checks its fields.' },
      cause,
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : String(cause), cause);
  }
  const result = labFileSchema.safeParse(json);
  if (!result.success) throw invalid(z.prettifyError(result.error), result.error);
  const names = new Set<string>();
  for (const { name } of result.data.presets) {
    if (names.has(name)) throw invalid(`presets: the name ${name} is used twice`);
    names.add(name);
  }
  return result.data;
}

/** @throws LabError `preset-unknown`, listing the names there are. */
export function findPreset(lab: LoadedLab, name: string): Preset {
  const preset = lab.definition.presets.find((p) => p.name === name);
  if (preset) return preset;
  const names = lab.definition.presets.map((p) => p.name);
  throw new LabError('preset-unknown', `There is no preset named ${name}.`, {
    detail: `Presets of ${lab.definition.name}: ${names.join(', ')}`,
    remedy: { text: 'Use one of these names, or add the preset to the lab file.' },
  });
}

/**
 * The nearest lab file: in `folder` or one above it, in `folder/native`, or undefined. Reads nothing but
 * directory entries.
 */
export async function findLabFile(
  folder: string,
  exists: (file: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
    for (const candidate of [path.join(dir, LAB_FILE_NAME), path.join(dir, 'native', LAB_FILE_NAME)]) {
      if (await exists(candidate)) return candidate;
    }
    if (path.dirname(dir) === dir) return undefined;
  }
}
