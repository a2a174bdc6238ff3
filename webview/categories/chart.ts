/** Self share by category as horizontal bars. Only what a bar chart needs is registered. */
import { BarController, BarElement, CategoryScale, Chart, LinearScale, Tooltip } from 'chart.js';
import { el } from '../dom.js';
import { percent } from '../format.js';
import type { Model } from '../model.js';
import { coloursOf, type Theme } from '../theme.js';
import type { CategoryRow } from './rows.js';

Chart.register(BarController, BarElement, CategoryScale, LinearScale, Tooltip);

const barHeight = 30;
const axisHeight = 34;
/** Longer names are shortened on the axis; the table beside it has them in full. */
const maxLabel = 30;

export class CategoryChart {
  readonly element: HTMLElement;
  private readonly canvas = el('canvas', { role: 'img' });
  private chart: Chart<'bar'> | undefined;

  constructor(private readonly picked: (row: number) => void) {
    this.element = el('div', { class: 'chart' }, this.canvas);
  }

  /** Rebuilt for each profile and theme: a dozen bars cost less than keeping two descriptions in step. */
  show(model: Model, rows: readonly CategoryRow[], theme: Theme): void {
    this.chart?.destroy();
    const shares = rows.map((row) => model.share(row.self));
    const names = rows.map((row) => model.categoryName(row.category));
    this.canvas.setAttribute(
      'aria-label',
      `Self share by category: ${names.map((name, i) => `${name} ${percent(shares[i] ?? 0)}`).join(', ')}`,
    );
    this.element.style.height = `${String(rows.length * barHeight + axisHeight)}px`;
    const font = { family: theme.fontFamily, size: 12 };
    this.chart = new Chart(this.canvas, {
      type: 'bar',
      data: {
        labels: names.map((name) => (name.length > maxLabel ? `${name.slice(0, maxLabel - 1)}…` : name)),
        datasets: [
          {
            data: shares.map((share) => share * 100),
            backgroundColor: rows.map((row) => coloursOf(theme, row.category).fill),
            borderColor: rows.map((row) => coloursOf(theme, row.category).edge),
            borderWidth: 1,
            maxBarThickness: 20,
          },
        ],
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
              label: (item) => percent(shares[item.dataIndex] ?? 0),
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
              callback: (value) => `${String(value)} %`,
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
