import type { TaskContext } from '../context.js';
import type { MemoryLimit } from '../memoryLimit.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { fillDefinitions } from '../symbols/definitions.js';
import { llvmSymbolizer, warmLlvmSymbolizer } from '../symbols/llvmSymbolizer.js';
import { recordedTime, type RecordedTime } from '../symbols/recordedFile.js';
import { findSymbolTool, symbolize } from '../symbols/symbolizer.js';
import type { SymbolTool } from '../symbols/symbolTool.js';
import { ofEvent } from '../../views/sampleFilter.js';
import { openFiles } from './byteSource.js';
import { coverageNotes } from './coverageNotes.js';
import { readPerfData, type PerfRecording } from './reader.js';
import { toProfile } from './toProfile.js';
import { unwindWithPerf } from './unwind.js';

interface OpenRecordingOptions {
  /** As in `toProfile`. */
  readonly inline: boolean;
  /** Known facts about events, matched by name. */
  readonly events?: readonly ProfileEvent[] | undefined;
  /** Searched for if omitted. */
  readonly symbolTool?: SymbolTool;
  readonly memory?: MemoryLimit;
}

/**
 * Opens a perf.data file: reads and symbolizes it, and finds where functions are defined. A recording without samples
 * results in a profile without samples.
 * @throws LabError `profile-corrupt`, `format-unsupported`, `tool-missing`, `canceled`; errors of the file system
 */
export async function openRecording(
  file: string,
  options: OpenRecordingOptions,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<Profile> {
  const symbolTool = options.symbolTool ?? (await findSymbolTool());
  if (symbolTool === llvmSymbolizer) warmLlvmSymbolizer();
  const { recording, recorded } = await readFile(file, options.memory, context);
  const symbols = await symbolize(symbolTool, recording.locations, {
    ...context,
    kernelRelease: recording.kernelRelease,
    kernelReference: recording.kernelReference,
    recorded,
    jitDumps: recording.jitDumps,
  });
  const profile = await fillDefinitions(toProfile(recording, symbols, options));
  const missing = coverageNotes(ofEvent(profile), symbols.modules, recording.callGraph);
  return { ...profile, notes: [...profile.notes, ...missing] };
}

async function readFile(
  file: string,
  memory: MemoryLimit | undefined,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<{ recording: PerfRecording; recorded: RecordedTime }> {
  const files = await openFiles(file);
  try {
    const recording = await readPerfData(files.main, {
      signal: context.signal,
      memory,
      parts: files.parts,
      unwind: (reader) => unwindWithPerf(file, reader, context),
    });
    return { recording, recorded: await recordedTime(files.path) };
  } finally {
    await files.close();
  }
}
