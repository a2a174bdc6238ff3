import path from 'node:path';
import * as z from '../zod.js';
import { readRegularText } from '../files.js';
import { LabError, messageOf } from '../labError.js';
import { LAB_FILE_NAME } from './findLabFile.js';
import { labFileSchema, type LabFile, type Preset } from './labFile.js';

/** A valid lab file, and the folder that its paths are relative to: its own, or the one around `.vscode`. */
export interface LoadedLab {
  readonly folder: string;
  readonly file: string;
  readonly definition: LabFile;
  /** Of an archive that is shown: its files, which come before others. */
  readonly packed?: PackedFiles;
}

/** The files of an archive of a run. */
export interface PackedFiles {
  /** Folder of programs and debug information by build ID. */
  readonly symbols: string;
  /** Where the profiled sources are, by their names in the profile; those that are the same on this machine aren't here. */
  readonly sources: ReadonlyMap<string, string>;
}

/** @throws LabError `lab-file-missing` or `lab-file-invalid`, naming the place in the file. */
export async function loadLab(file: string): Promise<LoadedLab> {
  let text: string;
  try {
    text = await readRegularText(file);
  } catch (cause) {
    throw new LabError('lab-file-missing', `The lab file ${file} can't be read.`, {
      detail: messageOf(cause),
      remedy: { text: `Open a folder with a ${LAB_FILE_NAME}, or specify a lab file.` },
      cause,
    });
  }
  return {
    folder: labFolder(file),
    file: path.resolve(file),
    definition: parseLab(text, file),
  };
}

/** The folder that the paths of a lab file are relative to. */
export function labFolder(file: string): string {
  const folder = path.dirname(path.resolve(file));
  return path.basename(folder) === '.vscode' ? path.dirname(folder) : folder;
}

export function parseLab(text: string, file: string): LabFile {
  const invalid = (detail: string, cause?: unknown) =>
    new LabError('lab-file-invalid', `The lab file ${file} isn't valid.`, {
      detail,
      remedy: { text: 'Fix the file. The editor checks and completes its fields.' },
      cause,
    });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw invalid(messageOf(cause), cause);
  }
  const result = labFileSchema.safeParse(json);
  if (!result.success) throw invalid(z.prettifyError(result.error), result.error);
  const names = new Set<string>();
  for (const { name } of result.data.presets) {
    if (names.has(name)) throw invalid(`presets: the name ${name} is used more than once`);
    names.add(name);
  }
  return result.data;
}

/** @throws LabError `preset-unknown`, listing the presets */
export function findPreset(lab: LoadedLab, name: string): Preset {
  const preset = lab.definition.presets.find((p) => p.name === name);
  if (preset) return preset;
  const names = lab.definition.presets.map((p) => p.name);
  throw new LabError('preset-unknown', `There is no preset named ${name}.`, {
    detail: `Presets of ${lab.definition.name}: ${names.join(', ')}`,
    remedy: { text: 'Use one of these presets, or add a preset to the lab file.' },
  });
}
