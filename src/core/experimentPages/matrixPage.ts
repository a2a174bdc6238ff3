import { opsPerSec, percent, plural, scaled } from '../../text/numbers.js';
import type { Effects, ExperimentPage, HeatMap, Table } from '../../wire/experimentPage.js';
import { rangeText } from '../experiments/comparisonText.js';
import type { MatrixResult } from '../experiments/matrixResult.js';
import { againstBest } from '../experiments/matrixText.js';
import { pageActions, stopAction } from './pageActions.js';
import { change } from '../experiments/progressText.js';

/** Which combination is best, what each option does, and which do nothing. */
export function matrixPage(result: MatrixResult, progress: string | null): ExperimentPage {
  const { name, preset, best, blocks, dead, notes, effects, ranking } = result;
  const measured = blocks > 0;
  const winner = combination(result, ranking[0] ?? 0);
  return {
    title: `Matrix ${name} of ${preset}`,
    progress,
    headline: measured
      ? best === 'faster'
        ? { word: 'Best', text: `${winner} is faster than every other combination.`, tone: 'good' }
        : {
            word: 'No clear best',
            text: `${winner} had the highest median, but that it is faster than the second is not shown.`,
            tone: 'neutral',
          }
      : null,
    paragraphs: [
      ...(measured ? [`Every combination was measured ${plural(blocks, 'time')}, in random order.`] : []),
      ...notes,
    ],
    parts: measured
      ? [
          heatMap(result),
          ...(effects.length > 0 ? [effectsPart(result)] : []),
          ...(dead.length > 0 ? [deadOptions(result)] : []),
          ranked(result),
        ]
      : [],
    actions:
      progress === null ? [{ id: pageActions.more, label: 'Measure More', primary: false }] : [stopAction],
  };
}

function combination({ options, cells }: MatrixResult, cell: number): string {
  return options.map(({ name, values }, i) => `${name}=${values[cells[cell]?.[i] ?? 0] ?? ''}`).join(' ');
}

/** The last option's values are the columns, and combinations of all others the rows. */
function heatMap(result: MatrixResult): HeatMap {
  const { options, cells, speeds, ranking } = result;
  const fastest = speeds[ranking[0] ?? 0] ?? 1;
  const last = options.length - 1;
  const rowKeys = [...new Set(cells.map((cell) => cell.slice(0, last).join()))];
  const columns = options[last]?.values ?? [];
  return {
    kind: 'heatMap',
    title: 'Speed of every combination',
    note: 'Relative to the fastest one; medians.',
    rowNames: rowKeys.map((key) =>
      key === ''
        ? ''
        : key
            .split(',')
            .map((value, i) => `${options[i]?.name ?? ''}=${options[i]?.values[Number(value)] ?? ''}`)
            .join(' '),
    ),
    columnNames: columns.map((value) => `${options[last]?.name ?? ''}=${value}`),
    cells: rowKeys.map((key) =>
      columns.map((_, column) => {
        const at = cells.findIndex((cell) => cell.slice(0, last).join() === key && cell[last] === column);
        if (at < 0) return null;
        const speed = speeds[at] ?? 0;
        return { text: `${unit(result)(speed)}`, ofBest: speed / fastest };
      }),
    ),
  };
}

function unit({ metric }: MatrixResult): (value: number) => string {
  return metric === 'throughput' ? opsPerSec : (value) => `${scaled(value)} executions/s`;
}

function effectsPart({ effects, margin }: MatrixResult): Effects {
  return {
    kind: 'effects',
    title: 'Effect of each option on speed',
    note: 'Filled: shown at a false discovery rate of 5% over all effects. An interaction is written with ×.',
    margin,
    rows: effects.map(({ name, ratio, low, high, shown }) => ({ label: name, ratio, low, high, shown })),
  };
}

function deadOptions({ dead, cells }: MatrixResult): Table {
  return {
    kind: 'table',
    title: 'Options without effect under this workload',
    columns: ['Option', 'Combinations', 'Reason', 'Speed', 'Instructions'],
    numbers: [],
    rows: dead.map(({ name, cells: count, reason, measured, instructionsDiffer }) => [
      name,
      count > 0 ? `${count} of ${cells.length}` : 'all',
      reason,
      measured ? 'within ±1%' : 'not narrow enough yet',
      typeof instructionsDiffer === 'number' ? 'within ±0.1%' : 'not counted',
    ]),
  };
}

function ranked(result: MatrixResult): Table {
  const { ranking, speeds, effects } = result;
  const fastest = speeds[ranking[0] ?? 0] ?? 1;
  const rows = ranking.map((cell) => [
    combination(result, cell),
    unit(result)(speeds[cell] ?? 0),
    againstBest((speeds[cell] ?? 0) / fastest),
  ]);
  const intervals = effects.map(({ name, ratio, low, high, shown }) => [
    `Effect of ${name}`,
    rangeText({ value: ratio, low, high }),
    `${change(ratio)}${shown ? '' : ' (not shown)'}`,
  ]);
  return {
    kind: 'table',
    title: 'All figures',
    note: `Combinations by median speed, then effects with their 95% CI; a margin of ±${percent(result.margin)}.`,
    columns: ['', 'Speed or 95% CI', 'Change'],
    numbers: [1, 2],
    rows: [...rows, ...intervals],
  };
}
