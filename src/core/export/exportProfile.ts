import type { Classifier } from '../categories/classifier.js';
import type { StatDocument } from '../../model/profileDocument.js';
import { LabError } from '../labError.js';
import type { EventProfile, Profile } from '../../model/profile.js';
import { toDocument } from '../../views/toDocument.js';
import { ofEvent } from '../../views/sampleFilter.js';
import { exportFolded, type Outermost } from './folded.js';
import { exportMarkdown } from './markdown.js';
import { exportPprof } from './pprof.js';
import { exportSpeedscope } from './speedscope.js';
import { exportSvg } from './svg.js';

export const exportFormats = ['folded', 'speedscope', 'pprof', 'svg', 'markdown'] as const;

export type ExportFormat = (typeof exportFormats)[number];

interface ExportSource {
  /** Of the shown event, which is the only one in formats for one event. */
  readonly profile: EventProfile;
  /** With the samples of all events, for formats that support several. */
  readonly all?: Profile;
  readonly classifier: Classifier;
  /** A title for people. */
  readonly title: string;
  /** Path of the program, absolute or relative. */
  readonly program?: string;
  readonly stat?: StatDocument | null;
  /** Of folded stacks. */
  readonly outermost?: Outermost | undefined;
}

/**
 * Converts a profile to a format of other tools. All formats except pprof are text.
 * @throws LabError `export-too-large` if a string can't hold the text
 */
export function exportProfile(source: ExportSource, format: ExportFormat): string | Buffer {
  try {
    return write(source, format);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LabError('export-too-large', `The profile is too large for ${format}.`, {
      detail: error.message,
      remedy: { text: 'Use pprof, the most compact format, or record for a shorter time.' },
      cause: error,
    });
  }
}

function write(source: ExportSource, format: ExportFormat) {
  const { profile, all, classifier, title, program, stat } = source;
  const shown = Math.max(0, profile.events.indexOf(profile.event));
  // The shown event first, since tools show the first event of a file.
  const order = [shown, ...profile.events.keys()].filter((event, i) => i === 0 || event !== shown);
  const several = all ? order.map((event) => (event === shown ? profile : ofEvent(all, event))) : [profile];
  switch (format) {
    case 'folded':
      return exportFolded(profile, source.outermost);
    case 'speedscope':
      return exportSpeedscope(several, title);
    case 'pprof':
      return exportPprof(several, program);
    case 'svg':
      return exportSvg(profile, classifier, title);
    case 'markdown':
      return exportMarkdown(toDocument(profile, classifier, stat ?? null), title);
  }
}
