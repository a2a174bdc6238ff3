/** The categories' tab: the chart, and beside it the table with each category's functions. */
import { el, linkButton, swatch } from '../dom.js';
import { percent, percentDigits, plural } from '../format.js';
import { functionRow } from '../functionRow.js';
import type { Change, PanelModel } from '../model.js';
import type { TabContext, TabView } from '../tabs.js';
import { moveBetweenRows, selectRow } from '../tableRows.js';
import type { Theme } from '../theme.js';
import { CategoryChart } from './chart.js';
import { categoryTable, type CategoryRow, type CategoryTable } from './rows.js';

/** Functions shown per category before "Show more": the tail of a category is long and tiny. */
const pageSize = 50;

export class CategoriesView implements TabView {
  readonly element: HTMLElement;
  private readonly chart = new CategoryChart((row) => {
    this.toggle(row, true);
    this.bodies[row]?.querySelector<HTMLElement>('tr')?.focus();
  });
  private readonly table = el('table', {
    class: 'grid categories',
    role: 'treegrid',
    'aria-label': 'Categories',
  });
  private readonly note = el('p', { class: 'hint' });
  private bodies: HTMLElement[] = [];
  private preset = '';
  private data: CategoryTable | undefined;
  private theme: Theme | undefined;
  private stale = new Set<Change>(['profile']);

  constructor(private readonly context: TabContext) {
    context.model.onChange((change) => this.stale.add(change));
    moveBetweenRows(this.table, (row, event) => this.key(row, event));
    this.element = el(
      'section',
      { class: 'breakdown', 'aria-label': 'Categories' },
      this.chart.element,
      el('div', { class: 'table-box' }, this.table, this.note),
    );
  }

  render(theme: Theme): void {
    const { model } = this.context;
    const { stale } = this;
    this.stale = new Set();
    const fresh = stale.has('profile') || stale.has('shown') || stale.has('state');
    if (fresh) this.refill(model);
    if (fresh || theme !== this.theme) this.chart.show(model, this.data?.rows ?? [], theme);
    this.theme = theme;
    if (stale.size > 0) selectRow(this.table, model.selectedFunction);
  }

  private refill(model: PanelModel): void {
    const opened = this.preset === model.profile.preset ? this.openedCategories() : new Set<string>();
    this.preset = model.profile.preset;
    this.data = categoryTable(model.costs, model.profile.category, model.profile.categories.length);
    this.fill(model, this.data);
    this.data.rows.forEach((row, index) => {
      if (opened.has(model.data.categoryName(row.category))) this.toggle(index, true);
    });
  }

  private fill(model: PanelModel, data: CategoryTable): void {
    const head = el(
      'thead',
      {},
      el(
        'tr',
        { role: 'row' },
        el('th', { scope: 'col' }, 'Category'),
        el('th', { scope: 'col', class: 'number' }, 'Self'),
        el('th', { scope: 'col', class: 'number' }, 'Total'),
        el('th', { scope: 'col' }, 'Source'),
      ),
    );
    this.bodies = data.rows.map((row, index) => el('tbody', {}, this.categoryRow(model, row, index)));
    this.bodies[0]?.querySelector('tr')?.setAttribute('tabindex', '0');
    const foot = el('tfoot');
    if (data.unattributed > 0) {
      const share = model.share(data.unattributed);
      foot.append(
        el(
          'tr',
          { role: 'row' },
          el('td', {}, 'Samples without a function'),
          el('td', { class: 'number' }, percent(share)),
          el('td', { colspan: '2' }),
        ),
      );
    }
    const sum = model.share(data.sum);
    foot.append(
      el(
        'tr',
        { role: 'row', class: 'sum', 'data-category-sum': percentDigits(sum) },
        el('th', { scope: 'row' }, 'Total'),
        el('td', { class: 'number' }, percent(sum)),
        el('td', { colspan: '2' }),
      ),
    );
    this.table.replaceChildren(head, ...this.bodies, foot);
    this.note.textContent =
      'Self: samples in the function itself; these add up. Total: with everything it calls. ' +
      'Right and left arrows open and close a category.';
  }

  private categoryRow(model: PanelModel, row: CategoryRow, index: number): HTMLElement {
    const share = model.share(row.self);
    const name = model.data.categoryName(row.category);
    const toggle = linkButton(name, `Show the functions of ${name}`, () => {
      this.toggle(index);
    });
    toggle.tabIndex = -1;
    const tr = el(
      'tr',
      {
        role: 'row',
        class: 'category',
        tabindex: '-1',
        'aria-level': '1',
        'aria-expanded': 'false',
        'data-category': name,
        'data-self-percent': percentDigits(share),
        'data-row': String(index),
      },
      el(
        'td',
        { role: 'gridcell' },
        el(
          'div',
          { class: 'category-head' },
          el('span', { class: 'twisty', 'aria-hidden': 'true' }),
          swatch(row.category, model.profile.categories.length),
          el(
            'span',
            {},
            toggle,
            el('span', { class: 'muted' }, ` ${plural(row.functions.length, 'function')}`),
          ),
        ),
      ),
      el('td', { role: 'gridcell', class: 'number' }, percent(share)),
      el('td', { role: 'gridcell' }),
      el('td', { role: 'gridcell' }),
    );
    return tr;
  }

  /** Rows of functions are made when a category is opened for the first time. */
  private toggle(index: number, open?: boolean): void {
    const body = this.bodies[index];
    const row = this.data?.rows[index];
    const head = body?.querySelector('tr');
    if (body === undefined || row === undefined || !head) return;
    const expand = open ?? head.getAttribute('aria-expanded') !== 'true';
    head.setAttribute('aria-expanded', String(expand));
    const below = [...body.querySelectorAll<HTMLElement>('tr')].slice(1);
    for (const tr of below) tr.hidden = !expand;
    if (expand && below.length === 0) this.addFunctions(body, row, 0);
  }

  private addFunctions(body: HTMLElement, row: CategoryRow, from: number): void {
    const { model } = this.context;
    const to = Math.min(from + pageSize, row.functions.length);
    body.append(...row.functions.slice(from, to).map((func) => this.functionRow(model, func)));
    if (to === row.functions.length) return;
    const more = el('tr', { role: 'row', class: 'more' });
    const button = linkButton(
      `Show ${String(Math.min(pageSize, row.functions.length - to))} more`,
      '',
      () => {
        more.remove();
        this.addFunctions(body, row, to);
      },
    );
    more.append(el('td', { colspan: '4' }, button));
    body.append(more);
  }

  private functionRow(model: PanelModel, func: number): HTMLElement {
    return functionRow(model, this.context.actions, func, {
      selected: func === model.selectedFunction,
      level: 2,
    });
  }

  private key(row: HTMLElement, event: KeyboardEvent): boolean {
    const index = row.dataset.row === undefined ? undefined : Number(row.dataset.row);
    if (index !== undefined) {
      if (event.key === 'ArrowRight') this.toggle(index, true);
      else if (event.key === 'ArrowLeft') this.toggle(index, false);
      else if (event.key === 'Enter' || event.key === ' ') this.toggle(index);
      else return false;
      return true;
    }
    const func = Number(row.dataset.func);
    if (event.key === 'ArrowLeft') row.closest('tbody')?.querySelector<HTMLElement>('tr')?.focus();
    else if (event.key === 'Enter' || event.key === 'o') this.context.actions.openSource(func);
    else if (event.key === ' ') this.context.actions.showInFlameGraph(func);
    else return false;
    return true;
  }

  private openedCategories(): Set<string> {
    const opened = this.table.querySelectorAll<HTMLElement>('tr.category[aria-expanded="true"]');
    return new Set([...opened].map((row) => row.dataset.category ?? ''));
  }
}
