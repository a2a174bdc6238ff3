/** Texts of the timeline and of the axis in the time order. */
import { spanText, type Span } from '../text/times.js';

export const texts = {
  group: 'Time',
  activity: 'Activity',
  time: 'Time',
  to: 'to',
  all: 'All',
  showAll: 'Show all of the time',
  edges: { from: 'Start time', to: 'End time' },
  fields: { from: 'From', to: 'To' },
  edgeKeys:
    'Arrow keys move this edge, with Shift the whole range; Page Up and Page Down move further, Escape shows all of the time.',
  axis: 'Frames are as wide as their weight, so widths add up to shares; the axis shows the time. Two bars mark a pause, during which no sample was taken.',
} as const;

export const fieldLabel = (field: string): string => `${field}, time since the start of the recording`;
export const fieldHint = (field: string): string =>
  `${field}: seconds since the start, or with a unit: 20 ms`;
export const notATime = (typed: string): string => `"${typed}" isn't a valid time.`;
export const wholeTime = (time: string): string => `${time}, all of the time`;
export const inRange = (time: string, range: Span): string => `${time}, range ${spanText(range)}`;
export const activityOver = (range: Span): string =>
  `Activity over the recording, ${spanText(range)}, colored like the graph`;
/** The line over the bars. */
export const lineOf = (name: string): string => `Line: ${name}`;
export const pauseText = (length: string): string => `pause ${length}`;

/** @param ends the first and the last label; undefined if there are none */
export function axisLabel(ends: readonly [string, string] | undefined, pauses: readonly string[]): string {
  const times = ends === undefined ? '' : `, from ${ends[0]} to ${ends[1]}`;
  return `Time${times}${pauses.length === 0 ? '' : `; pauses: ${pauses.join(', ')}`}`;
}
