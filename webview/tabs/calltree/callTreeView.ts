/** The Call tree tab: who calls what, as a table that opens level by level, top-down or bottom-up. */
import type { FrameTree } from '../../../src/views/frameTree.js';
import { pathTo } from '../../../src/views/frameTree.js';
import { keepFor, keptBy } from '../../store/kept.js';
import type { Change } from '../../store/panelModel.js';
import { oneOf } from '../../store/savedState.js';
import { place } from '../../text/places.js';
import { plainPercent } from '../../text/plainPercent.js';
import { labeledChoice } from '../../ui/choice.js';
import { el, linkButton } from '../../ui/dom.js';
import { moveBetweenRows } from '../../ui/tableRows.js';
import type { Theme } from '../../ui/theme.js';
import { toolkitButton } from '../../ui/toolkit.js';
import type { TabContext, TabView } from '../tab.js';
import { goToSource } from '../texts.js';
import { childrenOf, heavyPath, treeOf, type Direction } from './nodes.js';
import { directions, showMore, texts } from './texts.js';

/** Rows of one parent that are made at once: a recursion or a dispatcher can have thousands. */
const pageSize = 100;
/** Levels that are indented; deeper ones stand below one another, so that names stay in view. */
const mostIndented = 40;

export class CallTreeView implements TabView {
  readonly element: HTMLElement;
  private readonly body = el('tbody', { role: 'rowgroup' });
  private direction: Direction;
  private tree: FrameTree | undefined;
  private readonly choice = labeledChoice<Direction>(texts.direction, (direction) => {
    this.direction = direction;
    keepFor(this.context.model, 'calltree', { direction });
    this.fill();
  });

  constructor(private readonly context: TabContext) {
    this.direction = oneOf(keptBy(context.model, 'calltree')['direction'], ['down', 'up'] as const, 'down');
    const heads = [texts.function, texts.total, texts.self].map((title, i) =>
      el('th', { scope: 'col', role: 'columnheader', class: i === 0 ? '' : 'number' }, title),
    );
    const table = el(
      'table',
      {
        class: 'grid call-tree',
        role: 'treegrid',
        'aria-label': texts.title,
        'aria-description': texts.keys,
      },
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)),
      this.body,
    );
    this.body.addEventListener('click', (event) => this.clicked(event));
    this.body.addEventListener('dblclick', (event) => {
      const row = rowOf(event.target);
      if (row) context.actions.openSource(Number(row.dataset['func']));
    });
    moveBetweenRows(table, (row, event) => this.pressed(row, event));
    this.element = el(
      'section',
      { class: 'hotspots', 'aria-label': texts.title },
      el(
        'div',
        { class: 'toolbar' },
        this.choice.element,
        toolkitButton(texts.expand, 'secondary', () => this.expandHeavyPath()),
        toolkitButton(texts.collapse, 'secondary', () => this.fill()),
        el('span', { class: 'muted' }, texts.hint),
      ),
      el('div', { class: 'table-box' }, table),
    );
  }

  render(_theme: Theme, changed: ReadonlySet<Change>): void {
    if (changed.has('profile') || changed.has('shown') || changed.has('state')) this.fill();
    if (changed.size > 0) this.markSelected();
  }

  private get frames(): FrameTree {
    return (this.tree ??= treeOf(this.context.model.shown.tree, this.direction));
  }

  private fill(): void {
    this.choice.show(
      (Object.keys(directions) as Direction[]).map((value) => ({ value, label: directions[value] })),
      this.direction,
    );
    this.tree = undefined;
    this.body.replaceChildren(...this.rowsBelow(0, 0));
    this.body.querySelector('tr')?.setAttribute('tabindex', '0');
    // Where all begins in one function, that is open.
    const [only, second] = this.body.querySelectorAll<HTMLElement>('tr[data-node]');
    if (only && !second) this.open(only);
  }

  private markSelected(): void {
    const selected = String(this.context.model.selectedFunction);
    for (const row of this.body.querySelectorAll<HTMLElement>('tr[data-func]'))
      row.setAttribute('aria-selected', String(row.dataset['func'] === selected));
  }

  /** @param from of the children, the first that has no row yet */
  private rowsBelow(parent: number, from: number): HTMLElement[] {
    const children = childrenOf(this.frames, parent);
    const rows = children.slice(from, from + pageSize).map((node) => this.row(node));
    const left = children.length - from - rows.length;
    if (left > 0) rows.push(this.moreRow(parent, from + rows.length, left));
    return rows;
  }

  private row(node: number): HTMLElement {
    const { model } = this.context;
    const { frames } = this;
    const func = frames.func(node);
    const level = frames.depth(node);
    const total = model.shown.share(frames.total(node));
    const hasChildren = childrenOf(frames, node).length > 0;
    const twisty = el('span', { class: 'twisty', 'aria-hidden': 'true' });
    const where = model.data.definition(func);
    const name = el('td', { role: 'gridcell', class: 'name' }, twisty, model.functionName(func));
    if (frames.inlined(node)) name.append(' ', el('span', { class: 'muted' }, texts.inlined));
    if (where !== undefined) {
      const source = linkButton(place(where.file, where.line), goToSource(where.file), () => {
        this.context.actions.openSource(func);
      });
      source.tabIndex = -1;
      name.append(' ', source);
    }
    name.style.paddingLeft = `${String(Math.min(level, mostIndented))}em`;
    const row = el(
      'tr',
      {
        role: 'row',
        tabindex: '-1',
        'aria-level': String(level),
        'aria-selected': String(func === model.selectedFunction),
        'data-node': String(node),
        'data-func': String(func),
        'data-function': model.functionName(func),
        'data-total-percent': plainPercent(total),
      },
      name,
      el('td', { role: 'gridcell', class: 'number' }, model.shown.shareText(frames.total(node))),
      el('td', { role: 'gridcell', class: 'number' }, model.shown.shareText(frames.self(node))),
    );
    if (hasChildren) row.setAttribute('aria-expanded', 'false');
    return row;
  }

  private moreRow(parent: number, from: number, left: number): HTMLElement {
    const row = el('tr', { role: 'row', 'data-parent': String(parent) });
    const more = linkButton(showMore(left), '', () => {
      row.replaceWith(...this.rowsBelow(parent, from));
    });
    row.append(el('td', { role: 'gridcell', colspan: '3' }, more));
    return row;
  }

  private open(row: HTMLElement): void {
    if (row.getAttribute('aria-expanded') !== 'false') return;
    row.setAttribute('aria-expanded', 'true');
    row.after(...this.rowsBelow(Number(row.dataset['node']), 0));
  }

  private close(row: HTMLElement): void {
    row.setAttribute('aria-expanded', 'false');
    const node = Number(row.dataset['node']);
    for (let next = row.nextElementSibling; next instanceof HTMLElement; next = row.nextElementSibling) {
      const above = Number(next.dataset['parent'] ?? this.frames.parent(Number(next.dataset['node'])));
      if (above !== node && !pathTo(this.frames, above).includes(node)) return;
      next.remove();
    }
  }

  /** From the focused or selected row on; else from the top. */
  private expandHeavyPath(): void {
    const start =
      this.body.querySelector<HTMLElement>('tr[tabindex="0"][data-node]') ??
      this.body.querySelector<HTMLElement>('tr[data-node]');
    if (!start) return;
    let last = start;
    for (const node of heavyPath(this.frames, Number(start.dataset['node']))) {
      const row = this.rowOfNode(node);
      if (!row) break;
      this.open(row);
      last = row;
    }
    const [first] = childrenOf(this.frames, Number(last.dataset['node']));
    const end = (first === undefined ? undefined : this.rowOfNode(first)) ?? last;
    end.focus();
    this.select(end);
  }

  private rowOfNode(node: number): HTMLElement | null {
    return this.body.querySelector<HTMLElement>(`tr[data-node="${String(node)}"]`);
  }

  private clicked(event: Event): void {
    const row = rowOf(event.target);
    if (!row) return;
    if (event.target instanceof Element && event.target.closest('.twisty')) this.toggle(row);
    this.select(row);
  }

  private toggle(row: HTMLElement): void {
    if (row.getAttribute('aria-expanded') === 'true') this.close(row);
    else this.open(row);
  }

  private select(row: HTMLElement): void {
    const { actions, model } = this.context;
    const path = pathTo(this.frames, Number(row.dataset['node'])).map((node) =>
      model.stepName(this.frames.func(node)),
    );
    actions.selectFunction(Number(row.dataset['func']), this.direction === 'down' ? path : []);
  }

  private pressed(row: HTMLElement, { key }: KeyboardEvent): boolean {
    const func = Number(row.dataset['func']);
    if (key === 'Enter' || key === 'o') this.context.actions.openSource(func);
    else if (key === ' ') this.context.actions.showInFlameGraph(func);
    else if (key === 'ArrowRight') {
      if (row.getAttribute('aria-expanded') === 'true') this.rowAfter(row)?.focus();
      else this.open(row);
    } else if (key === 'ArrowLeft') {
      if (row.getAttribute('aria-expanded') === 'true') this.close(row);
      else this.rowOfNode(this.frames.parent(Number(row.dataset['node'])))?.focus();
    } else return false;
    return true;
  }

  private rowAfter(row: HTMLElement): HTMLElement | undefined {
    const next = row.nextElementSibling;
    return next instanceof HTMLElement ? next : undefined;
  }
}

function rowOf(target: EventTarget | null): HTMLElement | undefined {
  if (!(target instanceof Element) || target.closest('button')) return undefined;
  return target.closest<HTMLElement>('tr[data-node]') ?? undefined;
}
