// Finds and ends everything that descends from one process, also what left its process group
// (terminals and detached children do): each descendant carries the same environment variable.
import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The environment variable that tells descendants from other processes. Not named HAKMEM_*: those are
 * options of the allocator, which complains of any it does not know.
 */
export const MARKER = 'LAB_HOST_MARK';

/** @param {string} mark @returns {number[]} process ids that are alive and carry the mark */
function markedProcesses(mark) {
  const wanted = `${MARKER}=${mark}`;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid && carries(name, wanted))
    .map(Number);
}

/** @param {string} pid @param {string} wanted */
function carries(pid, wanted) {
  try {
    // A zombie still has its directory, but an empty environment: it does not count.
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(wanted);
  } catch {
    return false; // it ended meanwhile, or belongs to somebody else
  }
}

/** @param {string} mark @param {NodeJS.Signals} signal */
export function signalMarked(mark, signal) {
  for (const pid of markedProcesses(mark)) {
    try {
      process.kill(pid, signal);
    } catch {
      // it ended meanwhile
    }
  }
}

/**
 * Asks all of them to end, then makes them; resolves when none is left.
 * @param {string} mark
 * @param {{ grace?: number }} [options] milliseconds between asking and making
 */
export async function endMarked(mark, { grace = 3000 } = {}) {
  signalMarked(mark, 'SIGTERM');
  if (await gone(mark, grace)) return;
  // Again and again, for a process may start another while the list is being read.
  for (let attempt = 0; attempt < 20; attempt++) {
    signalMarked(mark, 'SIGKILL');
    if (await gone(mark, 250)) return;
  }
  throw new Error(
    `These processes did not end after SIGKILL: ${markedProcesses(mark).join(', ')}. ` +
      'They are most likely waiting for a disk or a debugger; look at them with ps.',
  );
}

/** @param {string} mark @param {number} patience milliseconds */
async function gone(mark, patience) {
  const end = Date.now() + patience;
  while (markedProcesses(mark).length > 0) {
    if (Date.now() > end) return false;
    await delay(50);
  }
  return true;
}
