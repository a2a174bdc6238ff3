/** Texts of the Call tree tab. */
import { count } from '../../../src/text/numbers.js';
import type { Direction } from './nodes.js';

export const texts = {
  title: 'Call tree',
  direction: 'Direction',
  expand: 'Expand Heavy Path',
  collapse: 'Collapse All',
  function: 'Function',
  total: 'Total',
  self: 'Self',
  inlined: 'inlined',
  keys: 'Arrow keys move between rows, the right one expands and the left one collapses. Enter goes to the source, Space shows the function in the flame graph.',
  hint: 'Filters, focus, and dropped functions of the flame graph apply here too.',
} as const;

export const directions: Readonly<Record<Direction, string>> = {
  down: 'Top-down: callees',
  up: 'Bottom-up: callers',
};

export const showMore = (left: number): string => `Show more (${count(left)})`;
