import type { TaskContext } from '../context.js';
import type { LoadedLab } from '../lab/loadLab.js';
import type { RecordOptions } from '../perf/options.js';
import { planRecording } from '../perf/plan.js';
import { perfRecordTarget, type RecordLimits } from '../perf/record.js';
import { resolveTarget, type RecordTarget } from '../perf/target.js';
import { withLock } from '../store/lock.js';
import type { RunStore } from '../store/runStore.js';
import { findSymbolTool } from '../symbols/symbolizer.js';
import { recordProfile } from './recordProfile.js';
import { runName, saveRun, type ProfiledRun } from './saveRun.js';

export interface RecordingOptions extends RecordOptions, RecordLimits {
  readonly inline?: boolean | undefined;
}

/** Records until the target exits or the recording is stopped. The preset of the run is the target. */
export async function recordTarget(
  lab: LoadedLab,
  store: RunStore,
  target: RecordTarget,
  options: RecordingOptions,
  context: TaskContext,
): Promise<ProfiledRun> {
  const symbolTool = await findSymbolTool();
  const resolved = await resolveTarget(target);
  const plan = await planRecording(options, context);
  return withLock(store, context, async () => {
    const profile = await recordProfile(
      store,
      {
        plan,
        symbolTool,
        inline: options.inline ?? true,
        noSamplesRemedy: resolved.noSamplesRemedy,
        record: (file) => perfRecordTarget(resolved, plan, file, options, context),
      },
      context,
    );
    const preset = { ...resolved.preset, name: runName(resolved.preset.name) || 'program' };
    const { program, args } = preset;
    const subject = { allocator: '', program, args, environment: {} };
    const run = await saveRun(lab, store, preset, subject, { results: [], stat: null, profile }, context);
    return { run, profile, warnings: [] };
  });
}
