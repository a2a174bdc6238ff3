/** A function's row in a table: name, self, total, the table's own cells, source. */
import type { Actions } from '../actions.js';
import { el, linkButton } from '../../ui/dom.js';
import { percent, percentDigits, place } from '../../text/format.js';
import type { PanelModel } from '../../store/panelModel.js';

export function functionRow(
  model: PanelModel,
  actions: Actions,
  func: number,
  { selected, cells = [] }: { selected: boolean; cells?: readonly HTMLElement[] },
): HTMLElement {
  const name = model.functionName(func);
  const { costs } = model;
  const self = model.share(costs.self[func] ?? 0);
  const total = model.share(costs.total[func] ?? 0);
  const where = model.data.definition(func);
  const show = linkButton(name, `Show ${model.data.fullName(func)} in the flame graph`, () => {
    actions.showInFlameGraph(func);
  });
  show.tabIndex = -1;
  const source = el('td', { role: 'gridcell', class: 'place' });
  if (where !== undefined) {
    const button = linkButton(place(where.file, where.line), `Go to source: ${where.file}`, () => {
      actions.openSource(func);
    });
    button.tabIndex = -1;
    source.append(button);
  }
  return el(
    'tr',
    {
      role: 'row',
      class: 'function',
      tabindex: '-1',
      'aria-selected': String(selected),
      'data-func': String(func),
      'data-function': name,
      'data-self-percent': percentDigits(self),
      'data-total-percent': percentDigits(total),
    },
    el('td', { role: 'gridcell', class: 'name' }, show),
    el('td', { role: 'gridcell', class: 'number' }, percent(self)),
    el('td', { role: 'gridcell', class: 'number' }, percent(total)),
    ...cells,
    source,
  );
}
