/** A row of the call tree as an element. */
import type { PanelModel } from '../../store/panelModel.js';
import { place } from '../../text/places.js';
import { plainPercent } from '../../text/plainPercent.js';
import { el, linkButton } from '../../ui/dom.js';
import { goToSource } from '../texts.js';
import type { TreeRows } from './rows.js';
import { texts } from './texts.js';

/** In pixels, as the style sheet has it. */
export const rowHeight = 22;

export function rowId(node: number): string {
  return `call-tree-${String(node)}`;
}

export function rowElement(
  model: PanelModel,
  rows: TreeRows,
  index: number,
  openSource: (func: number) => void,
): HTMLElement {
  const { tree } = rows;
  const node = rows.nodes[index] as number;
  const func = tree.func(node);
  const level = tree.depth(node);
  const name = model.functionName(func);
  const cell = el('td', { role: 'gridcell', class: 'name', title: model.data.fullName(func) });
  const line = el(
    'div',
    {},
    el('span', { class: 'twisty', 'aria-hidden': 'true' }),
    el(rows.hit(node) ? 'mark' : 'span', { class: 'function' }, name),
  );
  // Deep levels stand below one another, so that names stay in view, also in a narrow panel.
  line.style.paddingLeft = `min(${String(level - 1)}em, max(6em, 100vw - 34em))`;
  if (tree.inlined(node)) line.append(el('span', { class: 'muted' }, texts.inlined));
  const where = model.data.definition(func);
  if (where !== undefined) {
    const source = linkButton(place(where.file, where.line), goToSource(where.file), () => {
      openSource(func);
    });
    source.tabIndex = -1;
    line.append(source);
  }
  cell.append(line);
  const row = el(
    'tr',
    {
      role: 'row',
      id: rowId(node),
      'aria-level': String(level),
      'aria-rowindex': String(index + 1),
      'data-node': String(node),
      'data-func': String(func),
      'data-function': name,
      'data-total-percent': plainPercent(model.shown.share(tree.total(node))),
    },
    cell,
    el('td', { role: 'gridcell', class: 'number' }, model.shown.shareText(tree.total(node))),
    el('td', { role: 'gridcell', class: 'number' }, model.shown.shareText(rows.self(node))),
  );
  if (rows.canOpen(node)) row.setAttribute('aria-expanded', String(rows.isOpen(node)));
  return row;
}
