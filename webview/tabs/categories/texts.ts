/** Texts of the Categories tab. */
import { count, plural } from '../../../src/text/numbers.js';

export const texts = {
  title: 'Categories',
  columns: { category: 'Category', self: 'Self', total: 'Total', source: 'Source' },
  compareWith: 'Compare with',
  noRun: 'None',
  runs: 'Runs',
  total: 'Total',
  lineUnknown: 'line unknown',
  unknown: 'unknown',
  chart: 'Self share by category',
  selfAndTotal: 'Self: samples in the function itself; these add up. Total: including everything it calls.',
  selfShares: 'Self shares.',
  keys:
    'Right and Left arrows expand and collapse a category or function. Enter on a line opens it in the editor; ' +
    'o on a function goes to its definition, Space shows it in the flame graph.',
} as const;

export const functionsOf = (functions: number): string => plural(functions, 'function');
export const samplesText = (samples: number): string => plural(samples, 'sample');
export const showFunctionsOf = (category: string): string => `Show the functions in ${category}`;
export const showMore = (rows: number): string => `Show ${count(rows)} more`;
/** On the axis of the chart, where steps are round. */
export const tickText = (percents: number): string => `${count(percents)}%`;
