/** What the charts of the experiment view share. Each canvas has its figures as text, too: for who can't see it. */
import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  LinearScale,
  LineController,
  LineElement,
  Filler,
  PointElement,
  ScatterController,
  Tooltip,
  type ChartConfiguration,
  type ScaleOptionsByType,
} from 'chart.js';
import { percent, signed } from '../../src/text/numbers.js';
import { el } from '../ui/dom.js';
import type { Theme } from '../ui/theme.js';

Chart.register(BarController, BarElement, CategoryScale, Filler, LinearScale);
Chart.register(LineController, LineElement, PointElement, ScatterController, Tooltip);

/** Pixels of one row where rows are below one another, and of the axis. */
export const rowHeight = 30;
export const axisHeight = 40;
export const chartHeight = 230;

export interface ChartColors {
  readonly text: string;
  readonly faint: string;
  readonly background: string;
  readonly accent: string;
  /** As the accent, translucent. */
  readonly band: string;
  readonly font: string;
}

export function chartColors(theme: Theme): ChartColors {
  const style = getComputedStyle(document.body);
  const accent = style.getPropertyValue('--vscode-charts-blue') || theme.foreground;
  return {
    text: theme.foreground,
    faint: theme.faint,
    background: theme.background,
    accent,
    band: `color-mix(in srgb, ${accent} 25%, transparent)`,
    font: theme.fontFamily,
  };
}

/** A canvas that a configuration draws into; the chart is destroyed with `destroy`. */
export interface DrawnChart {
  readonly element: HTMLElement;
  readonly destroy: () => void;
}

export function draw(height: number, description: string, configuration: ChartConfiguration): DrawnChart {
  const canvas = el('canvas', { role: 'img', 'aria-label': description });
  const element = el('div', { class: 'experiment-chart' }, canvas);
  element.style.height = `${String(height)}px`;
  let chart: Chart | undefined;
  // The canvas needs a size, which it has only in the document.
  const frame = requestAnimationFrame(() => {
    chart = new Chart(canvas, configuration);
  });
  return {
    element,
    destroy: () => {
      cancelAnimationFrame(frame);
      chart?.destroy();
    },
  };
}

export function changeText(ratio: number): string {
  return signed(ratio - 1, percent);
}

export function axis(colors: ChartColors, title: string): ScaleOptionsByType<'linear'> {
  const font = { family: colors.font, size: 12 };
  return {
    title: { display: title !== '', text: title, color: colors.text, font },
    grid: { color: colors.faint },
    border: { color: colors.faint },
    ticks: { color: colors.text, font, maxTicksLimit: 7 },
  } as unknown as ScaleOptionsByType<'linear'>;
}

export function withTicks(scale: ScaleOptionsByType<'linear'>, text: (value: number) => string): object {
  return { ...scale, ticks: { ...scale.ticks, callback: (value: string | number) => text(Number(value)) } };
}

export function common(colors: ChartColors, label: (dataset: number, index: number) => string): object {
  const font = { family: colors.font, size: 12 };
  return {
    animation: false,
    responsive: true,
    maintainAspectRatio: false,
    plugins: {
      tooltip: {
        titleFont: font,
        bodyFont: font,
        displayColors: false,
        callbacks: {
          title: () => '',
          label: ({ datasetIndex, dataIndex }: { datasetIndex: number; dataIndex: number }) =>
            label(datasetIndex, dataIndex).split('\n'),
        },
      },
    },
  };
}

/** Characters of a label beside a chart; the tables have all of it. */
const labelLength = 28;

export function shortened(label: string): string {
  return label.length > labelLength ? `${label.slice(0, labelLength - 1)}…` : label;
}
