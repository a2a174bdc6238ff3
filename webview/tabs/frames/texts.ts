/** What views of frames say of their filters, commands, and search. */
import { percent, plural } from '../../../src/text/numbers.js';

export const texts = {
  search: 'Search functions',
  searchHint: 'Search: name or /regex/',
  clearSearchTitle: 'Clear the search',
  previousMatch: 'Previous match',
  nextMatch: 'Next match',
  noFunctionFound: 'No function found',
  foundElsewhere: 'Only in samples that are filtered out',
  filters: 'Filters',
  noFilter: 'No filter',
  clearAll: 'Clear all',
  recursionCollapsed: 'Recursion collapsed',
  unknownModule: 'unknown',
  close: 'Close',
} as const;

export const menuTexts = {
  goToSource: 'Go to source',
  showCode: 'Show machine code',
  focus: 'Focus on this function',
  focusSubtree: 'Focus on this subtree',
  merge: 'Merge function into its callers',
  drop: 'Drop samples with this function',
  expandRecursion: 'Expand recursion',
  collapseRecursion: 'Collapse recursion',
  copyName: 'Copy name',
  copyStack: 'Copy stack',
  copySubtree: 'Copy subtree',
  nameCopied: 'Name copied',
  stackCopied: 'Stack copied',
  subtreeCopied: 'Subtree copied',
} as const;

export const hideModule = (module: string): string => `Hide module ${module}`;
export const onlyModule = (module: string): string => `Only module ${module}`;
export const onlyCategory = (category: string): string => `Only category ${category}`;

/** Labels of the filters that are active. */
export const chips = {
  thread: (name: string): string => `Thread: ${name}`,
  time: (range: string): string => `Time: ${range}`,
  category: (name: string): string => `Only category: ${name}`,
  module: (name: string): string => `Only module: ${name}`,
  hiddenModule: (name: string): string => `Hidden module: ${name}`,
  focus: (name: string): string => `Focus: ${name}`,
  /** @param share of the samples that the view had with them, 0..1 */
  dropped: (name: string, share: number): string => `Dropped ${percent(share)}: ${name}`,
  merged: (name: string): string => `Merged: ${name}`,
  subtree: (name: string): string => `Subtree: ${name}`,
  endings: (name: string): string => `Ending in: ${name}`,
} as const;
export const removeFilter = (chip: string): string => `${chip}. Remove this filter`;
/** @param share as of a chip, of all dropped functions together */
export const sharesOfRest = (share: number): string =>
  `${percent(share)} dropped: shares are of the other ${percent(1 - share)}.`;
export const filtersInWords = (labels: readonly string[], samples: number): string =>
  `${labels.length === 0 ? texts.noFilter : labels.join(', ')}: ${plural(samples, 'sample')} shown`;

/** One text. Every second part is left out where there is little room. */
export const functionsInFrames = (functions: number, frames: number): string[] => [
  plural(functions, 'function'),
  ` in ${plural(frames, 'frame')}`,
];
/** @param share of the samples with a match on their stack, 0..1 */
export const foundText = (functions: number, frames: number, share: number): string[] => [
  ...functionsInFrames(functions, frames),
  `, ${percent(share)}`,
  ' of all samples',
];

export const frameKeys = [
  ['f, Shift+F', 'Focus on the function, on the subtree'],
  ['Shift+M, x, h', 'Merge the function into its callers, drop its samples, hide its module'],
  ['r', 'Collapse recursion'],
  ['b', 'Show the machine code'],
  ['c, Shift+C, t', 'Copy the name, the stack, the subtree'],
  ['m, Shift+F10', 'Menu'],
  ['u', 'Clear all filters'],
] as const;
