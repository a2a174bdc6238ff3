/** The Compare tab: the runs, the differential flame graph, and the table of functions. */
import { el, linkButton, setText } from '../../ui/dom.js';
import { keepFor, keptBy } from '../../store/kept.js';
import type { Change, OtherRun } from '../../store/panelModel.js';
import { parseColor } from '../../ui/palette.js';
import { oneOf, readTexts } from '../../store/savedState.js';
import { KeptScroll } from '../keptScroll.js';
import type { TabContext, TabView } from '../tab.js';
import { functionKeys } from '../texts.js';
import { moveBetweenRows, selectRow } from '../../ui/tableRows.js';
import type { Theme } from '../../ui/theme.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { compareRuns, type Comparison, type Normalization } from '../../comparison/runs.js';
import { runLabel, texts as comparisonTexts } from '../../comparison/texts.js';
import { diffFrames } from '../../comparison/diffFrames.js';
import { DiffGraph } from './diffGraph.js';
import { headElements } from './head.js';
import { diffRowElement, headCell, number } from './rowElements.js';
import { diffRows, filters, type Filter } from './rows.js';
import { noiseSlot, scaleColors, stepBounds } from './scale.js';
import {
  lessInB,
  listStatus,
  moreInB,
  noOperations as noOperationsText,
  scaleSteps,
  showMore,
  texts,
  zoomedTo,
} from './texts.js';
import { frameTexts } from './frameTexts.js';

const pageSize = 200;
const { a, b, difference, interval, verdict } = comparisonTexts.columns;
const columns = [texts.functionColumn, a, b, difference, interval, texts.samplesColumn, verdict];

export class CompareView implements TabView {
  readonly element: HTMLElement;
  private readonly head = el('div', { class: 'compare-runs' });
  private readonly legend = el('ul', { class: 'diff-legend', 'aria-label': texts.colors });
  private readonly normalization = select(texts.compareBy, [
    ['share', texts.share],
    ['operation', texts.operation],
  ]);
  private readonly which = select(texts.runA, []);
  private readonly filter = select(
    texts.list,
    filters.map((id) => [id, texts.filters[id]] as const),
  );
  private readonly status = el('span', { class: 'search-status', role: 'status' });
  private readonly body = el('tbody');
  private readonly foot = el('tfoot');
  private readonly more = el('div', { class: 'more' });
  private readonly graph = new DiffGraph(
    (node) => {
      this.pick(node);
    },
    (path) => {
      keepFor(this.context.model, 'compare', { zoom: path });
      this.context.actions.announce(zoomedTo(path.at(-1)));
    },
  );
  private readonly empty: HTMLElement;
  private readonly content: HTMLElement;
  private comparison: Comparison | undefined;
  private theme: Theme | undefined;
  private shown = 0;
  private rows: number[] = [];
  private restoreScroll = true;
  private keptWhich: unknown;
  /** What the user compares by, also while the shown runs can't be. */
  private wanted: Normalization = 'share';

  private readonly scroll: KeptScroll;

  constructor(private readonly context: TabContext) {
    const choose = (): HTMLElement =>
      toolkitButton(comparisonTexts.chooseRun, 'primary', () => {
        context.actions.post({ type: 'compareWith' });
      });
    for (const control of [this.normalization, this.which]) {
      control.addEventListener('change', () => {
        this.wanted = this.normalization.value as Normalization;
        this.keep();
        this.compare();
      });
    }
    this.filter.addEventListener('change', () => {
      this.fill();
      this.keep();
    });
    const kept = keptBy(context.model, 'compare');
    this.keptWhich = kept['which'];
    this.wanted = oneOf(kept['normalization'], ['share', 'operation'], 'share');
    this.filter.value = oneOf(kept['filter'], filters, 'all');
    const table = el(
      'table',
      {
        class: 'grid diff-table',
        role: 'grid',
        'aria-label': texts.table,
        'aria-description': functionKeys,
      },
      el('thead', {}, el('tr', { role: 'row' }, ...columns.map((name, i) => headCell(name, i)))),
      this.body,
      this.foot,
    );
    moveBetweenRows(table, (row, event) => this.key(row, event));
    this.body.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest<HTMLElement>('tr[data-func]') : null;
      if (row !== null) context.actions.selectFunction(Number(row.dataset.func));
    });
    this.empty = el('div', { class: 'empty' }, el('p', {}, texts.empty), choose());
    const box = el('div', { class: 'table-box' }, table, this.more);
    this.content = el(
      'div',
      { class: 'compare-content' },
      this.head,
      el(
        'div',
        { class: 'toolbar compare-toolbar' },
        labeled(this.which),
        labeled(this.normalization),
        choose(),
        toolkitButton(texts.clear, 'secondary', () => {
          context.actions.post({ type: 'clearComparison' });
        }),
      ),
      this.legend,
      this.graph.element,
      el('div', { class: 'toolbar' }, labeled(this.filter), this.status),
      box,
    );
    this.scroll = new KeptScroll(context.model, 'compare', box);
    this.element = el('section', { class: 'compare', 'aria-label': texts.title }, this.empty, this.content);
    this.content.hidden = true;
  }

  render(theme: Theme, changed: ReadonlySet<Change>): void {
    if (changed.has('compared')) this.offerRuns();
    if (changed.has('profile')) this.restoreScroll = true;
    const another = theme !== this.theme;
    this.theme = theme;
    const fresh = (['profile', 'shown', 'compared'] as const).some((change) => changed.has(change));
    if (fresh) this.compare();
    else if (another && this.comparison !== undefined) this.drawGraph(this.comparison, theme);
    if (this.comparison === undefined) return;
    if (changed.has('selection')) selectRow(this.body, this.context.model.selectedFunction, !fresh);
    // The runs arrive after the profile: the scroll position is restored once they are shown.
    if (this.restoreScroll) this.scroll.restore();
    this.restoreScroll = false;
  }

  /** Compares with the chosen run, if there is one, and shows the result. */
  private compare(): void {
    const { model } = this.context;
    const other = model.compared.find(({ slot }) => slot === this.which.value) ?? model.compared[0];
    this.empty.hidden = other !== undefined;
    this.content.hidden = other === undefined;
    if (other === undefined || this.theme === undefined) {
      this.comparison = undefined;
      return;
    }
    this.comparison = compareRuns(model, other, this.wanted);
    this.drawHead(this.comparison, other);
    this.fill();
    this.drawGraph(this.comparison, this.theme);
    // Which runs these are comes first.
    selectRow(this.body, model.selectedFunction, false);
  }

  /** The run that was chosen last, unless an earlier panel kept another choice. */
  private offerRuns(): void {
    const { compared } = this.context.model;
    this.which.replaceChildren(...compared.map((run) => el('option', { value: run.slot }, runLabel(run))));
    const wanted = [this.keptWhich, 'other']
      .map((choice) => compared.find(({ slot }) => slot === choice))
      .find((run) => run !== undefined);
    // Only once: later choices of a run are shown.
    if (compared.length > 0) this.keptWhich = undefined;
    const chosen = wanted ?? compared[0];
    if (chosen !== undefined) this.which.value = chosen.slot;
  }

  private keep(): void {
    keepFor(this.context.model, 'compare', {
      which: this.which.value,
      normalization: this.wanted,
      filter: this.filter.value,
    });
  }

  private drawHead(
    { a, b, noOperations, normalization, warnings, remarks, diff }: Comparison,
    other: OtherRun,
  ): void {
    this.normalization.value = normalization;
    const perOperation = this.normalization.querySelector<HTMLOptionElement>('option[value="operation"]');
    if (perOperation !== null) {
      perOperation.disabled = noOperations !== '';
      perOperation.textContent = noOperations === '' ? texts.operation : noOperationsText(noOperations);
    }
    this.head.replaceChildren(...headElements({ a, b, warnings, remarks, diff }, other.differences));
  }

  private drawGraph(comparison: Comparison, theme: Theme): void {
    const colors = scaleColors(
      parseColor(theme.background) ?? [255, 255, 255],
      parseColor(theme.foreground) ?? [0, 0, 0],
    );
    const unit = (share: number): string => comparison.format(share * comparison.diff.a.cost.value);
    const steps = scaleSteps(unit(stepBounds[0]), unit(stepBounds[1]));
    const entry = (slot: number, text: string): HTMLElement => {
      const box = el('span', { class: 'swatch', 'aria-hidden': 'true' });
      box.style.backgroundColor = colors[slot]?.fill ?? '';
      box.style.borderColor = colors[slot]?.edge ?? '';
      return el('li', {}, box, text);
    };
    // Each side is named once: the legend is one line in a panel below the source.
    const less = [...steps].reverse().map((text, i) => entry(i, i === 0 ? lessInB(text) : text));
    const more = steps.map((text, i) => entry(noiseSlot + 1 + i, i === 0 ? moreInB(text) : text));
    this.legend.replaceChildren(...less, entry(noiseSlot, texts.withinNoise), ...more);
    const path = readTexts(keptBy(this.context.model, 'compare')['zoom']);
    this.graph.show(diffFrames(comparison.diff.tree), frameTexts(comparison), theme, colors, path);
  }

  private pick(node: number): void {
    const aligned = this.comparison?.diff.tree.func[node] ?? -1;
    const func = this.comparison?.diff.functions.b[aligned] ?? -1;
    if (func >= 0 && func !== this.context.model.selectedFunction) this.context.actions.selectFunction(func);
  }

  private fill(): void {
    const { comparison } = this;
    if (comparison === undefined) return;
    this.rows = diffRows(comparison.diff, this.filter.value as Filter);
    this.shown = 0;
    this.body.replaceChildren();
    this.showMore();
    this.body.querySelector('tr')?.setAttribute('tabindex', '0');
    const { self, functions } = comparison.diff;
    const changed = self.verdict.subarray(0, functions.length).filter((verdict) => verdict !== 0).length;
    setText(this.status, listStatus(this.rows.length, changed, functions.length));
    const sum = (values: Float64Array): number => values.reduce((all, value) => all + value, 0);
    const [sumA, sumB] = [sum(self.a), sum(self.b)];
    this.foot.replaceChildren(
      el(
        'tr',
        {
          role: 'row',
          class: 'sum',
          'data-sum-a': comparison.format(sumA),
          'data-sum-b': comparison.format(sumB),
        },
        el('th', { scope: 'row', role: 'rowheader' }, texts.sum),
        number(comparison.format(sumA)),
        number(comparison.format(sumB)),
        number(comparison.formatDelta(sumB - sumA)),
        el('td', { colspan: '3', role: 'gridcell', class: 'muted' }, comparisonTexts.significance),
      ),
    );
  }

  private showMore(): void {
    const { comparison } = this;
    if (comparison === undefined) return;
    const end = Math.min(this.shown + pageSize, this.rows.length);
    this.body.append(
      ...this.rows.slice(this.shown, end).map((i) => diffRowElement(comparison, i, this.context.actions)),
    );
    this.shown = end;
    const left = this.rows.length - end;
    this.more.replaceChildren();
    if (left > 0)
      this.more.append(
        linkButton(showMore(Math.min(left, pageSize), left), '', () => {
          this.showMore();
        }),
      );
  }

  private key(row: HTMLElement, event: KeyboardEvent): boolean {
    if (row.dataset.func === undefined) return false;
    const func = Number(row.dataset.func);
    if (event.key === 'Enter' || event.key === 'o') this.context.actions.openSource(func);
    else if (event.key === ' ') this.context.actions.showInFlameGraph(func);
    else return false;
    return true;
  }
}

function select(label: string, options: readonly (readonly [string, string])[]): HTMLSelectElement {
  const element = el('select', { class: 'plain-select', 'aria-label': label });
  element.append(...options.map(([value, text]) => el('option', { value }, text)));
  return element;
}

function labeled(control: HTMLSelectElement): HTMLElement {
  return el('label', { class: 'labeled' }, `${control.getAttribute('aria-label') ?? ''} `, control);
}
