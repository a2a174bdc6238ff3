/** The Categories tab: the chart, and beside it the table of categories, their functions and lines. */
import { el, setText } from '../../ui/dom.js';
import { plainPercent } from '../../text/plainPercent.js';
import { keepFor, keptBy } from '../../store/kept.js';
import { runLabel, texts as comparisonTexts } from '../../comparison/texts.js';
import type { Change } from '../../store/panelModel.js';
import { readTexts } from '../../store/savedState.js';
import { chipList, drawChips } from '../frames/chips.js';
import { KeptScroll } from '../keptScroll.js';
import type { TabContext, TabView } from '../tab.js';
import { moveBetweenRows, selectRow } from '../../ui/tableRows.js';
import type { Theme } from '../../ui/theme.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { CategoryChart } from './chart.js';
import { categoryElement, footerElement, functionElement, lineElement, moreElement } from './rowElements.js';
import { oneRun } from './oneRun.js';
import type { CategoriesTable, CategoryRow, FunctionRow } from './tableModel.js';
import { texts } from './texts.js';
import { twoRuns } from './twoRuns.js';

/** Functions and lines shown before "Show more": the tail of a category is long and tiny. */
const pageSize = 50;

/** By name: indices differ in another profile. */
interface Opened {
  readonly categories: ReadonlySet<string>;
  readonly functions: ReadonlySet<string>;
}
const nothingOpen: Opened = { categories: new Set(), functions: new Set() };

export class CategoriesView implements TabView {
  readonly element: HTMLElement;
  private readonly chart = new CategoryChart((row) => {
    this.toggleCategory(row, true);
    this.bodies[row]?.querySelector<HTMLElement>('tr')?.focus();
  });
  private readonly table = el('table', {
    class: 'grid categories',
    role: 'treegrid',
    'aria-label': texts.title,
  });
  private readonly with = el('select', { class: 'plain-select', 'aria-label': texts.compareWith });
  private readonly legend = el('ul', { class: 'series', 'aria-label': texts.runs });
  private readonly chips = chipList();
  private readonly note = el('p', { class: 'hint' });
  private bodies: HTMLElement[] = [];
  /** The function of a row, for its lines. */
  private functions = new WeakMap<Element, FunctionRow>();
  private preset = '';
  private data: CategoriesTable | undefined;
  private theme: Theme | undefined;

  private readonly scroll: KeptScroll;

  constructor(private readonly context: TabContext) {
    moveBetweenRows(this.table, (row, event) => this.key(row, event));
    this.with.addEventListener('change', () => {
      const { model } = context;
      keepFor(model, 'categories', { beside: this.with.value });
      model.update({});
    });
    this.element = el(
      'section',
      { class: 'breakdown', 'aria-label': texts.title },
      el(
        'div',
        { class: 'toolbar' },
        el('label', { class: 'labeled' }, `${texts.compareWith} `, this.with),
        toolkitButton(comparisonTexts.chooseRun, 'secondary', () => {
          context.actions.post({ type: 'compareWith' });
        }),
        this.legend,
      ),
      this.chips,
      this.chart.element,
      el('div', { class: 'table-box' }, this.table, this.note),
    );
    this.scroll = new KeptScroll(context.model, 'categories', this.element);
  }

  render(theme: Theme, changed: ReadonlySet<Change>): void {
    const { model } = this.context;
    if (changed.has('compared')) this.offerRuns();
    const fresh = (['profile', 'shown', 'compared', 'state'] as const).some((change) => changed.has(change));
    if (fresh) this.refill();
    if (changed.has('profile') || changed.has('shown'))
      drawChips(this.chips, model, () => {
        this.with.focus();
      });
    if ((fresh || theme !== this.theme) && this.data !== undefined) this.chart.show(this.data, theme);
    this.theme = theme;
    if (changed.size > 0) selectRow(this.table, model.selectedFunction);
    if (changed.has('profile')) this.scroll.restore();
    else if (changed.has('compared')) this.scroll.restoreAgain();
  }

  /** A run that was chosen for now takes precedence over the baseline, unless the user chose otherwise. */
  private offerRuns(): void {
    const wanted = keptBy(this.context.model, 'categories')['beside'];
    const { compared } = this.context.model;
    this.with.replaceChildren(
      el('option', { value: 'none' }, texts.noRun),
      ...compared.map((run) => el('option', { value: run.slot }, runLabel(run))),
    );
    const slots = ['other', 'baseline'].filter((slot) => compared.some((run) => run.slot === slot));
    const known = wanted === 'none' || slots.some((slot) => slot === wanted);
    this.with.value = known ? String(wanted) : (slots[0] ?? 'none');
    this.with.disabled = compared.length === 0;
  }

  private refill(): void {
    const { model } = this.context;
    const same = this.preset === model.profile.preset;
    const opened = this.preset === '' ? this.keptOpen() : same ? this.opened() : nothingOpen;
    this.preset = model.profile.preset;
    const other = model.compared.find(({ slot }) => slot === this.with.value);
    const data = (this.data = other === undefined ? oneRun(model) : twoRuns(model, other));
    this.fill(data);
    data.rows.forEach(({ name }, index) => {
      if (opened.categories.has(name)) this.toggleCategory(index, true);
    });
    for (const row of this.table.querySelectorAll<HTMLElement>('tr.function'))
      if (opened.functions.has(row.dataset.function ?? '')) this.toggleFunction(row, true);
    this.keepOpen();
  }

  /** What was open in an earlier panel. */
  private keptOpen(): Opened {
    const kept = keptBy(this.context.model, 'categories');
    return {
      categories: new Set(readTexts(kept['open'])),
      functions: new Set(readTexts(kept['openFunctions'])),
    };
  }

  private keepOpen(): void {
    const { categories, functions } = this.opened();
    keepFor(this.context.model, 'categories', { open: [...categories], openFunctions: [...functions] });
  }

  private fill(data: CategoriesTable): void {
    this.table.classList.toggle('compared', data.series.length > 1);
    const heads = data.columns.map(({ title, number }) =>
      el('th', { scope: 'col', role: 'columnheader', class: number ? 'number' : '' }, title),
    );
    const first = el('th', { scope: 'col', role: 'columnheader' }, texts.columns.category);
    this.bodies = data.rows.map((row, index) =>
      el(
        'tbody',
        { role: 'rowgroup' },
        categoryElement(this.context.model, row, index, () => {
          this.toggleCategory(index);
        }),
      ),
    );
    this.bodies[0]?.querySelector('tr')?.setAttribute('tabindex', '0');
    const foot = el('tfoot', { role: 'rowgroup' });
    if (data.unattributed !== null)
      foot.append(footerElement(comparisonTexts.unattributed, data.unattributed));
    const sum = footerElement(texts.total, data.sum);
    sum.classList.add('sum');
    sum.dataset.categorySum = plainPercent(data.sumShare);
    foot.append(sum);
    const head = el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, first, ...heads));
    this.table.replaceChildren(head, ...this.bodies, foot);
    this.legend.replaceChildren(
      ...(data.series.length < 2 ? [] : data.series).map(({ label }, s) =>
        el(
          'li',
          {},
          el('span', { class: s === 0 ? 'series-box hollow' : 'series-box', 'aria-hidden': 'true' }),
          label,
        ),
      ),
    );
    setText(this.note, [...data.notes, texts.keys].join(' '));
  }

  /** Rows of functions are created when a category is first opened. */
  private toggleCategory(index: number, open?: boolean): void {
    const body = this.bodies[index];
    const row = this.data?.rows[index];
    const head = body?.querySelector('tr');
    if (body === undefined || row === undefined || !head) return;
    const expand = open ?? head.getAttribute('aria-expanded') !== 'true';
    head.setAttribute('aria-expanded', String(expand));
    const below = [...body.querySelectorAll<HTMLElement>('tr')].slice(1);
    for (const tr of below) tr.hidden = !expand;
    if (expand && below.length === 0) this.addFunctions(body, row, 0);
    this.keepOpen();
  }

  private addFunctions(body: HTMLElement, row: CategoryRow, from: number): void {
    const to = Math.min(from + pageSize, row.functionCount);
    const added = row.functions(from, to).map((func) => this.functionElement(func));
    body.append(...added);
    if (to < row.functionCount)
      body.append(
        moreElement(Math.min(pageSize, row.functionCount - to), this.columnCount, () => {
          this.addFunctions(body, row, to);
        }),
      );
    if (from > 0) added[0]?.focus();
  }

  private functionElement(func: FunctionRow): HTMLElement {
    const { model, actions } = this.context;
    const element = functionElement(func, actions, model.selectedFunction, () => {
      this.toggleFunction(element);
    });
    this.functions.set(element, func);
    return element;
  }

  private toggleFunction(row: HTMLElement, open?: boolean): void {
    const func = this.functions.get(row);
    const was = row.getAttribute('aria-expanded') === 'true';
    if (func === undefined || (open ?? !was) === was) return;
    row.setAttribute('aria-expanded', String(!was));
    this.keepOpen();
    if (was) {
      while (row.nextElementSibling?.matches('.line')) row.nextElementSibling.remove();
      return;
    }
    const lines = func.lines();
    const add = (after: HTMLElement, from: number): HTMLElement | undefined => {
      const to = Math.min(from + pageSize, lines.length);
      const added = lines.slice(from, to).map((line) => lineElement(line, func, this.context.actions));
      after.after(...added);
      if (to < lines.length) {
        const more = moreElement(Math.min(pageSize, lines.length - to), this.columnCount, () => {
          const next = added.at(-1) ?? row;
          add(next, to)?.focus();
        });
        more.classList.add('line');
        (added.at(-1) ?? row).after(more);
      }
      return added[0];
    };
    add(row, 0);
  }

  private get columnCount(): number {
    return 1 + (this.data?.columns.length ?? 0);
  }

  private key(row: HTMLElement, event: KeyboardEvent): boolean {
    const open = { ArrowRight: true, ArrowLeft: false }[event.key];
    const toggle = event.key === 'Enter' || (event.key === ' ' && row.dataset.row !== undefined);
    const expanded = row.getAttribute('aria-expanded') === 'true';
    if (open === true && expanded) focusRow(row.nextElementSibling);
    else if (row.dataset.row !== undefined && (toggle || open !== undefined))
      this.toggleCategory(Number(row.dataset.row), open);
    else if (open === false && !expanded) focusRow(parentOf(row));
    else if (row.matches('.line') && event.key === 'Enter') row.querySelector('button')?.click();
    else if (row.matches('.function') && (toggle || open !== undefined)) this.toggleFunction(row, open);
    else return this.functionKey(row, event);
    return true;
  }

  private functionKey(row: HTMLElement, { key }: KeyboardEvent): boolean {
    const func = this.functions.get(row);
    if (func === undefined) return false;
    if (key === 'o') this.context.actions.openSource(func.func, func.place);
    else if (key === ' ' && func.func >= 0) this.context.actions.showInFlameGraph(func.func);
    else return false;
    return true;
  }

  private opened(): Opened {
    const rows = [...this.table.querySelectorAll<HTMLElement>('tr[aria-expanded="true"]')];
    const of = (name: 'category' | 'function') => new Set(rows.flatMap((row) => row.dataset[name] ?? []));
    return { categories: of('category'), functions: of('function') };
  }
}

function focusRow(row: Element | null): void {
  if (row instanceof HTMLElement) row.focus();
}

/** The closest row above that is one level up. */
function parentOf(row: HTMLElement): Element | null {
  const level = Number(row.getAttribute('aria-level'));
  let at = row.previousElementSibling;
  while (at !== null && Number(at.getAttribute('aria-level') ?? level) >= level)
    at = at.previousElementSibling;
  return at;
}
