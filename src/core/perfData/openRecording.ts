import { readFile } from 'node:fs/promises';
import type { TaskContext } from '../context.js';
import type { Profile, ProfileEvent } from '../profile/profile.js';
import { fillDefinitions } from '../symbols/definitions.js';
import { findSymbolTool, symbolize, type SymbolTool } from '../symbols/symbolizer.js';
import { readPerfData } from './reader.js';
import { toProfile } from './toProfile.js';

export interface OpenRecordingOptions {
  /** As in `toProfile`. */
  readonly inline: boolean;
  /** What is known of events beyond their names in the recording, matched by name. */
  readonly events?: readonly ProfileEvent[];
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
  const recording = readPerfData(await readFile(file));
  const symbols = await symbolize(symbolTool, recording.locations, context);
  const event = options.events?.find((e) => e.name === recording.event) ?? { name: recording.event };
  return fillDefinitions(toProfile(recording, symbols, { event, inline: options.inline }));
}
