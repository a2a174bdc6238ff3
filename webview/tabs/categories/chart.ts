/** Self share by category as horizontal bars, one per run. Registers only what a bar chart needs. */
import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import { el } from '../../ui/dom.js';
import { percent } from '../../../src/text/numbers.js';
import { colorsOf, type Theme } from '../../ui/theme.js';
import type { CategoriesTable } from './tableModel.js';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

const barHeight = 34;
const pairHeight = 46;
const axisHeight = 34;
/** Characters per line on the axis, and lines; the table beside it has every name in full. */
const labelWidth = 22;
const labelLines = 2;

export class CategoryChart {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', { role: 'img' });
  private chart: Chart<'bar'> | undefined;

  constructor(private readonly picked: (row: number) => void) {
    this.element = el('div', { class: 'chart' }, this.canvas);
  }

  /** Rebuilt for each profile and theme: a dozen bars are cheaper than updating a chart in place. */
  show({ rows, series }: CategoriesTable, theme: Theme): void {
    this.chart?.destroy();
    const names = rows.map(({ name }) => name);
    const texts = series.map(
      ({ label, shares }) =>
        `${label}: ${names.map((name, i) => `${name} ${percent(shares[i] ?? 0)}`).join(', ')}`,
    );
    this.canvas.setAttribute('aria-label', texts.join('. '));
    const height = series.length > 1 ? pairHeight : barHeight;
    this.element.style.height = `${String(rows.length * height + axisHeight)}px`;
    const font = { family: theme.fontFamily, size: 12 };
    this.chart = new Chart(this.canvas, {
      type: 'bar',
      data: {
        labels: names.map(wrapLabel),
        datasets: series.map(({ shares }, s) => {
          // Run A is hollow: the color shows the category, the fill shows the run.
          const hollow = s < series.length - 1;
          const colors = rows.map((row) => colorsOf(theme, row.category));
          return {
            data: shares.map((share) => share * 100),
            backgroundColor: colors.map(({ fill }) => (hollow ? 'transparent' : fill)),
            borderColor: colors.map(({ fill, edge }) => (hollow ? fill : edge)),
            borderWidth: hollow ? 2 : 1,
            borderSkipped: false,
            maxBarThickness: 20,
          };
        }),
      },
      options: {
        indexAxis: 'y',
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        onClick: (_event, hits) => {
          if (hits[0] !== undefined) this.picked(hits[0].index);
        },
        plugins: {
          tooltip: {
            titleFont: font,
            bodyFont: font,
            displayColors: false,
            callbacks: {
              title: ([item]) => names[item?.dataIndex ?? -1] ?? '',
              label: ({ datasetIndex, dataIndex }) => {
                const { label = '', shares = [] } = series[datasetIndex] ?? {};
                const share = percent(shares[dataIndex] ?? 0);
                return series.length > 1 ? `${label}: ${share}` : share;
              },
            },
          },
        },
        scales: {
          x: {
            beginAtZero: true,
            grid: { color: theme.faint },
            border: { color: theme.faint },
            ticks: {
              color: theme.foreground,
              font,
              maxTicksLimit: 6,
              callback: (value) => `${String(value)}%`,
            },
          },
          y: {
            grid: { display: false },
            border: { color: theme.faint },
            ticks: { color: theme.foreground, font, autoSkip: false },
          },
        },
      },
    });
  }
}

/** Breaks at spaces, so that a long category name does not squeeze the bars. */
export function wrapLabel(name: string): string[] {
  const lines: string[] = [];
  for (const word of name.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= labelWidth)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  const shown = lines
    .slice(0, labelLines)
    .map((line) => (line.length > labelWidth ? `${line.slice(0, labelWidth - 1)}…` : line));
  if (lines.length > labelLines) shown[labelLines - 1] = `${shown[labelLines - 1] ?? ''} …`;
  return shown;
}
