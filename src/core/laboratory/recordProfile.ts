import { rm } from 'node:fs/promises';
import type { Profile } from '../../model/profile.js';
import type { TaskContext } from '../context.js';
import { LabError } from '../labError.js';
import type { RecordPlan } from '../perf/plan.js';
import { openRecording } from '../perfData/openRecording.js';
import type { RunStore } from '../store/runStore.js';
import type { SymbolTool } from '../symbols/symbolTool.js';

interface Recording {
  readonly plan: RecordPlan;
  readonly symbolTool: SymbolTool;
  readonly inline: boolean;
  /** What to do if there were no samples. */
  readonly noSamplesRemedy: string;
  /** Writes a perf.data file. @returns notes for the user */
  readonly record: (file: string) => Promise<readonly string[]>;
}

/** Records to a temporary file and reads it. @throws LabError `no-samples`, and errors of both steps */
export async function recordProfile(
  store: RunStore,
  { plan, symbolTool, inline, noSamplesRemedy, record }: Recording,
  context: TaskContext,
): Promise<Profile> {
  const file = store.temporary('perf.data');
  try {
    const notes = await record(file);
    context.progress('Reading recording…');
    const profile = await openRecording(file, { inline, events: plan.events, symbolTool }, context);
    if (profile.samples.length === 0) {
      throw new LabError('no-samples', 'The recording has no samples.', {
        detail: [...notes, ...plan.notes].join('\n'),
        remedy: { text: noSamplesRemedy },
      });
    }
    const stackless =
      plan.callGraph === 'none' || hasCallers(profile)
        ? []
        : ["No callers were found: the program's call stacks couldn't be followed."];
    return { ...profile, notes: [...profile.notes, ...plan.notes, ...notes, ...stackless] };
  } finally {
    await rm(file, { force: true });
    await rm(`${file}.old`, { force: true });
  }
}

/** Whether any function has a caller. Inlined functions don't count: their callers are known without a call stack. */
function hasCallers({ stacks, frames }: Profile): boolean {
  return stacks.parent.some((parent, s) => parent >= 0 && frames.inlined[stacks.frame[s] as number] === 0);
}
