import type { ProgramEnd } from '../../model/run.js';
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
    const since = new Date();
    let ended: ProgramEnd | undefined;
    const profile = await recordProfile(
      store,
      {
        plan,
        symbolTool,
        inline: options.inline ?? true,
        noSamplesRemedy: resolved.noSamplesRemedy,
        async record(file) {
          const { gravest, notes, program } = await perfRecordTarget(resolved, plan, file, options, context);
          ended = program;
          return {
            gravest,
            notes,
            ended: program !== undefined,
            failed: program !== undefined && program.exitStatus !== 0,
          };
        },
      },
      context,
    );
    const preset = { ...resolved.preset, name: runName(resolved.preset.name) || 'program' };
    const { program, args, environment, cwd = lab.folder } = preset;
    const subject = { allocator: '', program, args, environment, cwd };
    const measured = { results: [], stat: null, profile, ended, since };
    const run = await saveRun(lab, store, preset, subject, measured, context);
    return { run, profile, warnings: [] };
  });
}
