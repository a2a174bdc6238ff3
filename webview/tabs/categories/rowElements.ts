/** The rows of the categories' table as elements. */
import type { Actions } from '../actions.js';
import { el, linkButton, swatch } from '../../ui/dom.js';
import { plainPercent } from '../../text/plainPercent.js';
import type { PanelModel } from '../../store/panelModel.js';
import { showFunctionsOf, showMore } from './texts.js';
import { goToSource, showInFlameGraph } from '../texts.js';
import type { Cell, CategoryRow, FunctionRow, LineRow } from './tableModel.js';

export function categoryElement(
  model: PanelModel,
  row: CategoryRow,
  index: number,
  toggle: () => void,
): HTMLElement {
  const { name } = row;
  return el(
    'tr',
    {
      role: 'row',
      class: 'category',
      tabindex: '-1',
      'aria-level': '1',
      'aria-expanded': 'false',
      'data-category': name,
      'data-self-percent': plainPercent(row.self),
      'data-row': String(index),
    },
    el(
      'td',
      { role: 'gridcell' },
      el(
        'div',
        { class: 'category-head' },
        twisty(toggle),
        swatch(row.category, model.profile.categories.length),
        el(
          'span',
          {},
          inner(linkButton(name, showFunctionsOf(name), toggle)),
          el('span', { class: 'muted' }, row.badge === '' ? '' : ` ${row.badge}`),
        ),
      ),
    ),
    ...row.cells.map((cell) => cellElement(cell)),
  );
}

export function functionElement(
  row: FunctionRow,
  actions: Actions,
  selected: number,
  toggle: () => void,
): HTMLElement {
  const { name, func, fullName } = row;
  const title = func < 0 ? fullName : showInFlameGraph(fullName);
  const label =
    func < 0
      ? el('span', { title }, name)
      : inner(
          linkButton(name, title, () => {
            actions.showInFlameGraph(func);
          }),
        );
  return el(
    'tr',
    {
      role: 'row',
      class: 'function',
      tabindex: '-1',
      'aria-level': '2',
      'aria-expanded': 'false',
      'aria-selected': String(func >= 0 && func === selected),
      ...(func < 0 ? {} : { 'data-func': String(func) }),
      'data-function': name,
      'data-self-percent': plainPercent(row.self),
      'data-total-percent': plainPercent(row.total),
    },
    el(
      'td',
      { role: 'gridcell', class: 'name' },
      el(
        'div',
        { class: 'category-head' },
        twisty(toggle),
        el('span', {}, label, row.badge === '' ? '' : el('span', { class: 'badge' }, row.badge)),
      ),
    ),
    ...row.cells.map((cell) => cellElement(cell, actions, func)),
  );
}

export function lineElement(row: LineRow, { func }: FunctionRow, actions: Actions): HTMLElement {
  const { place, label } = row;
  const name =
    place === undefined
      ? el('span', { class: 'muted' }, label)
      : inner(
          linkButton(label, goToSource(place.file), () => {
            actions.openSource(func, place);
          }),
        );
  return el(
    'tr',
    { role: 'row', class: 'line', tabindex: '-1', 'aria-level': '3', 'data-line': label },
    el('td', { role: 'gridcell', class: 'name' }, name),
    ...row.cells.map((cell) => cellElement(cell)),
  );
}

export function moreElement(count: number, columns: number, act: () => void): HTMLElement {
  const row = el('tr', { role: 'row', class: 'more' });
  const button = linkButton(showMore(count), '', () => {
    row.remove();
    act();
  });
  row.append(el('td', { role: 'gridcell', colspan: String(columns) }, button));
  return row;
}

export function footerElement(label: string, cells: readonly Cell[]): HTMLElement {
  return el(
    'tr',
    { role: 'row' },
    el('th', { scope: 'row', role: 'rowheader' }, label),
    ...cells.map((cell) => cellElement(cell)),
  );
}

function cellElement({ text, number, place }: Cell, actions?: Actions, func = -1): HTMLElement {
  const attributes = { role: 'gridcell', class: number ? 'number' : place === undefined ? '' : 'place' };
  if (place === undefined || actions === undefined) return el('td', attributes, text);
  const button = linkButton(text, goToSource(place.file), () => {
    actions.openSource(func);
  });
  return el('td', attributes, inner(button));
}

/** Rows are in the tab order, their contents are not: keys of the row do the same. */
function inner(button: HTMLButtonElement): HTMLButtonElement {
  button.tabIndex = -1;
  return button;
}

function twisty(toggle: () => void): HTMLElement {
  const element = el('span', { class: 'twisty', 'aria-hidden': 'true' });
  element.addEventListener('click', toggle);
  return element;
}
