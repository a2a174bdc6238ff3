/** A function's row in a table: name, self, total, the table's own cells, source. */
import type { Actions } from '../actions.js';
import { goToSource, showInFlameGraph } from '../texts.js';
import { el, linkButton } from '../../ui/dom.js';
import { texts } from './texts.js';
import { plainPercent } from '../../text/plainPercent.js';
import { place } from '../../text/places.js';
import type { PanelModel } from '../../store/panelModel.js';

export function functionRow(
  model: PanelModel,
  actions: Actions,
  func: number,
  { selected, cells = [] }: { selected: boolean; cells?: readonly HTMLElement[] },
): HTMLElement {
  const name = model.functionName(func);
  const { costs } = model.shown;
  const self = model.shown.share(costs.self[func] ?? 0);
  const total = model.shown.share(costs.total[func] ?? 0);
  const where = model.data.definition(func);
  const show = linkButton(name, showInFlameGraph(model.data.fullName(func)), () => {
    actions.showInFlameGraph(func);
  });
  show.tabIndex = -1;
  const source = el('td', { role: 'gridcell', class: 'place' });
  if (where === undefined) source.append(el('span', { class: 'muted' }, texts.noSource));
  else {
    const button = linkButton(place(where.file, where.line), goToSource(where.file), () => {
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
      'data-self-percent': plainPercent(self),
      'data-total-percent': plainPercent(total),
    },
    el('td', { role: 'gridcell', class: 'name' }, show),
    el('td', { role: 'gridcell', class: 'number' }, model.shown.shareText(costs.self[func] ?? 0)),
    el('td', { role: 'gridcell', class: 'number' }, model.shown.shareText(costs.total[func] ?? 0)),
    ...cells,
    source,
  );
}
