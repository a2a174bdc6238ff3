/** Texts of the Compare tab. */
import { count, plural } from '../../../src/text/numbers.js';

export const texts = {
  title: 'Compare',
  empty:
    'Choose a run to compare with. Each function is then shown side by side, by share or by cost per operation, with significant differences told apart from noise.',
  clear: 'Clear',
  colors: 'Colors',
  compareBy: 'Compare by',
  share: 'Share of all samples',
  operation: 'Cost per operation',
  runA: 'Run A',
  list: 'List',
  filters: {
    all: 'All functions',
    more: 'More in B, significant',
    less: 'Less in B, significant',
    onlyA: 'Only in A',
    onlyB: 'Only in B',
  },
  table: 'Functions of both runs',
  functionColumn: 'Function',
  samplesColumn: 'Samples',
  sum: 'Sum of all functions, self',
  graph: 'Differential flame graph',
  graphKeys: 'Arrow keys move between frames, Enter zooms in, Escape zooms out.',
  all: 'all',
  selfDifference: 'Self, B − A',
  withinNoise: 'within noise',
  sameEnvironment: 'Same program, same environment',
  notSet: 'not set',
  emptyValue: '(empty)',
} as const;

export const noOperations = (reason: string): string => `${texts.operation}: ${reason}`;
export const zoomedTo = (frame: string | undefined): string =>
  frame === undefined ? 'Zoomed out to all.' : `Zoomed to ${frame}`;
export const lessInB = (step: string): string => `less in B: ${step}`;
export const moreInB = (step: string): string => `more in B: ${step}`;
export const samplesText = (samples: number): string => plural(samples, 'sample');
export const environmentDifferences = (differences: number): string =>
  `${plural(differences, 'difference')} in environment`;
export const samplesChange = (a: number, b: number): string => `${count(a)} → ${count(b)}`;
export const falseDiscoveryRate = (q: number): string => `False discovery rate ${q.toPrecision(2)}`;
export const shownRun = (title: string): string => `${title} (shown)`;
export const confidence = (value: string, interval: string): string => `${value} (95% CI ${interval})`;
export const showMore = (next: number, left: number): string => `Show ${count(next)} more of ${count(left)}`;

export const listStatus = (rows: number, changed: number, functions: number): string =>
  `${plural(rows, 'row')}; ${count(changed)} of ${plural(functions, 'function')} differ significantly`;

/** Labels of the steps of the scale, weakest first; short, since there are twice as many in a line. */
export const scaleSteps = (low: string, high: string): string[] => [`<${low}`, `${low}–${high}`, `≥${high}`];
