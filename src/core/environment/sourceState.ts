import { createHash } from 'node:crypto';
import type { SourceState } from '../../model/run.js';
import { git } from './git.js';

/** The commit of a folder and what differs from it; null outside a Git repository. */
export async function sourceState(folder: string): Promise<SourceState | null> {
  const commit = await git(folder, ['rev-parse', 'HEAD']);
  if (commit === undefined) return null;
  // Of the folder alone: other parts of the repository aren't built here.
  const changes = await git(folder, ['diff', 'HEAD', '--no-ext-diff', '--no-textconv', '--', '.']);
  const dirty = changes !== undefined && changes !== '';
  return {
    commit: commit.trim(),
    ...(dirty ? { diffHash: createHash('sha256').update(changes).digest('hex').slice(0, 12) } : {}),
  };
}
