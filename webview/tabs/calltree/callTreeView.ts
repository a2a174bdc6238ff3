/** The Call tree tab: who calls what, as a table that opens level by level, top-down or bottom-up. */
import { pathTo, type FrameTree } from '../../../src/views/frameTree.js';
import { keepFor, keptBy } from '../../store/kept.js';
import type { Change } from '../../store/panelModel.js';
import type { FunctionName } from '../../store/panelState.js';
import { oneOf, readText } from '../../store/savedState.js';
import { labeledChoice } from '../../ui/choice.js';
import { el, setText } from '../../ui/dom.js';
import { openMenu, type MenuItem } from '../../ui/menu.js';
import type { Theme } from '../../ui/theme.js';
import { toolkitButton } from '../../ui/toolkit.js';
import { VirtualRows } from '../../ui/virtualRows.js';
import { chipList, drawChips, shownInWords } from '../frames/chips.js';
import { openHelp } from '../frames/help.js';
import { SearchBar } from '../frames/searchBar.js';
import type { TabContext, TabView } from '../tab.js';
import { nodesOf, type Direction } from './nodes.js';
import { rowElement, rowHeight, rowId } from './rowElement.js';
import { rowItems } from './rowItems.js';
import { rowKey } from './rowKeys.js';
import { TreeRows } from './rows.js';
import { nodeOfSelection } from './selection.js';
import { directions, helpTexts, texts } from './texts.js';

export class CallTreeView implements TabView {
  readonly element: HTMLElement;
  private readonly chips = chipList();
  private readonly empty = el('div', { class: 'muted', role: 'status', hidden: '' });
  private readonly table: HTMLElement;
  private readonly list: VirtualRows;
  private readonly searchBar: SearchBar;
  private direction: Direction;
  private search: string;
  /** 1 for the functions that the search found. */
  private functions: Uint8Array | undefined;
  private rows: TreeRows | undefined;
  /** Node of the row that keys apply to. */
  private active = -1;
  /** Path to the place that the rows are restricted to. */
  private place: readonly FunctionName[] = [];
  /** True while this view itself selects a function. */
  private inside = false;
  private readonly choice = labeledChoice<Direction>(texts.direction, (direction) => {
    this.direction = direction;
    keepFor(this.context.model, 'calltree', { direction });
    this.active = -1;
    this.fill(false);
    this.showSelection();
  });

  constructor(private readonly context: TabContext) {
    const { model } = context;
    const kept = keptBy(model, 'calltree');
    this.direction = oneOf(kept['direction'], ['down', 'up'] as const, 'down');
    this.search = readText(kept['search']);
    this.searchBar = new SearchBar(model, {
      text: () => this.search,
      keep: (search) => {
        this.search = search;
        keepFor(model, 'calltree', { search });
      },
      found: (mask) => {
        const changed = this.functions !== mask;
        this.functions = mask;
        if (!changed || this.rows === undefined) return;
        this.fill(mask === undefined);
        // A long way may lead to it.
        if (mask !== undefined) this.showFirstMatch();
      },
      match: (by) => {
        this.nextMatch(by);
      },
      leave: () => {
        this.table.focus();
      },
    });
    const body = el('tbody', { role: 'rowgroup' });
    const heads = [texts.function, texts.total, texts.self].map((title, i) =>
      el('th', { scope: 'col', role: 'columnheader', class: i === 0 ? '' : 'number' }, title),
    );
    this.table = el(
      'table',
      {
        class: 'grid call-tree',
        role: 'treegrid',
        tabindex: '0',
        'aria-label': texts.title,
        'aria-description': texts.keys,
      },
      el('thead', { role: 'rowgroup' }, el('tr', { role: 'row' }, ...heads)),
      body,
    );
    const box = el('div', { class: 'table-box' }, this.table);
    this.list = new VirtualRows(box, body, rowHeight, (index) => this.row(index));
    this.listen(body);
    const keys = el(
      'button',
      { type: 'button', class: 'tool', title: texts.keysButton, 'aria-label': texts.keysButton },
      '?',
    );
    keys.addEventListener('click', () => {
      this.help();
    });
    this.element = el(
      'section',
      { class: 'hotspots', 'aria-label': texts.title },
      el(
        'div',
        { class: 'toolbar' },
        this.searchBar.element,
        this.choice.element,
        el(
          'span',
          { class: 'buttons' },
          toolkitButton(texts.expand, 'secondary', () => {
            this.expandPath();
          }),
          toolkitButton(texts.collapse, 'secondary', () => {
            this.fill(false);
          }),
          keys,
        ),
      ),
      this.chips,
      this.empty,
      box,
    );
  }

  render(_theme: Theme, changed: ReadonlySet<Change>): void {
    const { model, actions } = this.context;
    const another = changed.has('profile') || this.rows === undefined;
    if (another || changed.has('shown')) {
      // Rows of another profile are other functions.
      if (another) this.rows = undefined;
      this.searchBar.update();
      this.fill();
      drawChips(this.chips, model, () => {
        this.table.focus();
      });
      if (!another) {
        this.keepInSight();
        actions.announce(shownInWords(model));
      }
    }
    if (another || changed.has('selection')) this.showSelection();
    // Also where the tab was hidden when its rows were made.
    if (changed.size > 0) this.draw();
  }

  focusSearch(): void {
    this.searchBar.focus();
  }

  private get tree(): FrameTree {
    return (this.rows as TreeRows).tree;
  }

  /** @param keep whether what is open stays open, as far as it is still there */
  private fill(keep = true): void {
    const { shown } = this.context.model;
    this.choice.show(
      (Object.keys(directions) as Direction[]).map((value) => ({ value, label: directions[value] })),
      this.direction,
    );
    const before = this.rows;
    const rows = new TreeRows(nodesOf(shown.tree, this.direction, this.functions));
    this.rows = rows;
    if (before !== undefined && keep) this.active = rows.openAs(before, this.active, this.wentUp());
    else if (!rows.nodes.includes(this.active)) this.active = -1;
    if (this.active < 0) this.active = rows.nodes[0] ?? -1;
    this.empty.hidden = rows.nodes.length > 0;
    setText(this.empty, this.functions === undefined ? texts.noRows : texts.noMatch);
    this.draw();
  }

  /** The functions above the place that the rows were restricted to until now; none if they weren't, or still are. */
  private wentUp(): number[] {
    const { data, state } = this.context.model;
    const place = this.direction === 'down' ? (state.filters.subtree?.path ?? []) : [];
    const before = this.place;
    this.place = place;
    return place.length === 0 ? before.slice(0, -1).map((name) => data.find(name)) : [];
  }

  private draw(): void {
    const { nodes } = this.rows as TreeRows;
    this.table.setAttribute('aria-rowcount', String(nodes.length));
    this.list.show(nodes.length);
    this.markActive();
  }

  private row(index: number): HTMLElement {
    const { model, actions } = this.context;
    const row = rowElement(model, this.rows as TreeRows, index, (func) => {
      actions.openSource(func);
    });
    this.mark(row);
    return row;
  }

  /** The active row, and others of the selected function. */
  private mark(row: HTMLElement): void {
    const selected = Number(row.dataset['func']) === this.context.model.selectedFunction;
    const active = Number(row.dataset['node']) === this.active;
    row.classList.toggle('active', active);
    row.classList.toggle('same', selected && !active);
    row.setAttribute('aria-selected', String(selected && active));
  }

  private markActive(): void {
    for (const row of this.table.querySelectorAll<HTMLElement>('tr[data-node]')) this.mark(row);
    const row = this.table.querySelector(`#${rowId(this.active)}`);
    if (row) this.table.setAttribute('aria-activedescendant', row.id);
    else this.table.removeAttribute('aria-activedescendant');
  }

  private showFirstMatch(): void {
    const { nodes } = this.rows as TreeRows;
    const first = nodes.findIndex((node) => this.rows?.hit(node));
    if (first >= 0) this.list.reveal(first);
  }

  private goTo(node: number): void {
    this.active = node;
    this.list.reveal(Math.max(0, (this.rows as TreeRows).nodes.indexOf(node)));
    this.markActive();
  }

  private select(node: number): void {
    this.goTo(node);
    const { actions, model } = this.context;
    const path = pathTo(this.tree, node).map((step) => model.stepName(this.tree.func(step)));
    this.inside = true;
    actions.selectFunction(this.tree.func(node), this.direction === 'down' ? path : []);
    this.inside = false;
    this.markActive();
  }

  /** The row of the frame that another view selected, or one that represents its function. */
  private showSelection(): void {
    const { model } = this.context;
    const { rows } = this;
    const func = model.selectedFunction;
    if (rows === undefined || this.inside || func < 0) return;
    const path = model.state.selectedPath;
    if (this.active >= 0 && this.tree.func(this.active) === func && path.length === 0) return;
    const node = nodeOfSelection(model, rows.tree, this.direction);
    if (node <= 0 || !rows.reveal(node)) return;
    this.draw();
    this.goTo(node);
  }

  /** After a filter changed: the row that was selected, or its function's again where it had been filtered out. */
  private keepInSight(): void {
    if (this.active < 0) return;
    if (this.tree.func(this.active) === this.context.model.selectedFunction) this.goTo(this.active);
    else this.showSelection();
  }

  private listen(body: HTMLElement): void {
    body.addEventListener('click', (event) => {
      const node = nodeAt(event.target);
      if (node === undefined) return;
      if (event.target instanceof Element && event.target.closest('.twisty')) this.toggle(node);
      this.select(node);
    });
    body.addEventListener('dblclick', (event) => {
      const node = nodeAt(event.target);
      if (node !== undefined) this.openSource(node);
    });
    body.addEventListener('contextmenu', (event) => {
      const node = nodeAt(event.target);
      if (node === undefined) return;
      event.preventDefault();
      this.select(node);
      this.menu(node, event.clientX, event.clientY);
    });
    this.table.addEventListener('keydown', (event) => {
      if (event.target === this.table && this.rows !== undefined && this.pressed(event))
        event.preventDefault();
    });
  }

  private pressed(event: KeyboardEvent): boolean {
    const { active } = this;
    const rows = this.rows as TreeRows;
    const box = (): DOMRect => (this.table.querySelector('tr.active') ?? this.table).getBoundingClientRect();
    return rowKey(event, rows, active, this.list.page, {
      goTo: (node) => {
        this.select(node);
      },
      toggle: () => {
        this.toggle(active);
      },
      search: () => {
        this.searchBar.focus();
      },
      match: (by) => {
        this.nextMatch(by);
      },
      help: () => {
        this.help();
      },
      clear: () => {
        this.context.model.clearFilters();
      },
      menu: () => {
        this.menu(active, box().left + 40, box().bottom);
      },
      items: () => this.items(active),
    });
  }

  private items(node: number): MenuItem[] {
    return rowItems(this.context, this.rows as TreeRows, node, this.direction, {
      expandPath: () => {
        this.expandPath();
      },
      opened: () => {
        this.draw();
      },
    });
  }

  private menu(node: number, x: number, y: number): void {
    openMenu(this.context.model.functionName(this.tree.func(node)), this.items(node), x, y, () => {
      this.table.focus();
    });
  }

  private help(): void {
    openHelp(helpTexts.title, helpTexts.keys, () => {
      this.table.focus();
    });
  }

  private openSource(node: number): void {
    this.context.actions.openSource(this.tree.func(node));
  }

  private toggle(node: number): void {
    const rows = this.rows as TreeRows;
    if (rows.isOpen(node)) rows.close(node);
    else rows.open(node);
    this.draw();
  }

  /** From the active row on. */
  private expandPath(): void {
    if (this.active < 0) return;
    const end = (this.rows as TreeRows).openHeavyPath(this.active);
    this.draw();
    this.select(end);
    this.table.focus();
  }

  private nextMatch(by: 1 | -1): void {
    const { nodes } = this.rows as TreeRows;
    const { length } = nodes;
    const from = nodes.indexOf(this.active);
    for (let i = 1; i <= length; i++) {
      const node = nodes[(from + by * i + length * 2) % length] as number;
      if (!this.rows?.hit(node)) continue;
      this.select(node);
      return;
    }
    this.context.actions.announce(texts.noVisibleMatch);
  }
}

function nodeAt(target: EventTarget | null): number | undefined {
  if (!(target instanceof Element) || target.closest('button')) return undefined;
  const row = target.closest<HTMLElement>('tr[data-node]');
  return row ? Number(row.dataset['node']) : undefined;
}
