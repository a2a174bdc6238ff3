import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LabError } from '../labError.js';
import type { ComparedRun, SentProfile } from '../../wire/panelData.js';
import { standalonePage } from './standalonePage.js';

export interface RunPage {
  readonly title: string;
  readonly profile: SentProfile;
  /** Runs to compare with. */
  readonly compared: readonly ComparedRun[];
  /** Name of the event to show at first; the profile's first one if absent. */
  readonly event?: string | undefined;
}

/**
 * A run as one HTML file: the panel with its profile inside.
 * @param built the folder with the panel's built files
 * @throws LabError `panel-not-built` if they are missing, `export-too-large` if the page exceeds the length of a string
 */
export async function runPage({ title, profile, compared, event }: RunPage, built: string): Promise<string> {
  const [standIn, script, style] = await Promise.all([
    builtFile(built, 'standalone.js'),
    builtFile(built, 'webview.js'),
    builtFile(built, 'webview-style.css'),
  ]);
  try {
    return standalonePage({
      title,
      messages: [
        { type: 'profile', profile },
        { type: 'comparison', runs: compared },
      ],
      event: event ?? '',
      standIn,
      script,
      style,
    });
  } catch (error) {
    if (!tooLong(error)) throw error;
    throw new LabError('export-too-large', 'The profile is too large for one HTML file.', {
      detail: error.message,
      remedy: { text: 'Export it as pprof, which is the most compact, or record for a shorter time.' },
      cause: error,
    });
  }
}

/** Joining and decoding report the limit of strings in different ways. */
function tooLong(error: unknown): error is Error {
  return error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_STRING_TOO_LONG';
}

async function builtFile(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new LabError('panel-not-built', 'The built panel for the HTML file is missing.', {
      detail: cause instanceof Error ? cause.message : String(cause),
      remedy: { text: 'Build it with "npm run build", or reinstall HAKMEM Lab.' },
      cause,
    });
  }
}
