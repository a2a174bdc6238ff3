/** Texts of the Call tree tab. */
import { count } from '../../../src/text/numbers.js';
import { frameKeys } from '../frames/texts.js';
import type { Direction } from './nodes.js';

export const texts = {
  title: 'Call tree',
  direction: 'Direction',
  expand: 'Expand Heavy Path',
  collapse: 'Collapse All',
  keysButton: 'Keys',
  function: 'Function',
  total: 'Total',
  self: 'Self',
  inlined: 'inlined',
  keys: 'Arrow keys move between rows, the right one expands and the left one collapses. Enter goes to the source, Space shows the function in the flame graph. Question mark lists all keys.',
  noRows: 'No samples are left. Remove a filter to see them again.',
  noMatch: 'No row matches the search.',
  noVisibleMatch: 'No match is visible',
} as const;

export const menuTexts = {
  showInFlameGraph: 'Show in flame graph',
  expandAll: 'Expand everything below',
  expandPath: 'Expand heavy path',
} as const;

export const directions: Readonly<Record<Direction, string>> = {
  down: 'Top-down: callees',
  up: 'Bottom-up: callers',
};

/** Where a command that opens rows stops. */
export const bounded = (rows: number): string =>
  `Stopped at ${count(rows)} rows. Expand a row below to go on there.`;

export const helpTexts = {
  title: 'Keys of the call tree',
  keys: [
    ['Arrow Up, Arrow Down', 'Move between rows'],
    ['Arrow Right, Arrow Left', 'Expand or go to the first row below; collapse or go to the row above'],
    ['Home, End, Page Up, Page Down', 'Go to the first and last row; move by a page'],
    ['Enter, o, double-click', 'Go to source'],
    ['Space', 'Show the function in the flame graph'],
    ['*', 'Expand everything below the row'],
    ['p', 'Expand the heavy path from the row'],
    ['/, Ctrl+F', 'Search'],
    ['n, Shift+N', 'Next and previous match'],
    ...frameKeys,
  ],
} as const satisfies { readonly keys: readonly (readonly [string, string])[] } & Record<string, unknown>;
