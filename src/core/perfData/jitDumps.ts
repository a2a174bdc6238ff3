import { readJitDump, type JitDump } from '../symbols/jitDump.js';
import type { TaskRecord } from './mappingHistory.js';

/** By process. A runtime maps its dump as if it were code, so that recordings have its path (jitdump-specification.txt). */
export async function readJitDumps(tasks: readonly TaskRecord[]): Promise<ReadonlyMap<number, JitDump>> {
  const files = new Map<number, string>();
  for (const task of tasks)
    if (task.kind === 'map' && /\/jit-\d+\.dump$/.test(task.mapping.file))
      files.set(task.pid, task.mapping.file);
  const dumps = new Map<number, JitDump>();
  for (const [pid, file] of files) {
    const dump = await readJitDump(file);
    if (dump) dumps.set(pid, dump);
  }
  return dumps;
}

/** When code took the place of other code, to be replayed with the mappings; for a recording with times of the same clock. */
export function codeLoads(dumps: ReadonlyMap<number, JitDump>): TaskRecord[] {
  return [...dumps].flatMap(([pid, { loads }]) =>
    loads.map((load): TaskRecord => ({ kind: 'code', time: load.time, sample: 0, pid, load })),
  );
}
