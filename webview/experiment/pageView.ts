/** Draws the page of an experiment. What the pointer and the reader had is kept while a live page changes. */
import type { ExperimentPage, HeatMap, PageAction, PagePart, Table } from '../../src/wire/experimentPage.js';
import { percent } from '../../src/text/numbers.js';
import { el, setText } from '../ui/dom.js';
import type { Theme } from '../ui/theme.js';
import { toolkitButton } from '../ui/toolkit.js';
import { chartColors, type ChartColors, type DrawnChart } from './chartParts.js';
import { drawDistribution } from './distributionChart.js';
import { drawEffects } from './effectsChart.js';
import { drawNarrowing } from './narrowingChart.js';
import { drawTimeline } from './timelineChart.js';

export class PageView {
  readonly element: HTMLElement;
  private readonly title = el('h1');
  private readonly progress = el('p', { class: 'progress', role: 'status' });
  private readonly headline = el('p', { class: 'headline', 'aria-live': 'polite' });
  private readonly actions = el('div', { class: 'actions' });
  private readonly body = el('div', { class: 'parts' });
  private charts: DrawnChart[] = [];
  private shownActions = '';

  constructor(private readonly act: (id: string) => void) {
    const head = el('header', {}, this.title, this.headline, this.progress, this.actions);
    this.element = el('main', { class: 'experiment' }, head, this.body);
  }

  show(page: ExperimentPage, theme: Theme): void {
    setText(this.title, page.title);
    setText(this.progress, page.progress ?? '');
    this.progress.hidden = page.progress === null;
    this.showHeadline(page);
    this.showActions(page.actions);
    for (const chart of this.charts) chart.destroy();
    this.charts = [];
    const colors = chartColors(theme);
    const { scrollTop } = document.documentElement;
    this.body.replaceChildren(
      ...page.paragraphs.map((text) => el('p', {}, text)),
      ...page.parts.map((part) => this.part(part, colors)),
    );
    document.documentElement.scrollTop = scrollTop;
  }

  private showHeadline({ headline }: ExperimentPage): void {
    this.headline.hidden = headline === null;
    if (!headline) return;
    const text = `${headline.word}: ${headline.text}`;
    if (this.headline.textContent === text) return;
    this.headline.className = `headline ${headline.tone}`;
    this.headline.replaceChildren(el('strong', {}, `${headline.word}:`), ` ${headline.text}`);
  }

  /** Kept as long as they are the same: a button that is replaced loses the focus. */
  private showActions(actions: readonly PageAction[]): void {
    const key = JSON.stringify(actions);
    if (key === this.shownActions) return;
    this.shownActions = key;
    this.actions.replaceChildren(
      ...actions.map(({ id, label, primary }) =>
        toolkitButton(label, primary ? 'primary' : 'secondary', () => {
          this.act(id);
        }),
      ),
    );
  }

  private part(part: PagePart, colors: ChartColors): HTMLElement {
    return el(
      'section',
      {},
      el('h2', {}, part.title),
      ...(part.note === undefined ? [] : [el('p', { class: 'note' }, part.note)]),
      ...this.content(part, colors),
    );
  }

  private content(part: PagePart, colors: ChartColors): HTMLElement[] {
    switch (part.kind) {
      case 'table':
        return part.rows.length > 0 ? [tableElement(part)] : [];
      case 'heatMap':
        return [heatMapElement(part)];
      case 'narrowing':
        return [this.chart(drawNarrowing(part, colors))];
      case 'distribution':
        return [this.chart(drawDistribution(part, colors))];
      case 'effects':
        return [this.chart(drawEffects(part, colors))];
      case 'timeline':
        return [this.chart(drawTimeline(part, colors))];
    }
  }

  private chart(chart: DrawnChart): HTMLElement {
    this.charts.push(chart);
    return chart.element;
  }
}

function tableElement({ columns, numbers, rows }: Table): HTMLElement {
  const kind = (column: number) => (numbers.includes(column) ? { class: 'number' } : {});
  return el(
    'div',
    { class: 'wide' },
    el(
      'table',
      { class: 'grid' },
      el(
        'thead',
        {},
        el('tr', {}, ...columns.map((name, i) => el('th', { scope: 'col', ...kind(i) }, name))),
      ),
      el('tbody', {}, ...rows.map((row) => el('tr', {}, ...row.map((text, i) => el('td', kind(i), text))))),
    ),
  );
}

/** Steps of the scale, from the slowest to the fastest. The figures are in the cells: color only helps to find them. */
function heatMapElement({ rowNames, columnNames, cells }: HeatMap): HTMLElement {
  const all = cells.flatMap((row) => row.flatMap((cell) => (cell ? [cell.ofBest] : [])));
  const slowest = Math.min(...all);
  const warmth = (ofBest: number) => (slowest < 1 ? (ofBest - slowest) / (1 - slowest) : 1);
  return el(
    'div',
    { class: 'wide' },
    el(
      'table',
      { class: 'grid heat-map' },
      el('thead', {}, el('tr', {}, el('th'), ...columnNames.map((name) => el('th', { scope: 'col' }, name)))),
      el(
        'tbody',
        {},
        ...cells.map((row, i) =>
          el(
            'tr',
            {},
            el('th', { scope: 'row' }, rowNames[i] ?? ''),
            ...row.map((cell) => {
              if (!cell) return el('td', {}, '—');
              const element = el(
                'td',
                { class: 'number' },
                el('strong', {}, percent(cell.ofBest)),
                el('span', { class: 'note' }, cell.text),
              );
              element.style.setProperty('--warmth', `${String(Math.round(warmth(cell.ofBest) * 45))}%`);
              return element;
            }),
          ),
        ),
      ),
    ),
  );
}
