import type { Command } from 'commander';
import type { TaskContext } from '../core/context.js';
import { folderLab } from '../core/lab/folderLab.js';
import { LAB_FILE_NAME } from '../core/lab/labFile.js';
import { findLabFile, loadLab } from '../core/lab/loadLab.js';
import { Laboratory } from '../core/laboratory.js';
import { LabError } from '../core/labError.js';
import { escaped, escapedJson } from '../text/printable.js';

/** Options of all commands that print a result of a lab. */
export interface Common {
  readonly json?: boolean;
  readonly lab?: string;
}

/** Creates a command of the program with the common options. */
export type MakeCommand = (name: string, description: string) => Command;

/** @throws LabError `lab-file-missing` */
export async function openLab(options: Common): Promise<Laboratory> {
  const laboratory = await openNearestLab(options);
  if (laboratory) return laboratory;
  throw new LabError('lab-file-missing', `There is no ${LAB_FILE_NAME} here or in a parent folder.`, {
    remedy: { text: 'Change to the folder of a lab, or specify a lab file with --lab.' },
  });
}

/** The lab, or if there is none the current folder, in which recordings of any program are saved. */
export async function openLabOrFolder(options: Common): Promise<Laboratory> {
  return (await openNearestLab(options)) ?? new Laboratory(folderLab(process.cwd()));
}

/** The lab, or the current folder if recordings are saved in it. @throws LabError `lab-file-missing` */
export async function openRuns(options: Common): Promise<Laboratory> {
  const laboratory = await openLabOrFolder(options);
  return (await laboratory.store.list()).length > 0 ? laboratory : openLab(options);
}

/** The given lab, or else the nearest one, if any. */
export async function openNearestLab({ lab }: Common): Promise<Laboratory | undefined> {
  const file = lab ?? (await findLabFile(process.cwd()));
  return file === undefined ? undefined : new Laboratory(await loadLab(file));
}

export function print(options: Common, document: unknown, text: () => string): void {
  process.stdout.write(`${options.json ? escapedJson(JSON.stringify(document)) : text()}\n`);
}

/** Progress on stderr, on one line if it is a terminal. */
export function terminalContext(signal?: AbortSignal): TaskContext {
  const { stderr } = process;
  return {
    signal,
    progress: (message) =>
      stderr.write(stderr.isTTY ? `\r\x1b[K${escaped(message)}` : `${escaped(message)}\n`),
    // What programs print, their colors included.
    log: (line) => stderr.write(stderr.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`),
  };
}
