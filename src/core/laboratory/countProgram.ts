import { countInstructions } from '../callgrind/countInstructions.js';
import { requireValgrind } from '../callgrind/valgrind.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { LoadedLab } from '../lab/loadLab.js';
import { resolveTarget, type RecordTarget } from '../perf/target.js';
import { withLock } from '../store/lock.js';
import type { RunStore } from '../store/runStore.js';
import { fillDefinitions } from '../symbols/definitions.js';
import { findSymbolTool } from '../symbols/symbolizer.js';
import { runName, saveRun, type ProfiledRun } from './saveRun.js';

/** Counts every instruction of any program with callgrind. The preset of the run is the program. */
export async function countProgram(
  lab: LoadedLab,
  store: RunStore,
  target: RecordTarget,
  context: TaskContext,
): Promise<ProfiledRun> {
  if (target.kind === 'process') {
    throw new LabError('not-supported', "callgrind can't attach to a process.", {
      remedy: { text: 'Start the program under it.' },
    });
  }
  await requireValgrind();
  const symbolTool = await findSymbolTool();
  const { preset } = await resolveTarget(target);
  const { program, args, environment, cwd = lab.folder, stdin } = preset;
  const name = runName(preset.name) || 'program';
  return withLock(store, context, async () => {
    const since = new Date();
    const subject = { allocator: name, program, args, environment, cwd, stdin };
    const counted = await countInstructions(
      { subject, iterationsArg: undefined },
      (file) => store.temporary(file),
      symbolTool,
      context,
    );
    const profile = await fillDefinitions(counted.profile);
    const measured = { results: [], stat: counted.stat, profile, since };
    const run = await saveRun(lab, store, { ...preset, name }, subject, measured, context);
    return { run, profile, warnings: [] };
  });
}
