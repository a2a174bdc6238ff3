/** The functions' tab: every function of the profile, sortable and filtered. */
import { el, linkButton, setText, swatch } from '../../ui/dom.js';
import { baseName, count, percent, plural } from '../../text/format.js';
import { parseQuery } from '../../store/search.js';
import { functionRow } from './functionRow.js';
import { keepFor, keptBy } from '../../store/kept.js';
import type { Change, PanelModel } from '../../store/panelModel.js';
import { number, oneOf, text } from '../../store/panelState.js';
import { KeptScroll } from '../keptScroll.js';
import type { TabContext, TabView } from '../tab.js';
import { functionKeys, moveBetweenRows, selectRow } from '../../ui/tableRows.js';
import { toolkitTextField } from '../../ui/toolkit.js';
import { functionRows, nextOrder, type Column, type Order } from './rows.js';

const columns: readonly { readonly id: Column; readonly label: string; readonly number?: true }[] = [
  { id: 'name', label: 'Function' },
  { id: 'self', label: 'Self', number: true },
  { id: 'total', label: 'Total', number: true },
  { id: 'category', label: 'Category' },
  { id: 'module', label: 'Module' },
  { id: 'place', label: 'Source' },
];
/** What comes back after a reload at most: making rows takes time. */
const mostPages = 20;
/** Rows shown before "Show more": what is looked for stands on top, by sorting or by filter. */
const pageSize = 200;

export class FunctionsView implements TabView {
  readonly element: HTMLElement;
  private readonly field = toolkitTextField(
    'Filter functions',
    'Filter: name, "exact name" or /regex/',
    (text) => {
      this.filter = text;
      this.fill();
      this.keep();
    },
  );
  private readonly status = el('span', { class: 'search-status', role: 'status' });
  private readonly head = el('tr', { role: 'row' });
  private readonly body = el('tbody', { role: 'rowgroup' });
  private readonly more = el('div', { class: 'more' });
  private order: Order = { column: 'self', descending: true };
  private filter = '';
  private rows: number[] = [];
  private shown = 0;
  private stale = new Set<Change>(['profile']);

  private readonly scroll: KeptScroll;

  constructor(private readonly context: TabContext) {
    context.model.onChange((change) => this.stale.add(change));
    const kept = keptBy(context.model, 'functions');
    this.filter = this.field.value = text(kept['filter']);
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
      { class: 'grid functions', role: 'grid', 'aria-label': 'Functions', 'aria-description': functionKeys },
      el('thead', { role: 'rowgroup' }, this.head),
      this.body,
    );
    this.body.addEventListener('dblclick', (event) => {
      // The buttons in a row have acted on each click already.
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
      { class: 'hotspots', 'aria-label': 'Functions' },
      el('div', { class: 'toolbar' }, this.field, this.status),
      box,
    );
    this.scroll = new KeptScroll(context.model, 'functions', box);
  }

  render(): void {
    const { stale } = this;
    if (stale.has('profile') || stale.has('shown') || stale.has('state')) this.fill();
    this.stale = new Set();
    if (stale.size > 0) selectRow(this.body, this.context.model.selectedFunction);
    if (stale.has('profile')) this.scroll.restore();
  }

  focusSearch(): void {
    this.field.focus();
  }

  private fill(): void {
    const { model } = this.context;
    this.drawHead();
    const query = parseQuery(this.filter);
    this.rows = functionRows(model, this.order, query.kind === 'match' ? query.matches : undefined);
    this.shown = 0;
    this.body.replaceChildren();
    this.showMore();
    const pages = Math.min(mostPages, number(keptBy(model, 'functions')['pages'], 1));
    while (this.stale.has('profile') && this.shown < Math.min(pages * pageSize, this.rows.length))
      this.showMore();
    this.body.querySelector('tr')?.setAttribute('tabindex', '0');
    setText(this.status, query.kind === 'invalid' ? query.reason : this.summary(model));
  }

  private keep(): void {
    const { filter, order } = this;
    const pages = Math.max(1, Math.ceil(this.shown / pageSize));
    keepFor(this.context.model, 'functions', { filter, ...order, pages });
  }

  private summary(model: PanelModel): string {
    const all = model.data.functionCount;
    const self = this.rows.reduce((sum, func) => sum + (model.costs.self[func] ?? 0), 0);
    const number =
      this.rows.length === all
        ? plural(all, 'function')
        : `${count(this.rows.length)} of ${plural(all, 'function')}`;
    return `${number}, self ${percent(model.share(self))}`;
  }

  private drawHead(): void {
    const cells = columns.map(({ id, label, number }) => {
      const sorted = this.order.column === id;
      const button = el('button', { type: 'button', class: 'sort' }, label);
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
      linkButton(`Show ${count(Math.min(left, pageSize))} more of ${count(left)}`, '', () => {
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
