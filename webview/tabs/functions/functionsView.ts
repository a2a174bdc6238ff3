/** The Functions tab: every function of the profile, sortable and filterable. */
import { el, linkButton, setText, swatch } from '../../ui/dom.js';
import { baseName } from '../../text/places.js';
import { parseQuery } from '../../store/search.js';
import { functionRow } from './functionRow.js';
import { keepFor, keptBy } from '../../store/kept.js';
import type { Change, PanelModel } from '../../store/panelModel.js';
import { oneOf, readNumber, readText } from '../../store/savedState.js';
import { KeptScroll } from '../keptScroll.js';
import type { TabContext, TabView } from '../tab.js';
import { chipList, drawChips } from '../frames/chips.js';
import { functionKeys } from '../texts.js';
import { moveBetweenRows, selectRow } from '../../ui/tableRows.js';
import type { Theme } from '../../ui/theme.js';
import { toolkitTextField } from '../../ui/toolkit.js';
import { functionRows, nextOrder, type Column, type Order } from './rows.js';
import { columnTitles, showMore, summary, texts } from './texts.js';

const columns: readonly { readonly id: Column; readonly number?: true }[] = [
  { id: 'name' },
  { id: 'self', number: true },
  { id: 'total', number: true },
  { id: 'category' },
  { id: 'module' },
  { id: 'place' },
];
/** Pages restored after a reload, at most: creating rows takes time. */
const mostPages = 20;
/** Rows shown before "Show more": sorting and filtering bring what matters to the top. */
const pageSize = 200;

export class FunctionsView implements TabView {
  readonly element: HTMLElement;
  private readonly field = toolkitTextField(texts.filter, texts.filterHint, (text) => {
    this.filter = text;
    this.fill();
    this.keep();
  });
  private readonly chips = chipList();
  private readonly status = el('span', { class: 'search-status', role: 'status' });
  private readonly head = el('tr', { role: 'row' });
  private readonly body = el('tbody', { role: 'rowgroup' });
  private readonly more = el('div', { class: 'more' });
  private order: Order = { column: 'self', descending: true };
  private filter = '';
  private rows: number[] = [];
  private shown = 0;

  private readonly scroll: KeptScroll;

  constructor(private readonly context: TabContext) {
    const kept = keptBy(context.model, 'functions');
    this.filter = this.field.value = readText(kept['filter']);
    this.order = {
      column: oneOf(
        kept['column'],
        columns.map(({ id }) => id),
        'self',
      ),
      descending: kept['descending'] !== false,
    };
    const table = el(
      'table',
      { class: 'grid functions', role: 'grid', 'aria-label': texts.title, 'aria-description': functionKeys },
      el('thead', { role: 'rowgroup' }, this.head),
      this.body,
    );
    this.body.addEventListener('dblclick', (event) => {
      // The buttons in a row have already handled each click.
      const row =
        event.target instanceof Element && !event.target.closest('button')
          ? event.target.closest('tr')
          : null;
      if (row !== null) this.openSource(row);
    });
    this.body.addEventListener('click', (event) => {
      const row = event.target instanceof Element ? event.target.closest('tr') : null;
      if (row !== null) this.context.actions.selectFunction(Number(row.dataset.func));
    });
    moveBetweenRows(table, (row, event) => {
      if (event.key === 'Enter' || event.key === 'o') this.openSource(row);
      else if (event.key === ' ') this.context.actions.showInFlameGraph(Number(row.dataset.func));
      else return false;
      return true;
    });
    const box = el('div', { class: 'table-box' }, table, this.more);
    this.element = el(
      'section',
      { class: 'hotspots', 'aria-label': texts.title },
      el('div', { class: 'toolbar' }, this.field, this.status),
      this.chips,
      box,
    );
    this.scroll = new KeptScroll(context.model, 'functions', box);
  }

  render(_theme: Theme, changed: ReadonlySet<Change>): void {
    const another = changed.has('profile');
    if (another || changed.has('shown') || changed.has('state')) this.fill(another);
    if (another || changed.has('shown'))
      drawChips(this.chips, this.context.model, () => {
        this.field.focus();
      });
    if (changed.size > 0) selectRow(this.body, this.context.model.selectedFunction);
    if (another) this.scroll.restore();
  }

  focusSearch(): void {
    this.field.focus();
  }

  /** @param restorePages shows as many rows as an earlier panel did */
  private fill(restorePages = false): void {
    const { model } = this.context;
    this.drawHead();
    const query = parseQuery(this.filter);
    this.rows = functionRows(model, this.order, query.kind === 'match' ? query.matches : undefined);
    this.shown = 0;
    this.body.replaceChildren();
    this.showMore();
    const pages = Math.min(mostPages, readNumber(keptBy(model, 'functions')['pages'], 1));
    while (restorePages && this.shown < Math.min(pages * pageSize, this.rows.length)) this.showMore();
    this.body.querySelector('tr')?.setAttribute('tabindex', '0');
    setText(this.status, query.kind === 'invalid' ? query.reason : this.summary(model));
  }

  private keep(): void {
    const { filter, order } = this;
    const pages = Math.max(1, Math.ceil(this.shown / pageSize));
    keepFor(this.context.model, 'functions', { filter, ...order, pages });
  }

  private summary(model: PanelModel): string {
    const all = model.shown.costs.total.reduce((sum, total) => sum + (total > 0 ? 1 : 0), 0);
    const self = this.rows.reduce((sum, func) => sum + (model.shown.costs.self[func] ?? 0), 0);
    return summary(this.rows.length, all, model.shown.share(self));
  }

  private drawHead(): void {
    const cells = columns.map(({ id, number }) => {
      const sorted = this.order.column === id;
      const button = el('button', { type: 'button', class: 'sort' }, columnTitles[id]);
      button.dataset.direction = sorted ? (this.order.descending ? 'descending' : 'ascending') : 'none';
      button.addEventListener('click', () => {
        this.order = nextOrder(this.order, id);
        this.fill();
        this.keep();
        this.head.querySelector<HTMLElement>(`[data-column="${id}"] button`)?.focus();
      });
      return el(
        'th',
        {
          scope: 'col',
          role: 'columnheader',
          'data-column': id,
          class: number ? 'number' : '',
          'aria-sort': sorted ? (this.order.descending ? 'descending' : 'ascending') : 'none',
        },
        button,
      );
    });
    this.head.replaceChildren(...cells);
  }

  private showMore(): void {
    const { model } = this.context;
    const end = Math.min(this.shown + pageSize, this.rows.length);
    this.body.append(...this.rows.slice(this.shown, end).map((func) => this.row(model, func)));
    this.shown = end;
    const left = this.rows.length - end;
    this.more.replaceChildren();
    if (left === 0) return;
    this.more.append(
      linkButton(showMore(Math.min(left, pageSize), left), '', () => {
        this.showMore();
        this.keep();
      }),
    );
  }

  private row(model: PanelModel, func: number): HTMLElement {
    const category = model.data.categoryOf(func);
    const module = model.data.moduleName(func);
    const cells = [
      el(
        'td',
        { role: 'gridcell', class: 'category-cell' },
        el('span', {}, swatch(category, model.profile.categories.length), model.data.categoryName(category)),
      ),
      el('td', { role: 'gridcell', class: 'module', title: module }, el('span', {}, baseName(module))),
    ];
    return functionRow(model, this.context.actions, func, {
      selected: func === model.selectedFunction,
      cells,
    });
  }

  private openSource(row: HTMLElement): void {
    this.context.actions.openSource(Number(row.dataset.func));
  }
}
