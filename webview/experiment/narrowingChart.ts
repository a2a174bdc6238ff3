import type { ChartConfiguration } from 'chart.js';
import type { Narrowing } from '../../src/wire/experimentPage.js';
import {
  chartHeight,
  draw,
  changeText,
  axis,
  withTicks,
  common,
  type ChartColors,
  type DrawnChart,
} from './chartParts.js';

/** The interval so far as a band, each pair as a dot, the margin as dashed lines. */
export function drawNarrowing({ pairs, margin }: Narrowing, colors: ChartColors): DrawnChart {
  const numbers = pairs.map((_, i) => i + 1);
  const bounded = pairs.filter(({ low }) => low !== null);
  const values = [1 - margin, 1 + margin, ...pairs.map(({ ratio }) => ratio)];
  const [lowest, highest] = [Math.min(...values), Math.max(...values)];
  const room = (highest - lowest) * 0.08;
  const line = (value: number) => ({
    type: 'line' as const,
    data: numbers.map(() => value),
    borderColor: colors.text,
    borderWidth: 1,
    borderDash: value === 1 ? [] : [5, 4],
    pointRadius: 0,
    pointHitRadius: 0,
  });
  const bound = (of: (pair: Narrowing['pairs'][number]) => number | null, fill: boolean) => ({
    type: 'line' as const,
    data: pairs.map(of),
    stepped: 'before' as const,
    borderColor: colors.accent,
    borderWidth: 1.5,
    pointRadius: 0,
    pointHitRadius: 0,
    backgroundColor: colors.band,
    fill: fill ? ('-1' as const) : false,
  });
  const last = bounded.at(-1);
  return draw(
    chartHeight,
    last
      ? `After ${String(pairs.length)} pairs, the interval is ${changeText(last.low ?? 0)} to ${changeText(last.high ?? 0)}.`
      : `${String(pairs.length)} pairs, too few for an interval.`,
    {
      type: 'line',
      data: {
        labels: numbers,
        datasets: [
          {
            type: 'line',
            data: pairs.map(({ ratio }) => ratio),
            showLine: false,
            pointRadius: pairs.length > 100 ? 2 : 3.5,
            pointBackgroundColor: colors.text,
            pointBorderColor: colors.background,
          },
          bound(({ low }) => low, false),
          bound(({ high }) => high, true),
          line(1),
          line(1 - margin),
          line(1 + margin),
        ],
      },
      options: {
        ...common(colors, (_, i) => {
          const { ratio = 1, low = null, high = null } = pairs[i] ?? {};
          const interval =
            low === null || high === null
              ? 'too few pairs for an interval'
              : `interval ${changeText(low)} to ${changeText(high)}`;
          return `Pair ${String(i + 1)}: ${changeText(ratio)}\n${interval}`;
        }),
        scales: {
          x: { ...axis(colors, 'Pair'), type: 'category' },
          y: {
            ...withTicks(axis(colors, 'B against A'), changeText),
            type: 'linear',
            min: lowest - room,
            max: highest + room,
          },
        },
      } as ChartConfiguration['options'],
    } as ChartConfiguration,
  );
}
