import { open, readFile, rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { TaskContext } from '../context.js';
import { canceled } from '../labError.js';
import type { RunStore } from './runStore.js';

/**
 * Runs `action` while no other window or terminal builds or measures the same lab: two at once would distort each
 * other's figures and share a build folder. Waits for its turn, and takes over the lock of a process that has died.
 */
export async function withLock<T>(
  store: RunStore,
  context: TaskContext,
  action: () => Promise<T>,
): Promise<T> {
  await store.prepare();
  const file = store.lockFile;
  while (!(await tryLock(file))) {
    const owner = Number.parseInt(await readFile(file, 'utf8').catch(() => ''), 10);
    if (!isAlive(owner)) {
      await rm(file, { force: true });
      continue;
    }
    context.progress(`Waiting for process ${owner}, which is measuring this lab…`);
    await delay(250, undefined, { signal: context.signal }).catch(() => {
      throw canceled();
    });
  }
  try {
    return await action();
  } finally {
    await rm(file, { force: true });
  }
}

async function tryLock(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(`${process.pid}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
