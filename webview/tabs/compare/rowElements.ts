/** The rows of the comparison's table as elements. */
import type { Actions } from '../actions.js';
import { el, linkButton } from '../../ui/dom.js';
import { partOf } from '../../comparison/pair.js';
import type { Comparison } from '../../comparison/runs.js';
import { intervalOfDifference, onlyText, verdictText } from '../../comparison/texts.js';
import { showInFlameGraph } from '../texts.js';
import { nameOf } from './frameTexts.js';
import { onlySide } from './rows.js';
import { falseDiscoveryRate, samplesChange } from './texts.js';

/** @param i aligned index, or one more for samples without a function */
export function diffRowElement(comparison: Comparison, i: number, actions: Actions): HTMLElement {
  const { diff, format, formatDelta } = comparison;
  const { self, functions } = diff;
  const name = nameOf(comparison, i);
  const func = functions.b[i] ?? -1;
  const only = i < functions.length ? onlySide(diff, i) : '';
  const part = partOf(self, diff.a, diff.b, i);
  const { verdict } = part;
  const shown =
    func < 0
      ? el('span', {}, name)
      : linkButton(name, showInFlameGraph(name), () => {
          actions.showInFlameGraph(func);
        });
  if (shown instanceof HTMLButtonElement) shown.tabIndex = -1;
  return el(
    'tr',
    {
      role: 'row',
      class: verdict === 0 ? 'function noise' : 'function',
      tabindex: '-1',
      'data-function': name,
      'data-verdict': String(verdict),
      ...(func < 0 ? {} : { 'data-func': String(func) }),
    },
    el(
      'td',
      { role: 'gridcell', class: 'name' },
      shown,
      only === '' ? '' : el('span', { class: 'badge' }, onlyText(only)),
    ),
    number(format(part.a)),
    number(format(part.b)),
    number(formatDelta(part.difference.value)),
    number(intervalOfDifference(part.difference, format)),
    number(samplesChange(self.samplesA[i] ?? 0, self.samplesB[i] ?? 0)),
    el('td', { role: 'gridcell', title: falseDiscoveryRate(self.q[i] ?? 1) }, verdictText(verdict)),
  );
}

export function headCell(name: string, column: number): HTMLElement {
  return el(
    'th',
    { scope: 'col', role: 'columnheader', class: column > 0 && column < 6 ? 'number' : '' },
    name,
  );
}

export function number(text: string): HTMLElement {
  return el('td', { role: 'gridcell', class: 'number' }, text);
}
