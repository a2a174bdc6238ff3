import { createHash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';

/**
 * What belongs to the user and not to a project (XDG Base Directory Specification). Editor and command line share it, so
 * that each shows what the other saved.
 */
export function stateFolder(): string {
  const named = process.env['XDG_STATE_HOME'] ?? '';
  return path.join(path.isAbsolute(named) ? named : path.join(os.homedir(), '.local/state'), 'hakmem-lab');
}

/** Where runs of a folder are kept that can't be written: one folder for each. */
export function stateFolderOf(labFolder: string): string {
  const key = createHash('sha256').update(labFolder).digest('hex').slice(0, 16);
  const name = path.basename(labFolder).replace(/[^\w.+-]/g, '_');
  return path.join(stateFolder(), `${name}-${key}`);
}
