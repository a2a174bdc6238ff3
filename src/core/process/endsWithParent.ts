import { execute } from './childProcess.js';
import { findCommand } from './tools.js';

let known: Promise<readonly string[]> | undefined;

/**
 * What goes before a command so that the kernel asks it to end when this process does, however that ends: nothing else
 * reaches it after SIGKILL (PR_SET_PDEATHSIG, prctl(2)). What it starts isn't asked. Empty where the tool is missing or
 * too old for that.
 */
export function endingWithParent(): Promise<readonly string[]> {
  return (known ??= find());
}

async function find(): Promise<readonly string[]> {
  const setpriv = await findCommand('setpriv');
  if (setpriv === undefined) return [];
  const before = [setpriv, '--pdeathsig', 'TERM'];
  const tried = await execute(setpriv, [...before.slice(1), 'true'], { limitSeconds: 5 }).catch(
    () => undefined,
  );
  return tried?.exitCode === 0 ? before : [];
}
