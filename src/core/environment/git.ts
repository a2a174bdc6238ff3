import { execute, type ProcessOptions } from '../process/childProcess.js';

/** The output of a Git command; undefined if it fails, or there is no Git. */
export async function git(
  folder: string,
  args: readonly string[],
  options: Pick<ProcessOptions, 'signal' | 'input'> = {},
): Promise<string | undefined> {
  try {
    // What came with a folder starts nothing: no hooks, no monitor of files, and no configuration of a repository that
    // is only the files of another one. Nothing is fetched either.
    const settings = ['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'safe.bareRepository=explicit'];
    // No prompts, and no locks that get in the way of the user's own commands.
    const env = { GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', GIT_NO_LAZY_FETCH: '1', LC_ALL: 'C' };
    const configured = [...settings.flatMap((one) => ['-c', one]), ...args];
    const result = await execute('git', ['-C', folder, ...configured], { ...options, env });
    return result.exitCode === 0 ? result.stdout : undefined;
  } catch (error) {
    if (options.signal?.aborted) throw error;
    return undefined;
  }
}
