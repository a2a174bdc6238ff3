import type { ChartConfiguration } from 'chart.js';
import type { Distribution } from '../../src/wire/experimentPage.js';
import { scaled } from '../../src/text/numbers.js';
import {
  rowHeight,
  axisHeight,
  draw,
  axis,
  withTicks,
  common,
  shortened,
  type ChartColors,
  type DrawnChart,
} from './chartParts.js';

/** Dots spread a little across the row, always in the same way, so that equal values are seen as several. */
function spread(i: number): number {
  return (((i * 0.618034) % 1) - 0.5) * 0.5;
}

export function drawDistribution({ rows, unit }: Distribution, colors: ChartColors): DrawnChart {
  const amount = (value: number) => `${scaled(value)} ${unit}`;
  return draw(
    rows.length * rowHeight * 1.6 + axisHeight,
    rows
      .map(
        ({ label, values, median }) =>
          `${label}: ${String(values.length)} processes from ${amount(Math.min(...values))} to ${amount(Math.max(...values))}, median ${amount(median)}`,
      )
      .join('. '),
    {
      type: 'scatter',
      data: {
        datasets: rows.flatMap(({ values, median }, row) => [
          {
            data: values.map((x, i) => ({ x, y: row + spread(i) })),
            pointRadius: 3.5,
            pointBackgroundColor: colors.accent,
            pointBorderColor: colors.background,
          },
          {
            data: [
              { x: median, y: row - 0.38 },
              { x: median, y: row + 0.38 },
            ],
            showLine: true,
            borderColor: colors.text,
            borderWidth: 2,
            pointRadius: 0,
          },
        ]),
      },
      options: {
        ...common(colors, (dataset, i) => {
          const row = rows[dataset >> 1];
          const value = dataset % 2 === 0 ? row?.values[i] : row?.median;
          return `${row?.label ?? ''}\n${amount(value ?? 0)}`;
        }),
        scales: {
          x: withTicks(axis(colors, unit), scaled),
          y: {
            ...axis(colors, ''),
            min: -0.5,
            max: rows.length - 0.5,
            reverse: true,
            grid: { display: false },
            afterBuildTicks: (scale: { ticks: { value: number }[] }) => {
              scale.ticks = rows.map((_, value) => ({ value }));
            },
            ticks: {
              color: colors.text,
              font: { family: colors.font, size: 12 },
              autoSkip: false,
              callback: (value: string | number) => shortened(rows[Number(value)]?.label ?? ''),
            },
          },
        },
      } as ChartConfiguration['options'],
    },
  );
}
