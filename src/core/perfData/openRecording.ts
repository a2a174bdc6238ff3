import type { TaskContext } from '../context.js';
import type { Profile, ProfileEvent } from '../../model/profile.js';
import { fillDefinitions } from '../symbols/definitions.js';
import { findSymbolTool, symbolize, type SymbolTool } from '../symbols/symbolizer.js';
import { openFiles } from './byteSource.js';
import { readPerfData, type PerfRecording } from './reader.js';
import { toProfile } from './toProfile.js';
import { unwindWithPerf } from './unwind.js';

export interface OpenRecordingOptions {
  /** As in `toProfile`. */
  readonly inline: boolean;
  /** What is known of events beyond their names in the recording, matched by name. */
  readonly events?: readonly ProfileEvent[] | undefined;
  /** Looked for when absent. */
  readonly symbolTool?: SymbolTool;
}

/**
 * Opens a perf.data file: reads it, names its code and finds the functions' definitions. A recording without
 * samples gives a profile without samples.
 * @throws LabError `profile-corrupt`, `tool-missing`, `cancelled`; errors of the file system as they are
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
