/** What the flame graph's tab says around the graph. */
import { count } from '../../../src/text/numbers.js';
import type { FlameKind, GroupKind } from '../../store/panelState.js';
import { frameKeys } from '../frames/texts.js';

export const texts = {
  title: 'Flame graph',
  colors: 'Colors',
  noVisibleMatch: 'No match is visible',
  zoomPath: 'Zoom path',
  toolbar: 'View and filters',
  options: 'Options',
  optionsTitle: 'Filters and options',
  more: 'More',
  less: 'Less',
  back: 'Back',
  forward: 'Forward',
  noBack: 'Nothing to go back to',
  noForward: 'Nothing to go forward to',
  zoomedOut: 'Zoomed out to all.',
  view: 'View',
  event: 'Event',
  thread: 'Thread',
  category: 'Category',
  module: 'Module',
  allThreads: 'All threads',
  threadWithShare: (name: string, share: string): string => `${name}: ${share}`,
  allCategories: 'All categories',
  allModules: 'All modules',
  color: 'Color',
  automatic: 'Color: automatic',
  allColors: 'All colors',
  flame: 'Callers below',
  fullNames: 'Full names',
  rowPerThread: 'Row per thread',
  timeline: 'Timeline',
  onlyThisTime: 'Only this time',
  onlyThisTimeTitle: 'Only this time: filter by the part that is shown',
  keysButton: 'Keys (?)',
  keys: 'Keys',
  callersBelow: 'Callers below',
  callersAbove: 'Callers above',
  namesFull: 'Full names',
  namesShort: 'Short names',
  selectedFrame: 'Selected frame',
  goToSource: 'Go to source',
  hint: 'Click a frame to zoom in, double-click to open its source, Ctrl+wheel to zoom, drag to move. Press ? for all keys.',
  noSamples:
    'There are no samples to show: the program may have ended before the first one, or the filters exclude all of them.',
  noFunction:
    'Select a function to see its callers above it and its callees below. Until then, everything is shown.',
} as const;

export const colorLabels: Readonly<Record<GroupKind, string>> = {
  category: 'Color: category',
  namespace: 'Color: namespace',
  file: 'Color: file',
  module: 'Color: module',
  function: 'Color: function',
};
export const automaticColor = (kind: GroupKind): string => `${colorLabels[kind]} (auto)`;
/** On the button for the entries that don't fit. */
export const moreColors = (entries: number): string => `+${count(entries)}`;

export const viewLabels: Readonly<Record<FlameKind, string>> = {
  aggregated: 'Aggregated',
  time: 'Time order',
  inverted: 'Inverted',
  sandwich: 'Sandwich',
};

export const menuTexts = {
  zoom: 'Zoom to this frame',
  sandwich: 'Callers and callees (sandwich)',
} as const;

export const zoomedTo = (frame: string): string => `Zoomed to ${frame}`;
export const zoomTo = (frame: string): string => `Zoom to ${frame}`;
export const moreSteps = (steps: number): string => `… ${count(steps)} more …`;
export const matchOf = (at: number, all: number): string => `Match ${count(at)} of ${count(all)} visible`;

export const helpTexts = {
  title: 'Keys of the flame graph',
  keys: [
    ['Arrow keys', 'Move to the caller, the heaviest callee and the neighbors'],
    ['Enter, Space', 'Zoom to the selected frame'],
    ['Escape, Backspace', 'Zoom out to a wider caller'],
    ['Home', 'Zoom out to all'],
    ['+  −, or w  s, or Ctrl+wheel', 'Zoom in and out'],
    ['a  d, Shift+arrows, Shift+wheel, drag', 'Move sideways'],
    ['Page Up, Page Down, wheel', 'Move up and down'],
    ['Alt+Left, Alt+Right', 'Back and forward'],
    ['/, Ctrl+F', 'Search'],
    ['n, Shift+N', 'Next and previous match'],
    ['o, double-click', 'Go to source'],
    ...frameKeys,
    ['1, 2, 3, 4', 'Aggregated, time order, inverted, sandwich'],
    ['i', 'Flame or icicle'],
    ['l', 'Full or short names'],
    ['On the timeline: arrows, Page Up, Page Down', 'Move an edge of the time; with Shift, both edges'],
    ['On the timeline: Escape', 'Show all of the time'],
    ['On the callers in the sandwich view: Enter, Space', 'Show the callers of that function, zoom'],
  ],
} as const satisfies { readonly keys: readonly (readonly [string, string])[] } & Record<string, unknown>;
