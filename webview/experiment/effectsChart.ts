import type { ChartConfiguration } from 'chart.js';
import type { Effects } from '../../src/wire/experimentPage.js';
import {
  rowHeight,
  axisHeight,
  draw,
  changeText,
  axis,
  withTicks,
  common,
  shortened,
  type ChartColors,
  type DrawnChart,
} from './chartParts.js';

/** Intervals as bars, medians as marks on them. */
export function drawEffects({ rows, margin }: Effects, colors: ChartColors): DrawnChart {
  // An interval without an end is drawn to the edge of what the others need.
  const known = rows.flatMap(({ ratio, low, high }) => [
    ratio,
    low > 0 ? low : ratio,
    high < 1e9 ? high : ratio,
  ]);
  const [lowest, highest] = [Math.min(1 - margin, ...known), Math.max(1 + margin, ...known)];
  const room = (highest - lowest) * 0.05;
  const [min, max] = [lowest - room, highest + room];
  const clamp = (value: number) => Math.min(max, Math.max(min, value));
  return draw(
    rows.length * rowHeight + axisHeight,
    rows
      .map(({ label, ratio, shown }) => `${label}: ${changeText(ratio)}${shown ? '' : ', not shown'}`)
      .join('. '),
    {
      type: 'bar',
      data: {
        labels: rows.map(({ label }) => shortened(label)),
        datasets: [
          {
            type: 'bar',
            data: rows.map(({ low, high }) => [clamp(low), clamp(high)] as [number, number]),
            backgroundColor: rows.map(({ shown }) => (shown ? colors.band : 'transparent')),
            borderColor: colors.accent,
            borderWidth: 1.5,
            borderSkipped: false,
            maxBarThickness: 12,
          },
          {
            type: 'bar',
            data: rows.map(
              ({ ratio }) =>
                [clamp(ratio) - (max - min) / 500, clamp(ratio) + (max - min) / 500] as [number, number],
            ),
            backgroundColor: colors.text,
            maxBarThickness: 18,
            grouped: false,
          },
        ],
      },
      options: {
        ...common(colors, (_, i) => {
          const { label = '', ratio = 1, low = 1, high = 1, shown = false } = rows[i] ?? {};
          return `${label}: ${changeText(ratio)}\ninterval ${changeText(low)} to ${changeText(high)}\n${shown ? 'shown' : 'not shown'}`;
        }),
        indexAxis: 'y',
        grouped: false,
        scales: {
          x: { ...withTicks(axis(colors, 'Change of speed'), changeText), min, max },
          y: {
            grid: { display: false },
            border: { color: colors.faint },
            ticks: { color: colors.text, font: { family: colors.font, size: 12 }, autoSkip: false },
          },
        },
      } as ChartConfiguration['options'],
    } as ChartConfiguration,
  );
}
