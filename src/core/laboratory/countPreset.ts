import { presetSubject } from '../bench/subject.js';
import { build } from '../build/build.js';
import { countInstructions } from '../callgrind/countInstructions.js';
import { requireValgrind } from '../callgrind/valgrind.js';
import type { TaskContext } from '../context.js';
import { findPreset, type LoadedLab } from '../lab/loadLab.js';
import { withLock } from '../store/lock.js';
import type { RunStore } from '../store/runStore.js';
import { fillDefinitions } from '../symbols/definitions.js';
import { findSymbolTool } from '../symbols/symbolizer.js';
import { saveRun, type ProfiledRun } from './saveRun.js';

export interface CountOptions {
  readonly inline?: boolean;
  /** Approximate length of the longest counted execution. */
  readonly seconds?: number;
}

export async function countPreset(
  lab: LoadedLab,
  store: RunStore,
  presetName: string,
  options: CountOptions,
  context: TaskContext,
): Promise<ProfiledRun> {
  const preset = findPreset(lab, presetName);
  return withLock(store, context, async () => {
    await requireValgrind();
    const symbolTool = await findSymbolTool();
    const warnings = await build(lab, preset, context);
    const since = new Date();
    const subject = await presetSubject(lab, preset);
    const counted = await countInstructions(
      { subject, iterationsArg: preset.iterationsArg, inline: options.inline, seconds: options.seconds },
      (name) => store.temporary(name),
      symbolTool,
      context,
    );
    const profile = await fillDefinitions(counted.profile);
    // Executions with `args` were counted, with fewer iterations, never those with `profileArgs`.
    const { profileArgs: _, ...benchmarked } = preset;
    const measured = { results: [], stat: counted.stat, profile, since };
    const run = await saveRun(lab, store, benchmarked, subject, measured, context);
    return { run, profile, warnings };
  });
}
