import { rm } from 'node:fs/promises';
import { count } from '../../text/numbers.js';
import type { Profile } from '../../model/profile.js';
import type { TaskContext } from '../context.js';
import { LabError, messageOf } from '../labError.js';
import type { RecordPlan } from '../perf/plan.js';
import { openRecording } from '../perfData/openRecording.js';
import type { RunStore } from '../store/runStore.js';
import type { SymbolTool } from '../symbols/symbolTool.js';
import { optimizationNotes } from './optimizationNotes.js';

interface Recorded {
  /** What the user has to know before anything that the profile lacks. */
  readonly gravest: readonly string[];
  readonly notes: readonly string[];
  readonly ended: boolean;
  /** Whether it ended with a status other than 0, or by a signal. */
  readonly failed?: boolean;
}

interface Recording {
  readonly plan: RecordPlan;
  readonly symbolTool: SymbolTool;
  readonly inline: boolean;
  /** What to do if there were no samples. */
  readonly noSamplesRemedy: string;
  /** Writes a perf.data file. @returns notes for the user, and whether the program ended by itself */
  readonly record: (file: string) => Promise<Recorded>;
}

/** Records to a temporary file and reads it. @throws LabError `no-samples`, and errors of both steps */
export async function recordProfile(
  store: RunStore,
  { plan, symbolTool, inline, noSamplesRemedy, record }: Recording,
  context: TaskContext,
): Promise<Profile> {
  const file = store.temporary('perf.data');
  try {
    const { gravest, notes, ended, failed = false } = await record(file);
    context.progress('Reading recording…');
    const options = { inline, events: plan.events, symbolTool };
    const profile = await openRecording(file, options, context).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).syscall === undefined) throw cause;
      throw new LabError('perf-failed', "What perf recorded can't be read.", {
        detail: messageOf(cause),
        remedy: { text: 'Try again. If perf wrote nothing, run it in a terminal to see why.' },
        cause,
      });
    });
    if (profile.samples.length === 0) {
      const what = ended ? 'The program ended before the first sample.' : 'The recording has no samples.';
      const rate = `Each event is sampled ${count(plan.frequency)} times per second of processor time.`;
      throw new LabError('no-samples', what, {
        detail: [...(ended ? [rate] : []), ...gravest, ...notes, ...plan.notes].join('\n'),
        remedy: { text: failed ? 'Run the program by itself to see why it ends so early.' : noSamplesRemedy },
      });
    }
    const build = await optimizationNotes(profile);
    return { ...profile, notes: [...gravest, ...build, ...profile.notes, ...plan.notes, ...notes] };
  } finally {
    await rm(file, { force: true });
    await rm(`${file}.old`, { force: true });
  }
}
