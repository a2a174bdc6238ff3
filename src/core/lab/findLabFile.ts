import { stat } from 'node:fs/promises';
import path from 'node:path';
import { exists } from '../files.js';
import { LabError } from '../labError.js';
import { shellWord } from '../../text/shellWord.js';

/**
 * A lab file describes what to measure: how to build it, its presets, and its categories. `native/hakmem-lab.json`
 * describes HAKMEM; a file of the same name describes a user's own program. It may also be in the folder `.vscode`.
 */
export const LAB_FILE_NAME = 'hakmem-lab.json';

/**
 * The nearest lab file: in `folder`, in its `.vscode` or `native` folder, or in the same places of a parent folder.
 * Undefined if there is none. One that was searched for is executed only if it belongs to the user: anybody may have put
 * one into a shared parent folder like /tmp.
 * @param ownFolder whether `folder` itself is the user's choice, and only what is above it must be theirs
 * @throws LabError `lab-file-foreign`
 */
export async function findLabFile(
  folder: string,
  isThere: (file: string) => Promise<boolean> = exists,
  ownFolder = false,
): Promise<string | undefined> {
  for (let dir = path.resolve(folder); ; dir = path.dirname(dir)) {
    for (const place of ['.', '.vscode', 'native']) {
      const candidate = path.join(dir, place, LAB_FILE_NAME);
      if (!(await isThere(candidate))) continue;
      if (!ownFolder || dir !== path.resolve(folder)) await requireOwn(candidate);
      return candidate;
    }
    if (path.dirname(dir) === dir) return undefined;
  }
}

/** Files of the system's administrator are as trustworthy as the system. */
async function requireOwn(file: string): Promise<void> {
  const me = process.geteuid?.() ?? 0;
  // Whoever became root by sudo stays the owner of their files.
  const mine = [0, me, ...(me === 0 ? [Number(process.env['SUDO_UID'] ?? 0)] : [])];
  for (const place of [file, path.dirname(file)]) {
    const status = await stat(place).catch(() => undefined);
    if (!status || mine.includes(status.uid)) continue;
    // A folder like /tmp, in which nobody can replace the files of others.
    if (place !== file && (status.mode & 0o1000) !== 0) continue;
    throw new LabError(
      'lab-file-foreign',
      `The lab file ${file} belongs to another user, so it isn't used.`,
      {
        detail: `${place} belongs to user ${status.uid}; you are user ${me}. A lab file has commands that would run as you.`,
        remedy: {
          text: 'If you trust it, name it. Otherwise, change to another folder.',
          command: `hakmem-lab presets --lab ${shellWord(file)}`,
        },
      },
    );
  }
}
