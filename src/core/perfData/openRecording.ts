import type { TaskContext } from '../context.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { fillDefinitions } from '../symbols/definitions.js';
import { findSymbolTool, symbolize } from '../symbols/symbolizer.js';
import type { SymbolTool } from '../symbols/symbolTool.js';
import { openFiles } from './byteSource.js';
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
  const recording = await readFile(file, context);
  const symbols = await symbolize(symbolTool, recording.locations, {
    ...context,
    kernelRelease: recording.kernelRelease,
    kernelReference: recording.kernelReference,
  });
  return fillDefinitions(toProfile(recording, symbols, options));
}

async function readFile(
  file: string,
  context: Pick<TaskContext, 'signal' | 'progress'>,
): Promise<PerfRecording> {
  const files = await openFiles(file);
  try {
    return await readPerfData(files.main, {
      signal: context.signal,
      parts: files.parts,
      unwind: (reader) => unwindWithPerf(file, reader, context),
    });
  } finally {
    await files.close();
  }
}
