/** Texts around the tabs. */
import { intervalText } from '../../src/text/benchTexts.js';
import { bytes, plural } from '../../src/text/numbers.js';
import type { BenchResult } from '../../src/wire/protocol.js';

export const texts = {
  panels: 'Profile',
  tabs: {
    flame: 'Flame graph',
    categories: 'Categories',
    functions: 'Functions',
    compare: 'Compare',
    whatif: 'What if',
  },
  profilePreset: 'Profile a preset',
  loading: 'Loading profile…',
  throughput: 'Throughput',
  event: 'Event',
  noEvent: 'none',
  samples: 'Samples',
  recorded: 'Recorded',
  opened: 'Opened',
  counters: 'Counters',
  ipc: 'IPC',
  cyclesPerOp: 'cycles/op',
  instructionsPerOp: 'instructions/op',
  export: 'Export',
  exportButton: 'Export...',
  exportPng: 'Flame graph as shown: PNG',
  exportOther: 'HTML, SVG, speedscope and other formats...',
  noPicture: 'There is no picture to save.',
} as const;

export const cannotShow = (reason: string): string => `This profile can't be shown: ${reason}`;
export const throughputOf = (allocator: string): string => `${texts.throughput}, ${allocator}`;
export const openedFrom = (time: string, file: string): string => `${time}, from ${file}`;
export const notesText = (notes: number): string => plural(notes, 'note');
export const fallbackText = (requested: string, reason: string): string =>
  ` (instead of ${requested}: ${reason})`;
export const notCounted = (events: readonly string[], reason: string): string =>
  `not counted: ${events.join(', ')} (${reason})`;

/** Follows the median. */
export function throughputDetails({ opsPerSec, peakRssBytes }: BenchResult): string {
  const repeats = opsPerSec.samples.length;
  const interval = repeats > 1 ? `${intervalText(opsPerSec)}, ` : '';
  return ` median; ${interval}${plural(repeats, 'repeat')}; peak RSS ${bytes(peakRssBytes)}`;
}
