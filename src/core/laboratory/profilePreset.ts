import { benchIfPrinted } from '../bench/bench.js';
import { presetSubject } from '../bench/subject.js';
import { build } from '../build/build.js';
import type { TaskContext } from '../context.js';
import { findPreset, type LoadedLab } from '../lab/loadLab.js';
import { defaultRecordOptions, type RecordOptions } from '../perf/options.js';
import { planRecording } from '../perf/plan.js';
import { perfRecord } from '../perf/record.js';
import { perfStat } from '../perf/stat.js';
import { requireObservable } from '../process/executable.js';
import { withLock } from '../store/lock.js';
import type { RunStore } from '../store/runStore.js';
import { findSymbolTool } from '../symbols/symbolizer.js';
import { recordProfile } from './recordProfile.js';
import { saveRun, type ProfiledRun } from './saveRun.js';

/** The fewest whose median has a 95% interval, and an odd number, so that the median is one of them. */
const defaultRepeats = 7;

export interface ProfileOptions {
  /** Repeats of the benchmark before sampling. */
  readonly repeats?: number | undefined;
  readonly inline?: boolean;
  readonly record?: Partial<RecordOptions>;
}

export async function profilePreset(
  lab: LoadedLab,
  store: RunStore,
  presetName: string,
  options: ProfileOptions,
  context: TaskContext,
): Promise<ProfiledRun> {
  const preset = findPreset(lab, presetName);
  return withLock(store, context, async () => {
    // Check for missing tools and events before anything takes time.
    const symbolTool = await findSymbolTool();
    const plan = await planRecording({ ...defaultRecordOptions, ...options.record }, context);
    const warnings = await build(lab, preset, context);
    const since = new Date();
    const subject = await presetSubject(lab, preset);
    await requireObservable(subject.program, preset.program);
    // Any program can be profiled; one that isn't a benchmark just has no throughput.
    const result = await benchIfPrinted(subject, options.repeats ?? defaultRepeats, context);
    const results = result ? [result] : [];
    const notes = result ? [] : ['No throughput: the program printed no benchmark result.'];
    const profiled = { ...subject, args: preset.profileArgs ?? preset.args };
    const stat = await perfStat(profiled, store.temporary('stat.csv'), context);
    const profile = await recordProfile(
      store,
      {
        plan,
        symbolTool,
        inline: options.inline ?? true,
        noSamplesRemedy: 'Set "profileArgs" in the preset so that the program runs for at least a second.',
        async record(file) {
          const gravest = await perfRecord(profiled, plan, file, context);
          return { gravest, notes, ended: true };
        },
      },
      context,
    );
    const run = await saveRun(lab, store, preset, subject, { results, stat, profile, since }, context);
    return { run, profile, warnings };
  });
}
