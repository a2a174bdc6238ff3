import path from 'node:path';
import { build } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { git } from '../environment/git.js';
import { exists } from '../files.js';
import { LAB_FILE_NAME } from '../lab/findLabFile.js';
import { findPreset, loadLab, type LoadedLab } from '../lab/loadLab.js';
import { LabError } from '../labError.js';
import { OwnFolder } from '../store/ownFolder.js';
import { WORKTREES, type RunStore } from '../store/runStore.js';

/** @returns the full hash; undefined if there is no such commit */
export async function resolveCommit(folder: string, revision: string): Promise<string | undefined> {
  // A name that begins with a dash would be an option.
  if (revision.startsWith('-')) return undefined;
  return (await git(folder, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]))?.trim();
}

/**
 * Checks a commit out into a folder of its own and builds it there: the working tree of the user stays as it is. The
 * presets are those of the present lab file, so that both sides do the same work; the build command is the commit's.
 * All folders of commits have paths of the same length, which programs see in their arguments and environment.
 * @throws LabError `git-failed`; BuildError
 */
export async function buildCommit(
  lab: LoadedLab,
  preset: string,
  store: RunStore,
  commit: string,
  context: TaskContext,
): Promise<LoadedLab> {
  const prefix = await git(lab.folder, ['rev-parse', '--show-prefix'], context);
  if (prefix === undefined) throw gitFailed(`${lab.folder} isn't in a Git repository.`);
  const own = new OwnFolder(store.folder);
  const name = nameOf(commit);
  const tree = path.join(await own.make(WORKTREES), name);
  const folder = path.join(tree, prefix.trim());
  if (!(await exists(path.join(tree, '.git')))) {
    context.progress(`Checking out ${commit.slice(0, 12)}…`);
    await own.remove(WORKTREES, name);
    await git(lab.folder, ['worktree', 'prune'], context);
    const added = await git(
      lab.folder,
      ['-c', 'advice.detachedHead=false', 'worktree', 'add', '--quiet', '--detach', tree, commit],
      context,
    );
    if (added === undefined) throw gitFailed(`git worktree add failed for ${commit}.`);
  }
  const file = path.join(folder, LAB_FILE_NAME);
  const theirs = (await exists(file)) ? await loadLab(file).catch(() => undefined) : undefined;
  const { build: step = lab.definition.build, sourceRoots } = theirs?.definition ?? lab.definition;
  const { build: _, ...definition } = lab.definition;
  const built: LoadedLab = {
    folder,
    file,
    definition: { ...definition, sourceRoots, ...(step ? { build: step } : {}) },
  };
  await build(built, findPreset(built, preset), context);
  return built;
}

/** Removes the checkout of a commit, as far as it exists. */
export async function removeCommit(lab: LoadedLab, store: RunStore, commit: string): Promise<void> {
  // Not by Git, which would follow a link.
  await new OwnFolder(store.folder).remove(WORKTREES, nameOf(commit));
  await git(lab.folder, ['worktree', 'prune']);
}

/** All of the same length. */
function nameOf(commit: string): string {
  return commit.slice(0, 12);
}

function gitFailed(detail: string): LabError {
  return new LabError('git-failed', "The commit can't be built.", {
    detail,
    remedy: { text: 'Check that Git is installed, and that the lab file is in a Git repository.' },
  });
}
