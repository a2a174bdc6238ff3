/** Texts around the tabs. */
import { figureOf, intervalText, memoryText } from '../../src/text/benchTexts.js';
import { plural } from '../../src/text/numbers.js';
import type { BenchResult } from '../../src/wire/protocol.js';

export const texts = {
  panels: 'Profile',
  tabs: {
    flame: 'Flame graph',
    categories: 'Categories',
    functions: 'Functions',
    calltree: 'Call tree',
    compare: 'Compare',
    whatif: 'What if',
  },
  profilePreset: 'Profile a preset',
  dropHotspot: 'Drop here: what if this function cost less?',
  loading: 'Loading profile…',
  throughput: 'Throughput',
  event: 'Event',
  noEvent: 'none',
  details: 'Details',
  detailsTitle: 'Details of this run',
  counted: 'Measured',
  program: 'Program',
  fewSamplesTitle:
    'Shares of so few samples are uncertain by more than ten points. Record for a longer time, or with a higher frequency.',
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
  recordWithDwarf: 'Record Again with DWARF',
  recordWithDwarfTitle: 'Start the program again, and copy stacks to find callers without frame pointers',
  sampleKernel: 'Change the Setting',
  sampleKernelTitle: 'Choose in the settings which code is sampled, then profile again',
  copyFlags: 'Copy the Compiler Flags',
  copyCommand: 'Copy the Command',
  noPicture: 'There is no picture to save.',
} as const;

export const cannotShow = (reason: string): string => `This profile can't be shown: ${reason}`;
export const throughputOf = (allocator: string): string => `${texts.throughput}, ${allocator}`;
export const openedFrom = (time: string, file: string): string => `${time}, from ${file}`;
export const repeatsTitle = (repeats: number, least: string, most: string, interval: string): string =>
  `${plural(repeats, 'repeat')} from ${least} to ${most}; ${interval} of the median`;
export const notesText = (notes: number): string => plural(notes, 'note');
export const installPackage = (name: string): string => `Install ${name}`;
export const flagsCopied = (flags: string): string => `Copied the compiler flags ${flags}`;
export const commandCopied = (command: string): string => `Copied the command ${command}`;
export const fallbackText = (requested: string, reason: string): string =>
  ` (instead of ${requested}: ${reason})`;
export const fewSamplesText = (samples: string): string => `only ${samples}`;
/** @param reason undefined if it has been given already */
export const notCounted = (events: readonly string[], reason: string | undefined): string =>
  `not counted: ${events.join(', ')}${reason === undefined ? '' : ` (${reason})`}`;

/** Follows the median. */
export function throughputDetails(result: BenchResult): string {
  const { statistics, short } = figureOf(result);
  const repeats = statistics.samples.length;
  const interval = repeats > 1 ? `${intervalText(statistics, short)}, ` : '';
  return ` median; ${interval}${plural(repeats, 'repeat')}; peak RSS ${memoryText(result.peakRssBytes)}`;
}
