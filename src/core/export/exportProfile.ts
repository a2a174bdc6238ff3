import type { Classifier } from '../categories/categories.js';
import type { StatDocument } from '../profile/document.js';
import type { EventProfile } from '../profile/profile.js';
import { toDocument } from '../profile/summarize.js';
import { exportFolded } from './folded.js';
import { exportMarkdown } from './markdown.js';
import { exportPprof } from './pprof.js';
import { exportSpeedscope } from './speedscope.js';
import { exportSvg } from './svg.js';

export const exportFormats = ['folded', 'speedscope', 'pprof', 'svg', 'markdown'] as const;

export type ExportFormat = (typeof exportFormats)[number];

export interface ExportSource {
  readonly profile: EventProfile;
  readonly classifier: Classifier;
  /** A title for people. */
  readonly title: string;
  readonly stat?: StatDocument | null;
}

/** The profile as other tools read it. Everything is text but pprof. */
export function exportProfile(source: ExportSource, format: ExportFormat): string | Buffer {
  const { profile, classifier, title, stat } = source;
  switch (format) {
    case 'folded':
      return exportFolded(profile);
    case 'speedscope':
      return exportSpeedscope(profile, title);
    case 'pprof':
      return exportPprof(profile);
    case 'svg':
      return exportSvg(profile, classifier, title);
    case 'markdown':
      return exportMarkdown(toDocument(profile, classifier, stat ?? null), title);
  }
}
