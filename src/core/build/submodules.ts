import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readRegularText } from '../files.js';
import type { Remedy } from '../labError.js';

/**
 * What to do where a folder's Git submodules were not fetched, which is why its build fails: they are listed in
 * `.gitmodules`, and their folders are empty (gitmodules(5)).
 * @returns undefined if none is missing
 */
export async function submodulesRemedy(folder: string): Promise<Remedy | undefined> {
  const listed = await readRegularText(path.join(folder, '.gitmodules')).catch(() => '');
  for (const [, name] of listed.matchAll(/^\s*path\s*=\s*(.+?)\s*$/gm)) {
    const submodule = path.resolve(folder, name as string);
    if (!submodule.startsWith(folder + path.sep)) continue;
    const files = await readdir(submodule).catch(() => ['not a folder']);
    if (files.length > 0) continue;
    return {
      text: `The Git submodule ${name} is empty. Fetch the submodules and run again.`,
      command: 'git submodule update --init --recursive',
    };
  }
  return undefined;
}
