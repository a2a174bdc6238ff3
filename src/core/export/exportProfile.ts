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

export interface ExportSource {
  /** Of the event that is shown: the only one in formats that hold one. */
  readonly profile: EventProfile;
  /** With the samples of all events, for formats that hold several; when absent, the shown one is all. */
  readonly all?: Profile;
  readonly classifier: Classifier;
  /** A title for people. */
  readonly title: string;
  /** The file that ran, absolute or not. */
  readonly program?: string;
  readonly stat?: StatDocument | null;
  /** Of folded stacks. */
  readonly outermost?: Outermost | undefined;
}

/**
 * The profile as other tools read it. Everything is text but pprof.
 * @throws LabError `export-too-large` where the text would not fit into a string
 */
export function exportProfile(source: ExportSource, format: ExportFormat): string | Buffer {
  try {
    return write(source, format);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new LabError('export-too-large', `The profile is too large for ${format}.`, {
      detail: error.message,
      remedy: { text: 'Choose pprof, which is the most compact, or record for a shorter time.' },
      cause: error,
    });
  }
}

function write(source: ExportSource, format: ExportFormat) {
  const { profile, all, classifier, title, program, stat } = source;
  const shown = Math.max(0, profile.events.indexOf(profile.event));
  // The shown event first: tools open a file with its first, as this one does.
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
