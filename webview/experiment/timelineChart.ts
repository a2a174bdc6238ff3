import type { Chart, ChartConfiguration } from 'chart.js';
import type { Timeline } from '../../src/wire/experimentPage.js';
import { scaled } from '../../src/text/numbers.js';
import {
  chartHeight,
  draw,
  axis,
  withTicks,
  common,
  type ChartColors,
  type DrawnChart,
} from './chartParts.js';

/** Medians with their intervals over runs, and a line at each change point. */
export function drawTimeline({ points, unit }: Timeline, colors: ChartColors): DrawnChart {
  const changes = {
    id: 'changes',
    beforeDatasetsDraw({ ctx, chartArea, scales }: Chart) {
      ctx.save();
      ctx.strokeStyle = colors.text;
      ctx.setLineDash([4, 4]);
      points.forEach(({ change }, i) => {
        const scale = scales['x'];
        if (!change || !scale) return;
        const x = (scale.getPixelForValue(i - 1) + scale.getPixelForValue(i)) / 2;
        ctx.beginPath();
        ctx.moveTo(x, chartArea.top);
        ctx.lineTo(x, chartArea.bottom);
        ctx.stroke();
      });
      ctx.restore();
    },
  };
  const lowest = Math.min(...points.map(({ low }) => low));
  const highest = Math.max(...points.map(({ high }) => high));
  const room = (highest - lowest || highest) * 0.08;
  return draw(
    chartHeight,
    points.map(({ label, value }) => `${label}: ${scaled(value)} ${unit}`).join('. '),
    {
      type: 'bar',
      data: {
        labels: points.map(({ label }) => label),
        datasets: [
          {
            type: 'line',
            data: points.map(({ value }) => value),
            borderColor: colors.accent,
            borderWidth: 1.5,
            pointRadius: 3.5,
            pointBackgroundColor: colors.accent,
            pointBorderColor: colors.background,
          },
          {
            type: 'bar',
            data: points.map(({ low, high }) => [low, high] as [number, number]),
            backgroundColor: colors.band,
            borderColor: colors.accent,
            borderWidth: 1,
            borderSkipped: false,
            maxBarThickness: 8,
          },
        ],
      },
      plugins: [changes],
      options: {
        ...common(colors, (_, i) => {
          const {
            label = '',
            value = 0,
            low = 0,
            high = 0,
            differences = [],
            change = false,
          } = points[i] ?? {};
          const [first = '', ...others] = differences.slice(0, 6);
          return [
            `${label}: ${scaled(value)} ${unit} (${scaled(low)}–${scaled(high)})`,
            ...(change ? ['Change point'] : []),
            first,
            ...others,
            ...(differences.length > 6 ? [`and ${String(differences.length - 6)} more`] : []),
          ]
            .filter(Boolean)
            .join('\n');
        }),
        interaction: { mode: 'index', intersect: false },
        scales: {
          x: {
            grid: { display: false },
            border: { color: colors.faint },
            ticks: {
              color: colors.text,
              font: { family: colors.font, size: 12 },
              maxRotation: 0,
              autoSkipPadding: 12,
            },
          },
          y: { ...withTicks(axis(colors, unit), scaled), min: lowest - room, max: highest + room },
        },
      } as ChartConfiguration['options'],
    } as ChartConfiguration,
  );
}
