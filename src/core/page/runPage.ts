import path from 'node:path';
import { readRegularText } from '../files.js';
import { LabError, messageOf } from '../labError.js';
import type { ComparedRun, SentProfile } from '../../wire/panelData.js';
import { standalonePage } from './standalonePage.js';

export interface RunPage {
  readonly title: string;
  readonly profile: SentProfile;
  /** Runs for the Compare tab. */
  readonly compared: readonly ComparedRun[];
  /** Name of the event to show first; by default the first one of the profile. */
  readonly event?: string | undefined;
}

/**
 * A run as one HTML file: the panel with the profile embedded.
 * @param built the folder with the built files of the panel
 * @throws LabError `panel-not-built`, `export-too-large` if a string can't hold the page
 */
export async function runPage({ title, profile, compared, event }: RunPage, built: string): Promise<string> {
  const [standIn, script, style, notices] = await Promise.all([
    builtFile(built, 'standalone.js'),
    builtFile(built, 'webview.js'),
    builtFile(built, 'webview-style.css'),
    builtFile(built, 'panel-notices.txt'),
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
      notices,
    });
  } catch (error) {
    if (!tooLong(error)) throw error;
    throw new LabError('export-too-large', 'The profile is too large for one HTML file.', {
      detail: error.message,
      remedy: { text: 'Export it as pprof, the most compact format, or record for a shorter time.' },
      cause: error,
    });
  }
}

/** Joining and decoding report the length limit of strings differently. */
function tooLong(error: unknown): error is Error {
  return error instanceof RangeError || (error as NodeJS.ErrnoException).code === 'ERR_STRING_TOO_LONG';
}

async function builtFile(folder: string, name: string): Promise<string> {
  const file = path.join(folder, name);
  try {
    return await readRegularText(file);
  } catch (cause) {
    throw new LabError('panel-not-built', "The panel's files, which the HTML file includes, are missing.", {
      detail: messageOf(cause),
      remedy: { text: 'Build them with "npm run build", or reinstall HAKMEM Lab.' },
      cause,
    });
  }
}
